import type { Queries } from './queries.ts';

/**
 * Makes the monthly partitions of `spend_logs` for the month of `now` and the next ones. Call it at start and once a day; rows
 * of a month without a partition are safe in the default partition and move when theirs is made.
 *
 * @param now milliseconds since 1970
 * @returns how many were made
 * @throws {DatabaseError}
 */
export async function makeSpendPartitions(queries: Queries, now: number, months = 3): Promise<number> {
  const [row] = await queries.query<{ readonly made: number }>('select gateway.make_spend_partitions($1, $2) as made', [
    new Date(now),
    months,
  ]);
  return row?.made ?? 0;
}
