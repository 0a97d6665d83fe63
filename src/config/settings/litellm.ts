import { field, idleField } from './field.ts';
import type { SettingsOf } from './field.ts';
import { groupAliases } from './routing-values.ts';
import { amount, budgetDuration, flag, freeMap, optional, text, timeOfDay, timeout } from './values.ts';

/** Settings of `litellm_settings` that act. Routing keys that may stand here too are read with `router_settings`. */
export const litellmFields = {
  dropParams: field(
    'drop_params',
    flag.default(false),
    'Leave out request parameters that the provider does not know, instead of refusing the call. Default from `LITELLM_DROP_PARAMS`.',
  ),
  modifyParams: field(
    'modify_params',
    flag.default(false),
    'Repair message histories that the provider would refuse. Default from `LITELLM_MODIFY_PARAMS`.',
  ),
  stopUnlimited: field(
    'disable_stop_sequence_limit',
    flag.default(false),
    'Send more than four `stop` sequences to OpenAI. Default from `LITELLM_DISABLE_STOP_SEQUENCE_LIMIT`.',
  ),
  chatsOverResponses: field(
    'route_all_chat_openai_to_responses',
    flag.default(false),
    'Ask OpenAI, Azure and xAI over Responses for every conversation, also where a client speaks chat.',
  ),
  messagesOverChat: field(
    'use_chat_completions_url_for_anthropic_messages',
    flag.default(false),
    "Ask OpenAI and Azure over chat where a client speaks Anthropic's Messages, instead of over Responses.",
  ),
  autoSummaries: field(
    'reasoning_auto_summary',
    flag.default(false),
    'Ask for a summary of thoughts wherever a model is told to think over Responses. OpenAI gives summaries to verified organizations.',
  ),
  requestTimeoutMs: field(
    'request_timeout',
    timeout(600_000),
    'Seconds a call may take when nothing nearer says otherwise: connect to end, or to the first event of a stream.',
  ),
  streamIdleTimeoutMs: field('stream_idle_timeout', timeout(300_000), 'Seconds a stream may be silent between two events.'),
  maxStreamingDurationMs: field(
    'max_streaming_duration_seconds',
    timeout(null),
    'Seconds after which even a healthy stream is ended. Default from `LITELLM_MAX_STREAMING_DURATION_SECONDS`.',
  ),
  maxBudget: field(
    'max_budget',
    optional(amount),
    'US dollars that all calls together may cost in one `budget_duration`; the master key is exempt.',
  ),
  budgetDuration: field('budget_duration', optional(budgetDuration), 'When the global budget starts again: `24h`, `7d`, `1mo` ...'),
  timezone: field('timezone', text.default('UTC'), 'Zone (IANA name) whose days, weeks and months budgets follow.'),
  budgetResetTime: field('budget_reset_time', timeOfDay.default('00:00'), 'Time of day at which daily and longer budgets start again.'),
  modelAliases: field('model_alias_map', groupAliases.default({}), 'More names for model groups, looked up after `model_group_alias`.'),
  previewFeatures: idleField('enable_preview_features', flag.default(false), 'Forward `metadata` to OpenAI.'),
  defaultKeyParams: field('default_key_generate_params', freeMap.default({}), 'Values for new virtual keys that the request leaves open.'),
  defaultUserParams: field(
    'default_internal_user_params',
    freeMap.default({}),
    'Values for new people that the request leaves open: `user_role`, `max_budget`, `budget_duration`, `models` and limits.',
  ),
  maxUserBudget: field(
    'max_internal_user_budget',
    optional(amount),
    'US dollars for new people who are no administrators, where neither the request nor `default_internal_user_params` says it.',
  ),
  userBudgetDuration: field(
    'internal_user_budget_duration',
    optional(budgetDuration),
    'When that budget starts again: `24h`, `7d`, `1mo` ...',
  ),
  budgetExceededText: field(
    'budget_exceeded_error_message',
    optional(text),
    'What clients are told when a budget is spent, in place of whose it is and how much. The call log keeps that.',
  ),
  upperboundKeyParams: field('upperbound_key_generate_params', freeMap.default({}), 'Highest values a new virtual key may ask for.'),
  storeAuditLogs: field('store_audit_logs', flag.default(true), 'Keep who changed keys, models, credentials, people and settings.'),
  jsonLogs: field('json_logs', flag.default(false), 'Write the log as JSON lines.'),
} as const;

export type LitellmSettings = SettingsOf<typeof litellmFields>;
