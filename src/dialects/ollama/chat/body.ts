import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, ResponseFormat } from '../../../core/request.ts';
import { withExtras } from '../options.ts';
import { messagesOf, withHint } from './messages.ts';
import { droppedParams, allowedMembers } from './params.ts';
import { thinkOf } from './think.ts';
import { toolsOf } from './tools.ts';

/** The body for `POST /api/chat`. @see https://github.com/ollama/ollama/blob/v0.17.4/docs/api.md (read 2026-11-26) */
export function bodyOf(request: ChatRequest, target: Target): JsonObject {
  const dropped = droppedParams(request, target);
  const { tools, hint } = toolsOf(request, target);
  const { options, top } = withExtras(request.extras, optionsOf(request));
  const format = formatOf(request.responseFormat);
  const think = dropped.has('reasoning_effort') || dropped.has('thinking') ? null : thinkOf(request.reasoning, target.model);
  const messages = messagesOf(request.messages);
  return {
    model: target.model,
    messages: hint === null ? messages : withHint(messages, hint),
    stream: request.stream, // said either way: Ollama streams by default
    ...(tools.length > 0 ? { tools } : {}),
    ...(format === null ? {} : { format }),
    ...(think === null ? {} : { think }),
    ...(request.logprobs === undefined ? {} : { logprobs: request.logprobs }),
    ...(request.topLogprobs === undefined ? {} : { top_logprobs: request.topLogprobs }),
    ...(options === null ? {} : { options }),
    ...allowedMembers(request, target),
    ...top,
  };
}

export function optionsOf(request: ChatRequest): JsonObject {
  const { maxOutputTokens, temperature, topP, topK, stop, seed, presencePenalty, frequencyPenalty } = request;
  return {
    // Ollama gives -1 a meaning of its own: no limit.
    ...(maxOutputTokens === undefined ? {} : { num_predict: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop }),
    ...(seed === undefined ? {} : { seed }),
    ...(presencePenalty === undefined ? {} : { presence_penalty: presencePenalty }),
    // Not `repeat_penalty`, which multiplies and has another range.
    ...(frequencyPenalty === undefined ? {} : { frequency_penalty: frequencyPenalty }),
  };
}

/** @see https://github.com/ollama/ollama/blob/v0.17.4/docs/capabilities/structured-outputs.mdx (read 2026-11-26) */
export function formatOf(wanted: ResponseFormat | undefined): 'json' | JsonObject | null {
  if (wanted === undefined || wanted.type === 'text') return null;
  return wanted.schema ?? 'json';
}
