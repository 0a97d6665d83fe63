import { InvalidRequestError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { digestOf } from '../derived-id.ts';

/** A conversation in which no text is a template. */
export interface DataPrompt {
  /** The last message, its texts replaced by placeholders: the service wants at least one message here. */
  readonly template: readonly JsonObject[];
  /** The messages before it, which the service takes as they are. */
  readonly history: readonly JsonObject[];
  /** What the placeholders stand for. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The service replaces `{{?name}}` in the messages of a template, and a text of a user's, of a tool's or of a page that somebody looked
 * up could name what it must not see, or make the call fail. So the messages before the last are history, and the last is a template of
 * placeholders alone, whose values are its texts: a value is put in, not read. Their names hold a digest of what they stand for, so that
 * no text can name one.
 *
 * @throws {InvalidRequestError} when there is no message
 * @see https://help.sap.com/docs/sap-ai-core/generative-ai/templating (2026-11-26)
 * @see https://github.com/SAP/ai-sdk-js/pull/1967 (2026-11-26), by which results of tools go to the history for the same reason
 */
export function promptOf(messages: readonly JsonObject[]): DataPrompt {
  const last = messages.at(-1);
  if (last === undefined) throw new InvalidRequestError('messages must hold at least one message.', 'messages');
  const values: Record<string, string> = {};
  const digest = digestOf(JSON.stringify(messages)).slice(0, 24);
  const placed = (text: string): string => {
    const name = `text_${digest}_${Object.keys(values).length + 1}`;
    values[name] = text;
    return `{{?${name}}}`;
  };
  return { template: [{ ...last, ...contentOf(last['content'], placed) }], history: messages.slice(0, -1), values };
}

function contentOf(content: unknown, placed: (text: string) => string): { content?: unknown } {
  if (typeof content === 'string') return { content: placed(content) };
  return Array.isArray(content) ? { content: content.map((part: unknown) => (isObject(part) ? partOf(part, placed) : part)) } : {};
}

function partOf(part: JsonObject, placed: (text: string) => string): JsonObject {
  const { text, image_url: image, file } = part;
  if (typeof text === 'string') return { ...part, text: placed(text) };
  if (isObject(image)) return { ...part, image_url: withoutBraces(image) };
  return isObject(file) ? { ...part, file: withoutBraces(file) } : part;
}

/** Braces in an address mean the same when they are escaped; data in base64 have none, and the name of a file does without. */
function withoutBraces(members: JsonObject): JsonObject {
  const escaped = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('{', '%7B').replaceAll('}', '%7D') : value);
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, escaped(value)]));
}
