import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { MediaPart, Part } from '../../core/parts.ts';
import type { Message } from '../../core/request.ts';
import { writeMessages } from '../openai/chat/write-messages.ts';
import { ORIGIN } from './reader.ts';

/** Members that the service knows of a message. */
const KNOWN: ReadonlySet<string> = new Set(['role', 'content', 'refusal', 'tool_calls', 'tool_call_id']);

/**
 * The history as the service takes it: OpenAI's messages, but that thoughts are signed blocks, that content is always there, and that
 * marks for the cache stand on parts.
 *
 * @throws {InvalidRequestError} for sound and video, for which the service has no place
 */
export function wireMessages(messages: readonly Message[]): JsonObject[] {
  for (const { parts } of messages) for (const media of mediaIn(parts)) checked(media);
  const written: JsonObject[] = [];
  let run: Message[] = [];
  for (const message of messages) {
    if (message.role !== 'assistant') {
      run.push(message);
      continue;
    }
    written.push(...writeMessages(run).map(plain), ...writeMessages([message]).map((turn) => ({ ...plain(turn), ...thoughtsOf(message) })));
    run = [];
  }
  return [...written, ...writeMessages(run).map(plain)];
}

function plain(message: JsonObject): JsonObject {
  const { content, cache_control: cache } = message;
  const known = Object.entries(message).filter(([name]) => KNOWN.has(name));
  return { ...Object.fromEntries(known), content: marked(content ?? '', cache) };
}

/** A mark on a message is one on its last part. */
function marked(content: unknown, cache: unknown): unknown {
  if (cache === undefined) return content;
  const parts: unknown[] = Array.isArray(content) ? content : content === '' ? [] : [{ type: 'text', text: content }];
  const last = parts.at(-1);
  return isObject(last) ? [...parts.slice(0, -1), { ...last, cache_control: cache }] : content;
}

/** Thoughts go back with the proof that the model behind wrote them; without one they say nothing to it. */
function thoughtsOf({ parts }: Message): JsonObject {
  const blocks = parts.flatMap((part) =>
    part.type === 'reasoning' && part.signature !== undefined && part.origin === ORIGIN
      ? [{ content: part.text, signature: part.signature }]
      : [],
  );
  return blocks.length === 0 ? {} : { reasoning_content: blocks };
}

function mediaIn(parts: readonly Part[]): MediaPart[] {
  return parts.flatMap((part) => (part.type === 'media' ? [part] : part.type === 'tool_result' ? mediaIn(part.parts) : []));
}

function checked({ kind, source }: MediaPart): void {
  if (kind === 'audio' || kind === 'video') throw new InvalidRequestError(`SAP's orchestration takes no ${kind} as input.`, 'messages');
  if (source.type === 'file_id')
    throw new InvalidRequestError("SAP's orchestration takes files by their bytes or address, not by an id.", 'messages');
}
