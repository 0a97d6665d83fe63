import type { Queries } from '../../store/queries.ts';
import { Conditions, inScope, type SpendScope } from '../spend-filter.ts';
import { sumsTable } from './tables.ts';
import { TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.ts';

/** Columns that tell keys, teams or end users apart. */
const PARTIES = ['api_key', 'team_id', 'end_user'] as const;

/** Columns of the daily sums that they are grouped by. */
export type SumColumn = (typeof PARTIES)[number] | 'day' | 'model' | 'model_group' | 'custom_llm_provider';

/** Whose sums alone are asked for; null: everybody's. */
export interface SumParty {
  readonly teamId: string | null;
  readonly endUser: string | null;
}

export interface GroupsAsked<Column extends SumColumn> {
  readonly by: readonly Column[];
  /** Days in UTC, both included, `YYYY-MM-DD`. */
  readonly first: string;
  readonly last: string;
  readonly scope: SpendScope;
  readonly only?: SumParty;
  /** The dearest groups; null: all, day by day where days are told apart. */
  readonly dearest: number | null;
}

export type Group<Column extends SumColumn> = Readonly<Record<Column, string>> & { readonly totals: Totals };

/** Daily sums, added up by some of their columns. */
export async function groupedSums<Column extends SumColumn>(
  queries: Queries,
  { by, first, last, scope, only, dearest }: GroupsAsked<Column>,
): Promise<Group<Column>[]> {
  const { where, values } = inScope(new Conditions(), scope)
    .add(first, (day) => `day >= ${day}::date`)
    .add(last, (day) => `day <= ${day}::date`)
    .addKnown(only?.teamId ?? null, (id) => `team_id = ${id}`)
    .addKnown(only?.endUser ?? null, (id) => `end_user = ${id}`);
  const tellsApart = PARTIES.some((party) => by.some((column) => column === party));
  const table = sumsTable('day', scope, tellsApart || (only?.teamId ?? only?.endUser ?? null) !== null);
  const columns = by.map((column) => (column === 'day' ? 'day::text as day' : column)).join(', ');
  const order = dearest === null ? by.join(', ') : `sum(spend) desc, ${by.join(', ')} limit ${dearest}`;
  const rows = await queries.query<TotalsRow & Record<string, unknown>>(
    `select ${columns}, ${TOTALS} from ${table} ${where} group by ${by.join(', ')} order by ${order}`,
    values,
  );
  return rows.map((row) => {
    const names = Object.fromEntries(by.map((column) => [column, row[column]]));
    return { ...names, totals: totalsOf(row) } as Group<Column>;
  });
}
