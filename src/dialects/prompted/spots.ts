import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { isTokenCount, type Usage } from '../../core/usage.ts';
import type { Finish } from '../../core/answer.ts';
import type { AnswerSpots, Spot, Spots } from './wire.ts';

export function valueAt(body: unknown, spot: Spot): unknown {
  return spot.reduce((value: unknown, step) => {
    if (typeof step === 'number') return Array.isArray(value) ? (value as unknown[])[step] : undefined;
    return isObject(value) ? value[step] : undefined;
  }, body);
}

/** Undefined: no text stands at any of them. */
export function textAt(body: unknown, spots: Spots): string | undefined {
  return spots.map((spot) => valueAt(body, spot)).find((value) => typeof value === 'string');
}

/** What was used, where both counts are told. */
export function usageAt(body: unknown, { input = [], output = [] }: Omit<AnswerSpots, 'text'>): Usage | undefined {
  const [inputTokens, outputTokens] = [countAt(body, input), countAt(body, output)];
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens, raw: rawOf(body) };
}

/** No model reads nothing: a list of tokens that is empty was not filled. */
function countAt(body: unknown, spots: Spots): number | undefined {
  const counts = spots.map((spot) => {
    const value = valueAt(body, spot);
    return Array.isArray(value) ? value.length || undefined : value;
  });
  return counts.find(isTokenCount);
}

/** The counts among all that is told, which may be long. */
function rawOf(body: unknown): JsonObject {
  const told: JsonObject = isObject(body) ? { ...body, ...(isObject(body['details']) ? body['details'] : {}) } : {};
  return Object.fromEntries(Object.entries(told).filter(([, value]) => typeof value === 'number'));
}

const OUT_OF_TOKENS: ReadonlySet<string> = new Set(['length', 'max_tokens', 'maximum_tokens', 'max_new_tokens']);

/** Who says nothing of it stopped by himself. */
export function finishAt(body: unknown, { finish = [] }: Omit<AnswerSpots, 'text'>): Finish {
  const native = wordOf(textAt(body, finish));
  const reason = OUT_OF_TOKENS.has(native) ? 'length' : 'stop';
  return native === '' || native === reason ? { reason } : { reason, native };
}
