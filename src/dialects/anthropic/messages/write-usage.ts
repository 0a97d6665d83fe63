import type { JsonObject } from '../../../core/json-object.ts';
import type { Usage } from '../../../core/usage.ts';

/** Words for tiers that both APIs have. */
const TIERS: Readonly<Record<string, string>> = { default: 'standard', standard: 'standard', priority: 'priority', batch: 'batch' };

/** `usage` while nothing was counted: the end of the stream tells what was. */
export const UNCOUNTED: Readonly<JsonObject> = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
};

/** The `usage` object that clients get: here the input leaves the cache out, whose numbers stand beside it. */
export function writeUsage(usage: Usage): JsonObject {
  const { cacheReadTokens: read = 0, cacheWriteTokens: written = 0, cacheWriteHourTokens: writtenHour = 0 } = usage;
  const tier = TIERS[usage.serviceTier ?? ''];
  return {
    input_tokens: Math.max(0, usage.inputTokens - read - written - writtenHour),
    cache_creation_input_tokens: written + writtenHour,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: writtenHour },
    output_tokens: usage.outputTokens,
    ...(usage.reasoningTokens === undefined ? {} : { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
    ...(usage.webSearchRequests === undefined ? {} : { server_tool_use: { web_search_requests: usage.webSearchRequests } }),
    ...(tier === undefined ? {} : { service_tier: tier }),
  };
}
