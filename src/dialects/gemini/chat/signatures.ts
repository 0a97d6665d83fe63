import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { Part } from '../../../core/parts.ts';

/**
 * Stands for the signature of a call that another model made, or whose signature is lost: `skip_thought_signature_validator`,
 * as bytes are written in JSON.
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures (2026-11-26)
 */
const NO_SIGNATURE = 'c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=';

/** Of the calls of one turn the first bears the signature; without one the turn is refused. */
export function signFirstCall(parts: readonly JsonObject[]): void {
  const first = parts.find((part) => 'functionCall' in part);
  if (first) first['thoughtSignature'] ??= NO_SIGNATURE;
}

/** Lists that a message brought back beside its text: signatures of text, and steps of Google's own tools. */
export function broughtBack(parts: readonly Part[]): { signatures: string[]; steps: JsonObject[] } {
  const raws = parts.flatMap((part) => (part.type === 'native' && part.dialect === 'gemini' && isObject(part.raw) ? [part.raw] : []));
  return {
    signatures: raws.flatMap((raw) => listOf(raw['thought_signatures'])).filter((item) => typeof item === 'string'),
    steps: raws.flatMap((raw) => listOf(raw['gemini_parts'])).filter(isObject),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The signed texts of a turn: the first signature on the text itself, others on empty texts behind it, as a stream gives them. */
export function signedTexts(texts: readonly JsonObject[], signatures: readonly string[]): JsonObject[] {
  const [first, ...others] = signatures;
  if (first === undefined) return [...texts];
  const last = texts.at(-1) ?? { text: '' };
  const rest = others.map((thoughtSignature) => ({ text: '', thoughtSignature }));
  return [...texts.slice(0, -1), { ...last, thoughtSignature: first }, ...rest];
}
