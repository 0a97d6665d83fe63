import { z } from 'zod';
import { Free } from './body.ts';
import { Page, pageSize } from './query.ts';

export const MODEL_SORTS = ['model_name', 'provider', 'created_at', 'updated_at', 'costs', 'output_costs', 'context', 'status'] as const;
export type ModelSort = (typeof MODEL_SORTS)[number];

const name = (what: string) => z.string().optional().describe(what);
const sort = z.enum(MODEL_SORTS, `must be one of ${MODEL_SORTS.join(', ')}`).optional();
const order = z.enum(['asc', 'desc'], 'must be asc or desc').optional();

/** `GET /v2/model/info` (data-plane 9.2); camelCase names are those of older clients. */
export const ModelInfoPageQuery = z.object({
  search: name("Text that stands in the name, in the provider's name of the model, or in the id."),
  model: name('Public name, as a whole.'),
  model_name: name('The same as `model`.'),
  provider: name('Provider id, such as `openai`.'),
  model_id: name('One deployment.'),
  modelId: name('The same as `model_id`.'),
  sort_by: sort,
  sortBy: sort,
  sort_order: order,
  sortOrder: order,
  page: Page,
  size: pageSize(50, 1000),
});
export type ModelInfoPageQuery = z.infer<typeof ModelInfoPageQuery>;

/** A deployment as lists show it. */
export const ModelInfoRow = z.object({
  model_name: z.string(),
  litellm_params: Free.describe('Without secrets.'),
  model_info: Free.describe('Id, provider, sizes, prices and abilities; what is not known is null.'),
  place: z
    .object({ position: z.int(), of: z.int() })
    .describe('Which of the deployments of this name it is, in the order of their table; `of` is 1 for a name of its own.'),
});
export type ModelInfoRow = z.infer<typeof ModelInfoRow>;

/** Answer of `GET /v2/model/info`. */
export const ModelInfoPage = z.object({
  data: z.array(ModelInfoRow),
  total_count: z.int(),
  current_page: z.int(),
  total_pages: z.int(),
  size: z.int(),
  providers: z
    .array(z.object({ provider: z.string(), deployments: z.int() }))
    .describe('Of all deployments that the caller may use, whatever was searched for; by provider id.'),
});
export type ModelInfoPage = z.infer<typeof ModelInfoPage>;
