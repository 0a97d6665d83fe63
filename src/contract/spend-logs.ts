import { z } from 'zod';
import { Refusal } from './refusal.ts';
import { From, Page, pageSize, SortOrder, Until } from './query.ts';

const amount = (what: string) =>
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,18})?$/, 'must be an amount such as 0.05')
    .optional()
    .describe(what);
const name = (what: string) => z.string().optional().describe(what);

/** What rows of calls can be asked for by (control-plane 12.4). */
export const SpendLogFilterQuery = z.object({
  start_date: From,
  end_date: Until,
  api_key: name('Key: its hash, or its text.'),
  key_alias: name('Part of the name of a key that is there now.'),
  user_id: name('Person that the key belongs to.'),
  team_id: name('Team of the key.'),
  end_user: name('End user that the client named.'),
  search: name('Id of the call, part of the name of its key or model, or part of the failure’s text.'),
  request_id: name('Id of the call: ours, or the one that the client sent as `x-litellm-call-id`.'),
  session_id: name('Session that the client named.'),
  model: name("Model by its provider's name for it."),
  model_id: name('Deployment by its id.'),
  model_group: name('Model by its public name.'),
  provider: name('Provider, such as `anthropic`.'),
  custom_llm_provider: name('The same as `provider`.'),
  call_type: name('Kind of call, such as `acompletion`.'),
  status_filter: z.enum(['success', 'failure'], 'must be success or failure').optional(),
  min_spend: amount('Cost of the call in US dollars, at least.'),
  max_spend: amount('Cost of the call in US dollars, at most.'),
  error_code: name('HTTP status of the failure, such as `429`, or its code, such as `throttling_error`.'),
  error_message: name("Part of the failure's text."),
  request_tags: name('Tags, parted by commas: rows that have all of them.'),
});
export type SpendLogFilterQuery = z.infer<typeof SpendLogFilterQuery>;

export const SPEND_LOG_SORTS = ['startTime', 'endTime', 'spend', 'total_tokens', 'request_duration_ms'] as const;
export type SpendLogSort = (typeof SPEND_LOG_SORTS)[number];

/** `GET /spend/logs/v2`, `/spend/logs/ui`. */
export const SpendLogsQuery = SpendLogFilterQuery.extend({
  page: Page,
  page_size: pageSize(50, 100),
  sort_by: z.enum(SPEND_LOG_SORTS, `must be one of ${SPEND_LOG_SORTS.join(', ')}`).default('startTime'),
  sort_order: SortOrder,
  format: z
    .enum(['json', 'csv'], 'must be json or csv')
    .default('json')
    .describe('`csv`: all rows of all pages as a file, in the order of time.'),
});
export type SpendLogsQuery = z.infer<typeof SpendLogsQuery>;

/** `GET /spend/logs/session/ui`. */
export const SpendSessionQuery = z.object({
  session_id: z.string('must be given').describe('Session that the client named.'),
  page: Page,
  page_size: pageSize(50, 100),
  sort_order: z.enum(['asc', 'desc'], 'must be asc or desc').default('asc'),
});

const Tokens = z.int().nonnegative();
const Dollars = z.number().describe('US dollars, every digit.');

/** A call as lists show it (control-plane 12.1). */
export const SpendLogRow = z.object({
  request_id: z.string(),
  call_id: z.string().describe("The client's own id of the call; `request_id` when it sent none."),
  call_type: z.string(),
  api_key: z.string().describe('Hash of the key.'),
  spend: Dollars,
  total_tokens: Tokens,
  prompt_tokens: Tokens,
  completion_tokens: Tokens,
  cache_read_tokens: Tokens.describe('Part of `prompt_tokens`.'),
  cache_creation_tokens: Tokens.describe('Part of `prompt_tokens`.'),
  reasoning_tokens: Tokens.describe('Part of `completion_tokens`.'),
  startTime: z.iso.datetime(),
  endTime: z.iso.datetime(),
  completionStartTime: z.iso.datetime().nullable().describe('First token.'),
  request_duration_ms: z.int(),
  model: z.string(),
  model_id: z.string(),
  model_group: z.string(),
  custom_llm_provider: z.string(),
  api_base: z.string(),
  user: z.string(),
  team_id: z.string().nullable(),
  organization_id: z.string().nullable(),
  end_user: z.string().nullable(),
  agent_id: z.string().nullable(),
  project_id: z.string().nullable(),
  status: z.enum(['success', 'failure']),
  cache_hit: z.enum(['True', 'False', '']),
  cache_key: z.string().nullable(),
  request_tags: z.array(z.string()),
  requester_ip_address: z.string().nullable(),
  session_id: z.string().nullable(),
  mcp_namespaced_tool_name: z.string().nullable(),
  metadata: z
    .looseObject({ refusal: Refusal.optional() })
    .describe(
      'Names of key and owner, `cost_breakdown`, `usage_object`, `error_information`, attempts, and marks such as `usage_estimated`.',
    ),
  messages: z.unknown(),
  response: z.unknown(),
  proxy_server_request: z.unknown(),
});

/** A page of calls. */
export const SpendLogPage = z.object({
  data: z.array(SpendLogRow),
  total: z
    .int()
    .describe('Rows that match; 10,000 when there are more than that, and the rows up to here when counting would take too long.'),
  total_is_exact: z.boolean().describe('False: there are more rows than `total` says.'),
  page: z.int(),
  page_size: z.int(),
  total_pages: z.int().describe('Pages of `total` rows.'),
});
