import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, Part, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { argumentsObject } from '../../call-arguments.ts';

export interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly thinking?: string;
  /** Bare base64. */
  readonly images?: readonly string[];
  readonly tool_calls?: readonly JsonObject[];
  readonly tool_name?: string;
  readonly tool_call_id?: string;
}

/**
 * The messages of a body. Content is one text: parts become paragraphs, as Ollama itself joins them. Results carry the
 * name of their tool, looked up from the call. Names, marks and other dialects' parts stay behind.
 *
 * @throws {InvalidRequestError} for media that Ollama has no place for
 */
export function messagesOf(messages: readonly Message[]): WireMessage[] {
  const nameOfCall = new Map<string, string>();
  return messages.flatMap((message) => {
    for (const call of partsOf(message, 'tool_call')) nameOfCall.set(call.id, call.name);
    const results = partsOf(message, 'tool_result').map((result) => resultMessage(result, nameOfCall));
    // A turn that only brings results is no turn of its own.
    return results.length > 0 && results.length === message.parts.length ? results : [...results, plainMessage(message)];
  });
}

/** Adds a sentence to the system message, where every chat template looks. */
export function withHint(messages: readonly WireMessage[], hint: string): WireMessage[] {
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: hint }, ...messages];
  return [{ ...first, content: first.content === '' ? hint : `${first.content}\n\n${hint}` }, ...rest];
}

function plainMessage({ role, parts }: Message): WireMessage {
  const thinking = joined(
    parts.filter((part) => part.type === 'reasoning'),
    '\n',
  );
  const images = parts.filter((part) => part.type === 'media').map(imageOf);
  const calls = parts.filter((part) => part.type === 'tool_call').map(wireCall);
  return {
    role: role === 'developer' ? 'system' : role,
    content: contentOf(parts, role === 'assistant' ? '' : '\n\n'),
    ...(thinking === '' ? {} : { thinking }),
    ...(images.length === 0 ? {} : { images }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function resultMessage(result: ToolResultPart, nameOfCall: ReadonlyMap<string, string>): WireMessage {
  const name = result.name ?? nameOfCall.get(result.callId);
  const images = result.parts.filter((part) => part.type === 'media').map(imageOf);
  return {
    role: 'tool',
    content: contentOf(result.parts, '\n\n'),
    ...(images.length === 0 ? {} : { images }),
    ...(name === undefined ? {} : { tool_name: name }),
    tool_call_id: result.callId,
  };
}

function wireCall(call: ToolCallPart, index: number): JsonObject {
  return { id: call.id, type: 'function', function: { index, name: call.name, arguments: argumentsObject(call.arguments) } };
}

function contentOf(parts: readonly Part[], separator: string): string {
  return joined(
    parts.filter((part) => part.type === 'text' || part.type === 'refusal'),
    separator,
  );
}

function joined(parts: readonly { readonly text: string }[], separator: string): string {
  return parts
    .map((part) => part.text)
    .filter((text) => text !== '')
    .join(separator);
}

function imageOf({ kind, source, mediaType }: MediaPart): string {
  if (kind !== 'image')
    throw new InvalidRequestError(`Ollama takes text and images, but a message holds ${mediaType ?? kind}.`, 'messages');
  if (source.type === 'data') return source.data;
  throw new InvalidRequestError('Ollama takes images by their bytes: give a data URL or an https URL.', 'messages');
}

type PartOf<T extends Part['type']> = Extract<Part, { type: T }>;

function partsOf<T extends Part['type']>(message: Message, type: T): PartOf<T>[] {
  return message.parts.filter((part): part is PartOf<T> => part.type === type);
}
