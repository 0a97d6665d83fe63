import type { Queries } from '../../store/queries.ts';
import { Conditions, inScope, type SpendScope } from '../spend-filter.ts';
import { sumsTable } from './tables.ts';
import { TOTALS, totalsOf, type Totals, type TotalsRow } from './totals.ts';

/** Sums of one model at one provider under one public name. */
export interface ModelSum {
  readonly modelGroup: string;
  /** The provider's name. */
  readonly model: string;
  readonly provider: string;
  readonly totals: Totals;
}

interface Names extends Record<string, unknown> {
  readonly group: string;
  readonly model: string;
  readonly provider: string;
}

/** Dearest first. @param since milliseconds since 1970, at a full quarter of an hour, not longer ago than quarters are kept */
export async function modelSums(queries: Queries, since: number, scope: SpendScope): Promise<ModelSum[]> {
  const { where, values } = inScope(new Conditions(), scope).add(since, (at) => `quarter >= to_timestamp(${at}::float8 / 1000)`);
  const rows = await queries.query<TotalsRow & Names>(
    `select model_group as group, model, custom_llm_provider as provider, ${TOTALS}
     from ${sumsTable('quarter', scope)} ${where} group by 1, 2, 3 order by sum(spend) desc, sum(requests) desc, 1, 2, 3`,
    values,
  );
  return rows.map(({ group: modelGroup, model, provider, ...sums }) => ({ modelGroup, model, provider, totals: totalsOf(sums) }));
}
