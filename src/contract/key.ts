import { z } from 'zod';
import { numberOf, usdFrom } from '../core/exact-json.ts';
import { Free, Switch, Text, Texts } from './body.ts';

/** An amount of US dollars in a body: a number or decimal text, not negative. */
const Money = z
  .unknown()
  .meta({ override: { type: ['number', 'string'] } })
  .transform((value, context) => {
    const usd = usdFrom(value);
    if (usd === null) context.addIssue({ code: 'custom', message: 'Input should be a valid number', params: { type: 'float_parsing' } });
    else if (usd < 0n)
      context.addIssue({ code: 'custom', message: 'Input should be greater than or equal to 0', params: { type: 'greater_than_equal' } });
    return usd ?? z.NEVER;
  });

/** Whole, also when it was written `10.0` or `1e3`. */
const Limit = z.preprocess(
  (value) => numberOf(value) ?? value,
  z.int('Input should be a valid integer').nonnegative('Input should be greater than or equal to 0').max(Number.MAX_SAFE_INTEGER),
);
const Models = z.record(z.string(), Limit, 'Input should be a valid dictionary');
const Window = z.object({ budget_duration: Text, max_budget: Money });

/** Members of `POST /key/generate` (control-plane 4.2). What is unknown is ignored, never refused. */
export const KeyBody = z.object({
  key_alias: Text.max(255)
    .regex(/^\P{Cc}*$/u, 'Input should hold no control characters')
    .nullish(),
  key: Text.nullish(),
  duration: Text.nullish(),
  models: Texts.nullish(),
  aliases: z.record(z.string(), Text, 'Input should be a valid dictionary').nullish(),
  config: Free.nullish(),
  spend: Money.nullish(),
  max_budget: Money.nullish(),
  soft_budget: Money.nullish(),
  budget_duration: Text.nullish(),
  budget_limits: z.array(Window, 'Input should be a valid list').nullish(),
  budget_id: Text.nullish(),
  budget_fallbacks: Free.nullish(),
  throttle_on_budget_exceeded: Switch.nullish(),
  model_max_budget: Free.nullish(),
  temp_budget_increase: Money.nullish(),
  temp_budget_expiry: Text.nullish(),
  user_id: Text.nullish(),
  team_id: Text.nullish(),
  organization_id: Text.nullish(),
  project_id: Text.nullish(),
  agent_id: Text.nullish(),
  metadata: Free.nullish(),
  tpm_limit: Limit.nullish(),
  rpm_limit: Limit.nullish(),
  max_parallel_requests: Limit.nullish(),
  permissions: Free.nullish(),
  blocked: Switch.nullish(),
  allowed_routes: Texts.nullish(),
  key_type: z
    .enum(['default', 'llm_api', 'management', 'read_only'], "Input should be 'default', 'llm_api', 'management' or 'read_only'")
    .nullish(),
  allowed_cache_controls: Texts.nullish(),
  auto_rotate: Switch.nullish(),
  rotation_interval: Text.nullish(),
  object_permission: Free.nullish(),
  access_group_ids: Texts.nullish(),
  policies: Texts.nullish(),
  router_settings: Free.nullish(),
  // Kept in `metadata`, shown beside it.
  tags: Texts.nullish(),
  tpm_limit_type: Text.nullish(),
  rpm_limit_type: Text.nullish(),
  model_rpm_limit: Models.nullish(),
  model_tpm_limit: Models.nullish(),
  tag_rpm_limit: Models.nullish(),
  mcp_rpm_limit: Models.nullish(),
  guardrails: Texts.nullish(),
  prompts: Texts.nullish(),
  disable_global_guardrails: Switch.nullish(),
  allowed_passthrough_routes: Texts.nullish(),
  enforced_params: Texts.nullish(),
});
export type KeyBody = z.infer<typeof KeyBody>;

/** Members that live in a key's `metadata` and are shown at the top level too. */
export const METADATA_MEMBERS = [
  'tags',
  'tpm_limit_type',
  'rpm_limit_type',
  'model_rpm_limit',
  'model_tpm_limit',
  'tag_rpm_limit',
  'mcp_rpm_limit',
  'guardrails',
  'prompts',
  'disable_global_guardrails',
  'allowed_passthrough_routes',
  'enforced_params',
] as const satisfies readonly (keyof KeyBody)[];

const Amount = z.number().describe('US dollars, every digit.');
const Time = z.iso.datetime().nullable();

/** A key as it is shown: without its text (control-plane 4.3). Members that are not listed are echoed as they were set. */
export const ShownKey = z
  .looseObject({
    key_name: z.string().nullable().describe('The last characters of its text.'),
    short_key: z.boolean().describe('Its text was chosen by hand and has fewer than 20 characters: it can be guessed.'),
    key_alias: z.string().nullable(),
    spend: Amount.describe('Since the last reset.'),
    expires: Time,
    models: z.array(z.string()).describe('Models that it may use; empty: all.'),
    aliases: z.record(z.string(), z.string()),
    user_id: z.string().nullable(),
    team_id: z.string().nullable(),
    organization_id: z.string().nullable(),
    max_budget: Amount.nullable(),
    soft_budget: Amount.nullable(),
    budget_duration: z.string().nullable(),
    budget_reset_at: Time,
    rpm_limit: z.int().nullable(),
    tpm_limit: z.int().nullable(),
    max_parallel_requests: z.int().nullable(),
    blocked: z.boolean().nullable(),
    allowed_routes: z.array(z.string()),
    key_type: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    created_at: Time,
    updated_at: Time,
    created_by: z.string().nullable(),
    updated_by: z.string().nullable(),
  })
  .meta({ id: 'Key' });

export const NewKeyAnswer = ShownKey.extend({
  key: z.string().describe('The text of the key, here and never again.'),
  token: z.string().describe('Its hash, which is its public id.'),
  token_id: z.string(),
});
export const UpdatedKeyAnswer = ShownKey.extend({ key: z.string() });
export const BlockedKeyAnswer = ShownKey.extend({ token: z.string() });
export const DeletedKeysAnswer = z.object({ deleted_keys: z.array(z.string()) });
export const KeyResetBody = z.object({ reset_to: z.number().nonnegative().describe('At most the current spend and the budget.') });
export const KeyResetAnswer = z.object({
  key_hash: z.string(),
  spend: Amount,
  previous_spend: Amount,
  max_budget: Amount.nullable(),
  budget_reset_at: Time,
});
export const KeyInfoQuery = z.object({ key: z.string().optional().describe("Text or hash; the caller's own key when absent.") });
export const KeyInfoAnswer = z.object({ key: z.string(), info: ShownKey });
export const KeyListQuery = z.object({
  page: z.string().optional(),
  size: z.string().optional().describe('Rows on a page, at most 100.'),
  user_id: z.string().optional(),
  team_id: z.string().optional(),
  organization_id: z.string().optional(),
  key_alias: z.string().optional(),
  key_hash: z.string().optional(),
  search: z.string().optional().describe('Any part of alias, hash or person.'),
  status: z.enum(['deleted']).optional(),
  return_full_object: z.enum(['true', 'false']).optional().describe('Keys themselves in place of their hashes.'),
  sort_by: z.enum(['spend', 'max_budget', 'created_at', 'updated_at', 'token', 'key_alias']).optional(),
  sort_order: z.enum(['asc', 'desc']).optional(),
});
export const KeyListAnswer = z.object({
  keys: z.array(z.union([z.string(), ShownKey])),
  total_count: z.int(),
  current_page: z.int(),
  total_pages: z.int(),
});

export const KeyUpdateBody = KeyBody.omit({ key_type: true, key: true }).extend({ key: Text });
export const KeyBulkBody = z.object({ keys: z.array(KeyUpdateBody).describe('At most 500.') });
/** The same as it is read: each entry on its own, so that one that is wrong is one that fails. */
export const KeyBulkList = z.object({ keys: z.array(z.unknown(), 'Input should be a valid list') });
export const KeyBulkAnswer = z.object({
  total_requested: z.int(),
  successful_updates: z.array(z.object({ key: Text, key_info: ShownKey })),
  failed_updates: z.array(
    z.object({
      key: Text.describe('As it was sent; empty: it was not named.'),
      key_info: ShownKey.nullable().describe('As it stands; null: the caller does not know such a key.'),
      failed_reason: Text,
    }),
  ),
});
export const KeyDeleteBody = z.object({ keys: Texts.nullish(), key_aliases: Texts.nullish() });
export const KeyNameBody = z.object({ key: Text });
export const KeyRegenerateBody = KeyBody.omit({ key_type: true, key: true }).extend({
  key: Text.nullish(),
  new_key: Text.nullish(),
  grace_period: Text.nullish(),
});
