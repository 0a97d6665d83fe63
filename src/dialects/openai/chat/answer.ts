import type { Answer, AnswerChoice } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Part, ToolCallPart } from '../../../core/parts.ts';
import { writeUsage } from '../usage.ts';
import { signatureMember } from './thought-signature.ts';
import { mergeMembers, nativeFinish, writeAnswerMedia, writeCitation, writeNative, writeThinkingBlock } from './write-parts.ts';

/** What the gateway knows of an answer and the provider may not. */
export interface AnswerShape {
  /** Used when the provider gave no id. */
  readonly id: string;
  /** Model name for the client. */
  readonly model: string;
  /** Seconds since 1970, used when the provider did not tell. */
  readonly created: number;
  /** The client sent `functions`: calls come back as `function_call`. */
  readonly legacyFunctions?: boolean;
}

/** The answer of `POST /chat/completions` (data-plane 9.4). Without usage in the answer there is none in the body. */
export function writeChatAnswer(answer: Answer, shape: AnswerShape): JsonObject {
  return {
    id: answer.id ?? shape.id,
    object: 'chat.completion',
    created: answer.created ?? shape.created,
    model: shape.model,
    system_fingerprint: null,
    service_tier: answer.usage?.serviceTier ?? null,
    ...answer.extras,
    choices: answer.choices.map((choice) => writeChoice(choice, shape.legacyFunctions ?? false)),
    ...(answer.usage === undefined ? {} : { usage: writeUsage(answer.usage) }),
  };
}

function writeChoice(choice: AnswerChoice, legacy: boolean): JsonObject {
  const calls = choice.parts.filter((part) => part.type === 'tool_call');
  const reason = choice.finish.reason === 'stop' && calls.length > 0 ? 'tool_calls' : choice.finish.reason;
  return {
    index: choice.index,
    finish_reason: legacy && reason === 'tool_calls' ? 'function_call' : reason,
    logprobs: choice.logprobs ?? null,
    message: mergeMembers(writeMessage(choice.parts, calls, legacy), nativeFinish(choice.finish)),
  };
}

function writeMessage(parts: readonly Part[], calls: readonly ToolCallPart[], legacy: boolean): JsonObject {
  const text = joined(parts, 'text');
  const refusal = joined(parts, 'refusal');
  const reasoning = joined(parts, 'reasoning');
  const blocks = parts.flatMap((part) => (part.type === 'reasoning' ? (writeThinkingBlock(part) ?? []) : []));
  const citations = parts.filter((part) => part.type === 'citation').map(writeCitation);
  const message: JsonObject = {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== '' || parts.some(isSound)) ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(calls.length === 0 ? {} : legacy ? { function_call: functionOf(calls[0]) } : { tool_calls: calls.map(writeCall) }),
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(blocks.length === 0 ? {} : { thinking_blocks: blocks }),
    ...(citations.length === 0 ? {} : { annotations: citations }),
  };
  return parts.reduce(addMember, message);
}

function joined(parts: readonly Part[], type: 'text' | 'refusal' | 'reasoning'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('');
}

function isSound(part: Part): boolean {
  return (
    (part.type === 'media' && part.kind === 'audio') ||
    (part.type === 'native' && part.dialect === 'openai' && 'audio' in (part.raw as JsonObject))
  );
}

function addMember(message: JsonObject, part: Part): JsonObject {
  if (part.type === 'native') return mergeMembers(message, writeNative(part));
  if (part.type !== 'media') return message;
  const images = message['images'];
  return mergeMembers(message, writeAnswerMedia(part, Array.isArray(images) ? images.length : 0));
}

function writeCall(call: ToolCallPart, index: number): JsonObject {
  return { index, id: call.id, type: 'function', function: functionOf(call), ...signatureMember(call.signature) };
}

function functionOf(call: ToolCallPart | undefined): JsonObject | undefined {
  return call && { name: call.name, arguments: call.arguments };
}
