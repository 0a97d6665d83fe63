import { JsonDocument } from '../../core/json-document.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { FormField } from '../../dialects/framing/multipart.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';

/**
 * The text fields of a form as members of a body. What is for a provider stays text, under the name it came with, and becomes a list
 * when it repeats. What is for the gateway is read: `tags[]`, `metadata[session_id]`, and JSON where a text is some.
 */
export function membersOf(fields: readonly FormField[]): JsonObject {
  const members = new Map<string, unknown>();
  for (const [name, text] of fields) {
    const [base = name, ...steps] = stepsOf(name);
    if (isGatewayMember(base)) members.set(base, placed(members.get(base), steps, valueOf(text)));
    else if (name === 'stream') members.set(name, TRUE.has(text.toLowerCase()));
    else members.set(name, members.has(name) ? [members.get(name), text].flat() : text);
  }
  return Object.fromEntries(members);
}

const TRUE: ReadonlySet<string> = new Set(['true', '1']);

/** `metadata[tags][]` → `metadata`, `tags`, `''`. */
function stepsOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\]){0,8})$/.exec(name);
  if (!match) return [name];
  return [match[1] ?? name, ...Array.from((match[2] ?? '').matchAll(/\[([^[\]]*)\]/g), ([, step = '']) => step)];
}

/** The value with another one placed inside it; `''` and numbers stand for a place in a list. */
function placed(into: unknown, [step, ...further]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (/^\d*$/.test(step)) return [...(Array.isArray(into) ? (into as unknown[]) : []), placed(undefined, further, value)];
  const object = new Map(isObject(into) ? Object.entries(into) : []);
  return Object.fromEntries(object.set(step, placed(object.get(step), further, value)));
}

/** Numbers, truth values, objects and lists are written as JSON; everything else is text. */
function valueOf(text: string): unknown {
  if (!/^\s*(?:[[{]|-?\d|true$|false$|null$)/.test(text)) return text;
  try {
    return JsonDocument.read(Buffer.from(`{"value":${text}}`)).value('value');
  } catch {
    return text;
  }
}
