import type { TextKey } from '../../i18n/texts.ts';

/** A setting most models do without. */
export interface MoreField {
  readonly key: string;
  /** Whether it is a member of `litellm_params` or of `model_info`. */
  readonly in: 'litellm_params' | 'model_info';
  /** `per_million`: shown per million tokens, kept per token. */
  readonly kind: 'whole' | 'number' | 'per_million';
  readonly label: TextKey;
  readonly helper?: TextKey;
  readonly unit?: TextKey;
}

const price = (key: string, label: TextKey, helper?: TextKey): MoreField => ({
  key,
  in: 'litellm_params',
  kind: 'per_million',
  label,
  unit: 'models.form.usd_per_million',
  ...(helper ? { helper } : {}),
});

export const PRICE_FIELDS: readonly MoreField[] = [
  price('input_cost_per_token', 'models.form.own_input_price', 'models.form.own_price_help'),
  price('output_cost_per_token', 'models.form.own_output_price'),
  price('cache_read_input_token_cost', 'models.form.own_cache_read_price'),
  price('cache_creation_input_token_cost', 'models.form.own_cache_write_price'),
];

export const LIMIT_FIELDS: readonly MoreField[] = [
  { key: 'rpm', in: 'litellm_params', kind: 'whole', label: 'models.form.rpm', helper: 'models.form.rpm_help' },
  { key: 'tpm', in: 'litellm_params', kind: 'whole', label: 'models.form.tpm' },
  {
    key: 'max_input_tokens',
    in: 'model_info',
    kind: 'whole',
    label: 'models.form.context',
    unit: 'models.form.tokens',
    helper: 'models.form.context_help',
  },
];

export const ROUTING_FIELDS: readonly MoreField[] = [
  { key: 'order', in: 'litellm_params', kind: 'whole', label: 'models.form.order', helper: 'models.form.order_help' },
  { key: 'weight', in: 'litellm_params', kind: 'number', label: 'models.form.weight', helper: 'models.form.weight_help' },
  {
    key: 'timeout',
    in: 'litellm_params',
    kind: 'number',
    label: 'models.form.timeout',
    unit: 'units.seconds',
    helper: 'models.form.timeout_help',
  },
  {
    key: 'stream_timeout',
    in: 'litellm_params',
    kind: 'number',
    label: 'models.form.stream_timeout',
    unit: 'units.seconds',
    helper: 'models.form.stream_timeout_help',
  },
];

export const MORE_FIELDS: readonly MoreField[] = [...PRICE_FIELDS, ...LIMIT_FIELDS, ...ROUTING_FIELDS];

/** What a model can be for, as the server calls it; empty: what the provider or the catalogue says. */
export const MODES = [
  'chat',
  'embedding',
  'audio_transcription',
  'audio_speech',
  'image_generation',
  'image_edit',
  'rerank',
  'moderation',
  'completion',
  'realtime',
] as const;
