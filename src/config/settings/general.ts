import { z } from 'zod';
import { field, idleField } from './field.ts';
import type { SettingsOf } from './field.ts';
import { passThroughEndpoints } from './pass-through.ts';
import { count, flag, lengthOfTime, megabytes, oneOf, optional, positiveCount, rate, retention, seconds, text, timeout } from './values.ts';

const databaseUrl = text.refine(isPostgresUrl, 'must be a PostgreSQL address: postgresql://user:password@host:5432/name');

export function isPostgresUrl(value: string): boolean {
  // libpq allows a user without a host (a socket named by `?host=`); URL parsers do not.
  return /^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value.replace(/^([^/]*\/\/[^/?#]*@)(?=[/?]|$)/, '$1localhost'));
}

const budgetStatus = count.pipe(z.union([z.literal(400), z.literal(402), z.literal(422), z.literal(429)], 'must be 400, 402, 422 or 429'));
const accessStatus = count.pipe(z.union([z.literal(401), z.literal(403)], 'must be 401 or 403'));
const headerName = text
  .refine((value) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value), 'must be the name of an HTTP header')
  .transform((value) => value.toLowerCase());

const currency = text
  .transform((value) => value.trim().toUpperCase())
  .refine((value) => /^[A-Z]{3}$/.test(value), 'must be a currency of three letters, such as EUR');

/** Settings of `general_settings` that act. */
export const generalFields = {
  masterKey: field(
    'master_key',
    optional(text),
    "The administrator's key. `LITELLM_MASTER_KEY` wins; without both one is made and kept in the data folder.",
  ),
  databaseUrl: field('database_url', optional(databaseUrl), 'PostgreSQL to use. `DATABASE_URL` wins; without both the built-in one runs.'),
  databasePoolSize: field('database_connection_pool_limit', positiveCount.default(10), 'Connections to the database.'),
  storeModelInDb: field(
    'store_model_in_db',
    flag.default(true),
    'Keep models and settings made in the panel or by API. `STORE_MODEL_IN_DB` wins.',
  ),
  maxRequestBytes: field('max_request_size_mb', megabytes.default(104_857_600), 'Largest request in MB.'),
  maxFileBytes: field(
    'max_file_size_mb',
    megabytes.default(104_857_600),
    'Largest file in a request, in MB. The request around it counts for `max_request_size_mb`.',
  ),
  strictStatus: field(
    'strict_status',
    flag.default(true),
    'Answer 413 to a request that is too large; `false`: 400, as the reference does.',
  ),
  cancelOnDisconnect: idleField(
    'cancel_on_disconnect',
    flag.default(true),
    'Stop the provider when the client is gone: it is always stopped.',
  ),
  expandWildcardsInModelInfo: field(
    'expand_wildcards_in_model_info',
    flag.default(true),
    'List the models behind a wildcard in `/model/info`.',
  ),
  keyHeaderName: field('litellm_key_header_name', optional(headerName), 'A header of your own that carries the key.'),
  tokenRateLimitType: field(
    'token_rate_limit_type',
    oneOf(['total', 'input', 'output']).default('total'),
    'Tokens that count for `tpm`: `total`, `input` or `output`.',
  ),
  budgetExceededStatus: field(
    'budget_exceeded_status_code',
    budgetStatus.default(422),
    'HTTP status when a budget is spent: 400, 402, 422 or 429.',
  ),
  modelAccessDeniedStatus: field(
    'model_access_denied_status',
    accessStatus.default(403),
    'HTTP status when a key may not use a model: 401 or 403.',
  ),
  budgetDefaultOutputTokens: field(
    'budget_default_output_tokens',
    count.default(4096),
    'Output tokens a call without `max_tokens` reserves from budgets.',
  ),
  onLedgerFailure: field(
    'on_ledger_failure',
    oneOf(['refuse', 'serve']).default('refuse'),
    'What happens to calls that cost money while spend cannot be written down: `refuse` or `serve`.',
  ),
  batchWriteMs: field('proxy_batch_write_at', timeout(5000), 'Seconds between two writes of spend to the database.'),
  spendLogRetention: field(
    'maximum_spend_logs_retention_period',
    retention.prefault('90d'),
    'How long the row of each call is kept: `90d`, `6mo` ..., or `never` to keep all. Sums are kept for ever.',
  ),
  spendLogCleanupEveryMs: field(
    'maximum_spend_logs_retention_interval',
    lengthOfTime.prefault('1d'),
    'How often older rows are looked for and deleted.',
  ),
  spendLogCleanupBatch: field('maximum_spend_logs_cleanup_batch_size', positiveCount.default(1000), 'Rows that are deleted at once.'),
  spendLogCleanupBatches: field(
    'maximum_spend_logs_cleanup_max_batches',
    optional(positiveCount),
    'Most batches of one run; absent: as many as there is time for.',
  ),
  spendLogCleanupBudgetMs: field(
    'maximum_spend_logs_cleanup_run_budget',
    seconds.default(30_000),
    'Seconds that one run may take; what is left then goes a minute later.',
  ),
  auditRetention: field(
    'maximum_audit_log_retention_period',
    retention.prefault('180d'),
    'How long the audit log keeps a change: `180d`, `6mo` ..., or `never` to keep all.',
  ),
  displayCurrency: field(
    'display_currency',
    currency.default('USD'),
    'Currency (ISO 4217) in which the panel shows amounts. Amounts are kept, compared and sent in US dollars all the same.',
  ),
  displayExchangeRate: field(
    'display_exchange_rate',
    rate.prefault('1'),
    'How much of `display_currency` one US dollar is, for showing alone.',
  ),
  reasoningState: field(
    'reasoning_state',
    oneOf(['memory', 'disk', 'none']).default('memory'),
    'Where thinking state that clients drop is kept for their next turn, a day long: `memory`, `disk` (sealed under the salt key, and in no backup) or `none`.',
  ),
  responsesStore: field(
    'responses_store',
    oneOf(['memory', 'disk']).default('memory'),
    'Where answers of `/v1/responses` are kept for the turns after them, a day long: `memory`, or `disk` (sealed under the salt key, and in no backup).',
  ),
  completionModel: field(
    'completion_model',
    optional(text),
    'The model that answers `/chat/completions` and `/completions`, whichever the client names.',
  ),
  embeddingModel: field('embedding_model', optional(text), 'The same for `/embeddings`.'),
  imageGenerationModel: field('image_generation_model', optional(text), 'The same for `/images/generations`.'),
  alwaysIncludeUsage: field(
    'always_include_stream_usage',
    flag.default(false),
    'End every stream of chats and completions with its usage, as if the client had asked for it.',
  ),
  forwardClientHeaders: field(
    'forward_client_headers_to_llm_api',
    flag.default(false),
    "Send the client's own `x-` headers on to the provider, but for those that speak to the gateway or tell whence the client comes.",
  ),
  moderationModel: field('moderation_model', optional(text), 'The model that answers `/moderations`, whichever the client names.'),
  allowClientSideCredentials: idleField(
    'allow_client_side_credentials',
    flag.default(false),
    "Clients may send the provider's key and address: they never may.",
  ),
  allowPrivateImageUrls: field(
    'allow_private_image_urls',
    flag.default(false),
    'Image and file addresses in requests may lead into private networks.',
  ),
  passThroughEndpoints: field(
    'pass_through_endpoints',
    passThroughEndpoints.default([]),
    'Paths of your own that lead to other addresses: `path`, `target`, `headers`, `auth`, `forward_headers`, `include_subpath`, `methods`, `default_query_params`, `cost_per_request`.',
  ),
  allowMockTestingParams: field(
    'dangerously_allow_mock_testing_request_params',
    flag.default(false),
    'Every key may use `mock_response` and the `mock_testing_*` parameters.',
  ),
} as const;

export type GeneralSettings = SettingsOf<typeof generalFields>;
