import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import type { ToolNames } from '../../tool-names.ts';
import { formMembers, functionMembers } from './functions.ts';
import type { JsonOutput } from './json-output.ts';
import { conversationOf } from './messages.ts';
import { allowedMembers, droppedParams, effortMember, samplingMembers } from './params.ts';

export interface Writing {
  readonly names: ToolNames;
  readonly json: JsonOutput;
}

/** Members that a client's own parameters cannot replace. */
const OWN_NAMES: ReadonlySet<string> = new Set(['model', 'messages', 'stream']);

/**
 * The body for `POST /chat/completions`. What a client says in GigaChat's own words (`repetition_penalty`, `update_interval`,
 * `profanity_check` ...) wins over what was translated from OpenAI's.
 */
export function bodyOf(request: ChatRequest, target: Target, { names, json }: Writing): JsonObject {
  const dropped = droppedParams(request, target);
  const offered = functionMembers(request, target, names);
  const own = Object.entries(request.extras).filter(([name, value]) => !OWN_NAMES.has(name) && value !== undefined && value !== null);
  return {
    model: target.model,
    messages: conversationOf(request.messages, names, json.hint),
    ...(request.stream ? { stream: true } : {}),
    ...(json.form === null ? offered : formMembers(json.form)),
    ...samplingMembers(request),
    ...effortMember(request, target, dropped),
    ...allowedMembers(request, target),
    ...Object.fromEntries(own),
  };
}
