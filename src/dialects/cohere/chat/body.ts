import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import { jsonOutputOf } from './json-output.ts';
import { conversationOf, withHint } from './messages.ts';
import { droppedParams, allowedMembers, samplingMembers } from './params.ts';
import { thinkingOf, type ReasoningBudgets } from './thinking.ts';
import { toolMembers } from './tools.ts';

export interface Writing {
  readonly names: ToolNames;
  readonly budgets: ReasoningBudgets;
}

/** Members that a client's own parameters cannot replace. */
const OWN_NAMES: ReadonlySet<string> = new Set(['model', 'messages', 'stream', 'documents']);

/**
 * The body for `POST /v2/chat`. What a client says in Cohere's own words (`documents`, `citation_options`, `safety_mode`,
 * `k` ...) wins over what was translated from OpenAI's.
 *
 * @see https://docs.cohere.com/reference/chat (read 2026-11-26)
 */
export function bodyOf(request: ChatRequest, target: Target, { names, budgets }: Writing): JsonObject {
  const dropped = droppedParams(request, target);
  const tools = toolMembers(request, target, names);
  const { messages, documents: attached } = conversationOf(request.messages, names, target.abilities.reasoning !== false);
  const documents = [...listOf(request.extras['documents']), ...attached];
  const { format, hint } = jsonOutputOf(request.responseFormat, 'tools' in tools || documents.length > 0);
  const own = Object.entries(request.extras).filter(([name, value]) => !OWN_NAMES.has(name) && value !== undefined && value !== null);
  return {
    model: target.model,
    messages: hint === null ? messages : withHint(messages, hint),
    stream: request.stream,
    ...tools,
    ...(documents.length > 0 ? { documents } : {}),
    ...(format === null ? {} : { response_format: format }),
    ...samplingMembers(request),
    ...thinkingMember(request, target, dropped, budgets),
    ...allowedMembers(request, target),
    ...Object.fromEntries(own),
  };
}

/** A model that is known not to think is not told not to. */
function thinkingMember(
  { reasoning }: ChatRequest,
  { abilities }: Target,
  dropped: ReadonlySet<string>,
  budgets: ReasoningBudgets,
): JsonObject {
  if (abilities.reasoning === false || dropped.has('reasoning_effort') || dropped.has('thinking')) return {};
  const thinking = thinkingOf(reasoning, budgets);
  return thinking === null ? {} : { thinking };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
