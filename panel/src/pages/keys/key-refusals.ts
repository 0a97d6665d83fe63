import type { KeyUse } from '../../../../src/contract/panel/key.ts';
import type { Key } from '../../api/keys.ts';
import { personName } from '../../api/people.ts';
import { money } from '../../format/money.ts';
import { dateTime, day } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { budgetsOf, isExpired, shareOf, type BudgetView } from './key-facts.ts';
import { resetDay } from './budget-period.ts';

/** Why calls are refused now, and what to do. */
export interface Refusal {
  readonly kind: 'blocked' | 'expired' | 'budget' | 'model' | 'person';
  readonly heading: string;
  readonly text: string;
}

/** Everything that refuses calls of the key at this moment. */
export function refusalsOf(key: Key, use: KeyUse | undefined, now = Date.now()): Refusal[] {
  const all: Refusal[] = [];
  if (key.blocked === true) all.push({ kind: 'blocked', heading: t('keys.refused.all'), text: t('keys.refused.blocked') });
  if (isExpired(key, now))
    all.push({ kind: 'expired', heading: t('keys.refused.all'), text: t('keys.refused.expired', { day: day(key.expires ?? now, now) }) });
  for (const budget of budgetsOf(key, now).filter((one) => shareOf(one) >= 1))
    all.push({
      kind: 'budget',
      heading: t('keys.refused.paid'),
      text: usedUp(t('keys.refused.budget', { limit: money(budget.limit) }), budget, now),
    });
  for (const { model, ...budget } of use?.model_budgets ?? []) {
    if (budget.limit === null || budget.spend < budget.limit) continue;
    const text = t('keys.refused.model_budget', { model, limit: money(budget.limit) });
    all.push({ kind: 'model', heading: t('keys.refused.model', { model }), text: usedUp(text, viewOf(budget), now) });
  }
  const person = use?.person;
  const theirs = person?.budget;
  if (person && theirs && theirs.limit !== null && theirs.spend >= theirs.limit) {
    const text = t('keys.refused.person', { person: personName(person), limit: money(theirs.limit) });
    all.push({ kind: 'person', heading: t('keys.refused.paid'), text: usedUp(text, viewOf(theirs), now) });
  }
  return all;
}

const viewOf = ({ spend, limit, duration, resets_at: resetsAt }: KeyUse['budget']): BudgetView => ({
  spend,
  limit: limit ?? 0,
  duration,
  resetsAt,
});

function usedUp(text: string, { resetsAt, duration }: BudgetView, now: number): string {
  if (resetsAt === null) return `${text} ${t('keys.refused.never_again')}`;
  const soon = Date.parse(resetsAt) - now < 86_400_000;
  return `${text} ${t('keys.refused.again', { time: soon ? dateTime(resetsAt) : resetDay(resetsAt, duration, now) })}`;
}
