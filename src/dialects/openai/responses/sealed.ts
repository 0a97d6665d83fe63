import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { NativePart, ReasoningPart } from '../../../core/parts.ts';
import { present } from '../request-fields.ts';

/** What a turn of thinking leaves that the provider wants back, in its order. */
export type Thought = ReasoningPart | NativePart;

/** Begins a sealed form that this gateway wrote. OpenAI's own has no dot. */
const MARK = 'gateway.1.';

/**
 * `encrypted_content` of a reasoning item: texts, signatures and encrypted thoughts of the provider, byte for byte. A client
 * brings it back without looking inside. It holds nothing that the client was not told or that the provider did not seal itself.
 */
export function sealed(thoughts: readonly Thought[]): string {
  return MARK + Buffer.from(JSON.stringify(thoughts)).toString('base64url');
}

/** The thoughts again; none for what another gateway or provider sealed. */
export function unsealed(text: string): Thought[] {
  if (!text.startsWith(MARK)) return [];
  try {
    const value: unknown = JSON.parse(Buffer.from(text.slice(MARK.length), 'base64url').toString());
    return Array.isArray(value) ? value.filter(isObject).flatMap(thoughtIn) : [];
  } catch {
    return [];
  }
}

function thoughtIn(raw: JsonObject): Thought[] {
  if (raw['type'] === 'native') {
    const { dialect, raw: inner } = raw;
    return typeof dialect === 'string' && isObject(inner) ? [{ type: 'native', dialect, raw: inner }] : [];
  }
  if (raw['type'] !== 'reasoning' || typeof raw['text'] !== 'string') return [];
  const word = (name: string): string | undefined => (typeof raw[name] === 'string' ? raw[name] : undefined);
  return [
    {
      type: 'reasoning',
      text: raw['text'],
      ...present({ signature: word('signature'), encrypted: word('encrypted'), origin: word('origin') }),
    },
  ];
}
