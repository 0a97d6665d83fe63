import { ModelInfoPageQuery, type ModelSort } from '../contract/model-info.ts';
import { readQueryAs } from '../contract/query.ts';
import { numberOf } from '../core/exact-json.ts';
import { wordOf, type JsonObject } from '../core/json-object.ts';

/** A deployment as `/model/info` shows it. */
export interface InfoRow extends JsonObject {
  readonly model_name: string;
  readonly litellm_params: JsonObject;
  readonly model_info: JsonObject;
}

/** One page of `/v2/model/info`. @throws {BadRequestError} for a query that cannot be answered */
export function modelInfoPage(all: readonly InfoRow[], queryText: string): JsonObject {
  const query = readQueryAs(ModelInfoPageQuery, queryText);
  const found = withPlaces(all).filter(fits(query));
  const sorted = inOrder(found, query.sort_by ?? query.sortBy ?? null, query.sort_order ?? query.sortOrder ?? 'asc');
  const { page, size } = query;
  return {
    data: sorted.slice((page - 1) * size, page * size),
    total_count: found.length,
    current_page: page,
    total_pages: Math.ceil(found.length / size),
    size,
    providers: providersOf(all),
  };
}

type Placed = InfoRow & { readonly place: { readonly position: number; readonly of: number } };

/** Each row with its place among those of its name. */
function withPlaces(rows: readonly InfoRow[]): Placed[] {
  const sizes = countsOf(rows, (row) => row.model_name);
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const position = (seen.get(row.model_name) ?? 0) + 1;
    seen.set(row.model_name, position);
    return { ...row, place: { position, of: sizes.get(row.model_name) ?? 1 } };
  });
}

function fits(query: ModelInfoPageQuery): (row: InfoRow) => boolean {
  const id = query.model_id ?? query.modelId;
  const name = query.model ?? query.model_name;
  const search = (query.search ?? '').toLowerCase();
  return (row) =>
    (id === undefined || row.model_info['id'] === id) &&
    (name === undefined || row.model_name === name) &&
    (query.provider === undefined || providerOf(row) === query.provider) &&
    [row.model_name, wordOf(row.litellm_params['model']), wordOf(row.model_info['id'])].some((text) => text.toLowerCase().includes(search));
}

const providerOf = (row: InfoRow): string => wordOf(row.model_info['litellm_provider']);

/** What rows are put in order by: text, or a number with those that have none at the end of the smallest. */
const VALUES: Readonly<Record<ModelSort, (row: InfoRow) => string | number>> = {
  model_name: (row) => row.model_name,
  provider: providerOf,
  created_at: (row) => wordOf(row.model_info['created_at']),
  updated_at: (row) => wordOf(row.model_info['updated_at']),
  costs: (row) => numberOf(row.model_info['input_cost_per_token']) ?? 0,
  output_costs: (row) => numberOf(row.model_info['output_cost_per_token']) ?? 0,
  context: (row) => numberOf(row.model_info['max_input_tokens']) ?? 0,
  status: (row) => String(row.model_info['db_model'] === true),
};

function inOrder(rows: readonly Placed[], by: ModelSort | null, order: 'asc' | 'desc'): readonly Placed[] {
  if (by === null) return rows;
  const value = VALUES[by];
  const sign = order === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => (value(a) < value(b) ? -sign : value(a) > value(b) ? sign : 0));
}

function providersOf(rows: readonly InfoRow[]): { provider: string; deployments: number }[] {
  return [...countsOf(rows, providerOf)]
    .map(([provider, deployments]) => ({ provider, deployments }))
    .toSorted((a, b) => (a.provider < b.provider ? -1 : 1));
}

function countsOf(rows: readonly InfoRow[], keyOf: (row: InfoRow) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return counts;
}
