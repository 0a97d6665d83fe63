import { z } from 'zod';
import { Page, pageSize } from './query.ts';

/** `cloud`: a company's own models; `gateway`: many companies' models at one address; `local`: a server in the house. */
export const PROVIDER_KINDS = ['cloud', 'gateway', 'local'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** What people choose a provider for, in the order of a description. */
export const PROVIDER_USES = [
  'chat',
  'text_completion',
  'embeddings',
  'images',
  'video',
  'speech',
  'realtime',
  'rerank',
  'web_search',
  'documents',
  'moderation',
] as const;
export type ProviderUse = (typeof PROVIDER_USES)[number];

export const ProvidersQuery = z.object({
  details: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .describe('`true`: an object for each provider instead of its id.'),
});

/** One provider of `GET /public/providers?details=true`. */
export const ProviderDetails = z.object({
  id: z.string().describe('The prefix in `litellm_params.model`.'),
  display_name: z.string(),
  description: z.string().describe('What it is for, in one line: `Chat, embeddings, images`.'),
  uses: z.array(z.enum(PROVIDER_USES)).describe('The same, as words to translate.'),
  kind: z.enum(PROVIDER_KINDS),
  endpoints: z.array(z.string()).describe('Operations that the provider itself has.'),
  aliases: z.array(z.string()).describe('Other prefixes for it.'),
  website: z.string().nullable(),
  needs_key: z.boolean(),
  known_models: z.int().describe('Models that `GET /public/providers/{id}/models` lists; 0: type the name.'),
  supported: z.boolean().describe('Whether this gateway can call it.'),
  reason: z.string().nullable().describe('Why it cannot; null when it can.'),
  obstacle: z.string().nullable().describe('The end of that sentence, without the name: for those who translate it.'),
});
export type ProviderDetails = z.infer<typeof ProviderDetails>;

export const ProviderList = z.union([z.array(z.string()), z.array(ProviderDetails)]);

export const FIELD_TYPES = ['text', 'secret', 'url', 'select', 'number', 'switch'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** One field of the form that adds a model of a provider. */
export const ProviderField = z.object({
  key: z.string().describe('Its member of `litellm_params`.'),
  label: z.string(),
  placeholder: z.string().nullable(),
  tooltip: z.string().nullable().describe('What to enter, in one or two sentences.'),
  tooltip_text: z.string().nullable().describe('The tooltip with places for names, such as `{provider}`: for those who translate it.'),
  tooltip_values: z.record(z.string(), z.string()).describe('The names for those places.'),
  required: z.boolean(),
  field_type: z.enum(['text', 'password', 'select', 'upload']).describe('The same as `type` in coarser words, for older clients.'),
  options: z.array(z.string()).nullable().describe('The choices of a `select`.'),
  default_value: z.string().nullable().describe('What holds when the field stays empty.'),
  type: z.enum(FIELD_TYPES),
  advanced: z.boolean().describe('Most people leave it empty: it belongs behind "more settings".'),
});
export type ProviderField = z.infer<typeof ProviderField>;

/** One provider of `GET /public/providers/fields`. */
export const ProviderForm = z.object({
  provider: z.string(),
  provider_display_name: z.string(),
  litellm_provider: z.string().describe('The prefix in `litellm_params.model`.'),
  credential_fields: z.array(ProviderField),
  default_model_placeholder: z.string(),
  kind: z.enum(PROVIDER_KINDS),
  supported: z.boolean(),
  reason: z.string().nullable(),
});
export type ProviderForm = z.infer<typeof ProviderForm>;

export const ProviderModelsQuery = z.object({
  search: z.string().max(200, 'must have at most 200 characters').optional().describe('Text that stands in the name.'),
  page: Page,
  page_size: pageSize(50, 500),
});

const Price = z.number().nullable().describe('US dollars for one token; null when it is not known.');
const Ability = z.boolean().nullable().describe('Null when it is not known.');

/** A model that the price data knows. */
export const ProviderModel = z.object({
  id: z.string().describe("The provider's name of the model."),
  model: z.string().describe('For `litellm_params.model`: prefix and name.'),
  mode: z.string().describe('What it is for: `chat`, `embedding`, `image_generation` ...'),
  max_input_tokens: z.int().nullable(),
  max_output_tokens: z.int().nullable(),
  input_cost_per_token: Price,
  output_cost_per_token: Price,
  cache_read_input_token_cost: Price,
  supports_vision: Ability,
  supports_function_calling: Ability,
  supports_reasoning: Ability,
  supports_response_schema: Ability,
  supports_audio_input: Ability,
  supports_pdf_input: Ability,
  supports_prompt_caching: Ability,
  supports_web_search: Ability,
});
export type ProviderModel = z.infer<typeof ProviderModel>;

export const ProviderModels = z.object({
  models: z.array(ProviderModel),
  total: z.int(),
  page: z.int(),
  page_size: z.int(),
  total_pages: z.int(),
});
export type ProviderModelList = z.infer<typeof ProviderModels>;
