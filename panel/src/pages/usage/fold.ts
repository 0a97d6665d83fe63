import type { Metrics, UsageDay } from '../../api/usage.ts';

export const GROUPS = ['model', 'provider', 'key', 'person', 'day', 'call'] as const;
export type GroupBy = (typeof GROUPS)[number];
/** What single calls are told apart by. */
export type Dimension = Exclude<GroupBy, 'day' | 'call'>;

export const MEASURES = ['spend', 'tokens', 'requests', 'errors'] as const;
export type Measure = (typeof MEASURES)[number];

/** One row of the table: what was used of one model, by one key, on one day. */
export interface Group {
  readonly id: string;
  /** As the server knows it; null: it is only known by its id. */
  readonly name: string | null;
  readonly metrics: Metrics;
}

export const NOTHING: Metrics = {
  spend: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
  total_tokens: 0,
  successful_requests: 0,
  failed_requests: 0,
  api_requests: 0,
};

const NAMES = Object.keys(NOTHING) as (keyof Metrics)[];

export function added(a: Metrics, b: Metrics): Metrics {
  return Object.fromEntries(NAMES.map((name) => [name, a[name] + b[name]])) as Metrics;
}

export function measured(metrics: Metrics, measure: Measure): number {
  switch (measure) {
    case 'spend':
      return metrics.spend;
    case 'tokens':
      return metrics.total_tokens;
    case 'requests':
      return metrics.api_requests;
    case 'errors':
      return metrics.failed_requests;
  }
}

interface Entry {
  readonly metrics: Metrics;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const BREAKDOWNS = { model: 'model_groups', provider: 'providers', key: 'api_keys', person: 'entities' } as const satisfies Record<
  Dimension,
  keyof UsageDay['breakdown']
>;

export function entriesOf({ breakdown }: UsageDay, by: Dimension): Readonly<Record<string, Entry>> {
  return breakdown[BREAKDOWNS[by]];
}

/** Sums over days, by model, provider, key or person, or by the day itself. */
export function groupsOf(days: readonly UsageDay[], by: Dimension | 'day'): Group[] {
  if (by === 'day') return days.map(({ date, metrics }) => ({ id: date, name: null, metrics }));
  const groups = new Map<string, Group>();
  for (const day of days) {
    for (const [id, { metrics, metadata }] of Object.entries(entriesOf(day, by))) {
      const known = groups.get(id);
      const alias = metadata['key_alias'] ?? metadata['user_alias'];
      groups.set(id, {
        id,
        name: known?.name ?? (typeof alias === 'string' && alias !== '' ? alias : null),
        metrics: known ? added(known.metrics, metrics) : metrics,
      });
    }
  }
  return [...groups.values()];
}

export function totalOf(days: readonly UsageDay[]): Metrics {
  return days.reduce((sum, { metrics }) => added(sum, metrics), NOTHING);
}
