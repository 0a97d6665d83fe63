import type { Summary } from '../../../../src/contract/panel/summary.ts';
import type { ProviderState } from '../../api/overview.ts';
import { budgetOf, recentPace } from './budget-of.ts';
import { usedUpAt } from './forecast.ts';

type ProviderDay = Summary['last_24_hours']['providers'][number];
type Hour = ProviderDay['hours'][number];

export type Health = 'unknown' | 'good' | 'unsteady' | 'paused' | 'down';

/** Hours that say how a provider is now, where its state is not known. */
const NOW_HOURS = 2;

const sum = (hours: readonly Hour[]) =>
  hours.reduce((all, { requests, failed }) => ({ requests: all.requests + requests, failed: all.failed + failed }), {
    requests: 0,
    failed: 0,
  });

const HEALTH_OF_STATE = { ok: 'good', degraded: 'unsteady', cooldown: 'paused', down: 'down', unknown: null } as const;

/** How a provider is: what the router knows of it since it started, else what its calls of the last two hours say. */
export function healthOf({ hours }: ProviderDay, state?: ProviderState): Health {
  const known = state ? HEALTH_OF_STATE[state.state] : null;
  if (known) return known;
  const last = hours.findLastIndex(({ requests }) => requests > 0);
  if (last < 0) return 'unknown';
  const { requests, failed } = sum(hours.slice(Math.max(0, last - NOW_HOURS + 1), last + 1));
  if (failed >= requests / 2) return 'down';
  return failed >= requests / 20 ? 'unsteady' : 'good';
}

export type Problem =
  | { readonly is: 'provider-down'; readonly provider: string; readonly failed: number; readonly reason: string | null }
  | { readonly is: 'file'; readonly refused: boolean; readonly faults: NonNullable<Summary['configuration']>['faults'] }
  | { readonly is: 'budget'; readonly share: number; readonly left: number; readonly resets: number; readonly usedUp: number | null };

/** What stands above everything: a file that does not act, who does not answer, and a budget that is nearly gone. */
export function problemsOf(summary: Summary, states: readonly ProviderState[], now: number): Problem[] {
  const { faults = [], refused = false } = summary.configuration ?? {};
  const file: Problem[] = faults.length > 0 ? [{ is: 'file', refused, faults }] : [];
  const down = summary.last_24_hours.providers.flatMap((day): Problem[] => {
    const state = states.find(({ id }) => id === day.provider);
    const { failed } = sum(day.hours.slice(-NOW_HOURS));
    // One call that failed is no outage.
    if (healthOf(day, state) !== 'down' || failed < 2) return [];
    return [{ is: 'provider-down', provider: day.provider, failed, reason: state?.reason ?? null }];
  });
  const budget = budgetOf(summary);
  if (budget.limit === null || budget.spend < budget.limit * 0.8) return [...file, ...down];
  const usedUp = usedUpAt(budget, recentPace(summary), now);
  return [
    ...file,
    ...down,
    { is: 'budget', share: budget.spend / budget.limit, left: Math.max(0, budget.limit - budget.spend), resets: budget.end, usedUp },
  ];
}
