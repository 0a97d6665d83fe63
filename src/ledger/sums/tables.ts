import type { SpendScope } from '../spend-filter.ts';

/** Where sums of a span of time stand. */
export type SumSpan = 'quarter' | 'day';

const WITH_PARTIES = { quarter: 'gateway.spend_quarters', day: 'gateway.daily_spend' } as const satisfies Record<SumSpan, string>;
const WITHOUT = { quarter: 'gateway.quarter_totals', day: 'gateway.daily_totals' } as const satisfies Record<SumSpan, string>;

/**
 * The table of sums for a question. Where neither keys nor people narrow it or are told apart, the sums without them answer it: they
 * are a few lines a day, however many keys there are.
 *
 * @param tellsApart whether the answer tells keys, people, teams, organizations or end users apart
 */
export function sumsTable(span: SumSpan, { apiKey, userId }: SpendScope, tellsApart = false): string {
  return apiKey === null && userId === null && !tellsApart ? WITHOUT[span] : WITH_PARTIES[span];
}
