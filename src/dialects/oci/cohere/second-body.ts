import type { Target } from '../../../core/dialect.ts';
import { wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { bodyOf, type Writing } from '../../cohere/chat/body.ts';
import { present } from '../../openai/request-fields.ts';
import { objectOf, objectsIn } from '../event.ts';
import { ownExtras } from '../frame.ts';

/** Cohere's names for members whose value Oracle takes as it is. */
const NAMES: Readonly<Record<string, string>> = {
  max_tokens: 'maxTokens',
  p: 'topP',
  k: 'topK',
  stop_sequences: 'stopSequences',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  tool_choice: 'toolsChoice',
  strict_tools: 'isStrictToolsEnabled',
  logprobs: 'isLogProbsEnabled',
  raw_prompting: 'isRawPrompting',
};

/** Members whose value has other words too. */
const RETOLD: Readonly<Record<string, (value: unknown) => readonly [string, unknown]>> = {
  messages: (value) => ['messages', objectsIn(value).map(messageOf)],
  tools: (value) => ['tools', objectsIn(value).map((tool) => ({ ...tool, type: 'FUNCTION' }))],
  response_format: (value) => ['responseFormat', formatOf(objectOf(value))],
  thinking: (value) => ['thinking', thinkingOf(objectOf(value))],
  citation_options: (value) => ['citationOptions', { mode: wordOf(objectOf(value)['mode']).toUpperCase() }],
  safety_mode: (value) => ['safetyMode', wordOf(value).toUpperCase()],
};

/**
 * Cohere's second version in Oracle's names: what Cohere's own API is told, each member under its name there.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 * @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/CohereChatRequestV2 (2026-11-26)
 */
export function secondBody(request: ChatRequest, target: Target, writing: Writing): JsonObject {
  const { model: _, stream: __, ...body } = bodyOf({ ...request, extras: ownExtras(request.extras) }, target, writing);
  return Object.fromEntries(Object.entries(body).map(([name, value]) => RETOLD[name]?.(value) ?? [NAMES[name] ?? name, value]));
}

function messageOf({ role, content, tool_plan, tool_calls, tool_call_id }: JsonObject): JsonObject {
  return {
    role: wordOf(role).toUpperCase(),
    content: typeof content === 'string' ? [{ type: 'TEXT', text: content }] : objectsIn(content).map(blockOf),
    ...present({
      toolPlan: tool_plan,
      toolCalls: Array.isArray(tool_calls) ? objectsIn(tool_calls).map((call) => ({ ...call, type: 'FUNCTION' })) : undefined,
      toolCallId: tool_call_id,
    }),
  };
}

function blockOf({ type, image_url: image, ...block }: JsonObject): JsonObject {
  const kind = wordOf(type).toUpperCase();
  if (image === undefined) return { type: kind, ...block };
  const { url, detail } = objectOf(image);
  return { type: kind, imageUrl: present({ url, detail: wordOf(detail).toUpperCase() || undefined }) };
}

function formatOf({ type, json_schema: schema }: JsonObject): JsonObject {
  return { type: wordOf(type).toUpperCase(), ...present({ schema }) };
}

function thinkingOf({ type, token_budget: tokenBudget }: JsonObject): JsonObject {
  return { type: wordOf(type).toUpperCase(), ...present({ tokenBudget }) };
}
