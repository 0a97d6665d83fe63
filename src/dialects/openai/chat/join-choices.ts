import { isObject, type JsonObject } from '../../../core/json-object.ts';

/**
 * One choice of the parts of an answer that stand in several: text in one, calls of tools in the next. What several have is joined
 * where it is text or a list; else the first that has it counts.
 */
export function joinedChoices(choices: readonly unknown[]): JsonObject[] {
  const all = choices.filter(isObject);
  const [first] = all;
  if (first === undefined) return [];
  const messages = all.map(({ message }) => message).filter(isObject);
  const reasons = all.map((choice) => choice['finish_reason']).filter((reason) => typeof reason === 'string');
  return [
    {
      ...first,
      index: 0,
      message: messages.reduce<JsonObject>(withMessage, {}),
      finish_reason: reasons.includes('tool_calls') ? 'tool_calls' : (reasons.at(-1) ?? null),
    },
  ];
}

function withMessage(before: JsonObject, message: JsonObject): JsonObject {
  const joined: JsonObject = { ...before };
  for (const [name, value] of Object.entries(message)) joined[name] = joinedValue(name, before[name] ?? null, value);
  return joined;
}

function joinedValue(name: string, before: unknown, value: unknown): unknown {
  if (before === null || value === null) return before ?? value;
  if (Array.isArray(before) && Array.isArray(value)) return [...(before as unknown[]), ...(value as unknown[])];
  return TEXTS.has(name) && typeof before === 'string' && typeof value === 'string' ? before + value : before;
}

const TEXTS: ReadonlySet<string> = new Set(['content', 'reasoning_content', 'reasoning_text', 'refusal']);
