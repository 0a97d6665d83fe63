import { expect } from 'vitest';

/** Runs SQL and gives the rows. */
export type Ask = <Row>(sql: string, values?: unknown[]) => Promise<Row[]>;

export interface BookedCall {
  readonly call_id: string;
  readonly api_key: string;
  readonly spend: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly status: string;
  readonly model_group: string;
  /** Its marks (ruling M6). */
  readonly estimated: boolean;
  readonly recovered: boolean;
}

/** All spend rows, by the id that their client gave. @throws when an id has two */
export async function bookedCalls(ask: Ask): Promise<Map<string, BookedCall>> {
  const rows = await ask<BookedCall>(
    "select call_id, api_key, trim_scale(spend)::text as spend, prompt_tokens::int as prompt_tokens, completion_tokens::int as completion_tokens, status, model_group, metadata->'usage_estimated' is not null as estimated, metadata->'recovered' is not null as recovered from gateway.spend_logs",
  );
  const byId = new Map(rows.map((row) => [row.call_id, row]));
  expect(byId.size, 'each call has one row').toBe(rows.length);
  return byId;
}

/** Every fold of the rows that the database keeps, and the fold made anew (invariant I3), as `account: dollars`. */
const FOLDS = {
  balances: `select account as name, trim_scale(total)::text as spend from gateway.balances where account = 'global' or account ~ '^key:[0-9a-f]+$'`,
  quarters: foldOf('gateway.spend_quarters'),
  days: foldOf('gateway.daily_spend'),
  rows: foldOf('gateway.spend_logs'),
};

function foldOf(table: string): string {
  return `select 'key:' || api_key as name, trim_scale(sum(spend))::text as spend from ${table} group by 1 union all select 'global', coalesce(trim_scale(sum(spend)), 0)::text from ${table}`;
}

/**
 * Checks that balances, quarter-hours and days, with keys and without, are what their rows add up to, to the last digit, and so are
 * counts.
 *
 * @returns what each account spent, as decimal text
 */
export async function auditFolds(ask: Ask): Promise<Map<string, string>> {
  const fold = async (sql: string) =>
    Object.fromEntries((await ask<{ name: string; spend: string }>(sql)).map(({ name, spend }) => [name, spend]));
  const rows = await fold(FOLDS.rows);
  expect(await fold(FOLDS.quarters), 'quarter-hours').toEqual(rows);
  expect(await fold(FOLDS.days), 'days').toEqual(rows);
  expect(await fold(FOLDS.balances), 'balances').toEqual(rows);
  const counts = (table: string, count: string, success: string) =>
    ask(
      `select sum(prompt_tokens)::text as prompt, sum(completion_tokens)::text as completion, ${count}::text as calls, ${success}::text as good from ${table}`,
    );
  const counted = await counts('gateway.spend_logs', 'count(*)', `count(*) filter (where status = 'success')`);
  expect(await counts('gateway.spend_quarters', 'sum(requests)', 'sum(successes)')).toEqual(counted);
  expect(await counts('gateway.daily_spend', 'sum(requests)', 'sum(successes)')).toEqual(counted);
  for (const table of ['gateway.quarter_totals', 'gateway.daily_totals']) {
    expect(await counts(table, 'sum(requests)', 'sum(successes)'), table).toEqual(counted);
    const [spent] = await ask<{ spend: string }>(`select coalesce(trim_scale(sum(spend)), 0)::text as spend from ${table}`);
    expect(spent?.spend, table).toBe(rows['global']);
  }
  return new Map(Object.entries(rows));
}

/** Dollars of a number of tokens at prices in whole femto-dollars: the arithmetic of the oracle, none of the product's. */
export function dollars(promptTokens: number, promptPrice: bigint, outputTokens: number, outputPrice: bigint): string {
  const units = (BigInt(promptTokens) * promptPrice + BigInt(outputTokens) * outputPrice).toString().padStart(16, '0');
  return `${units.slice(0, -15)}.${units.slice(-15)}`.replace(/\.?0+$/, '');
}
