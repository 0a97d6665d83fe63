import { isObject, type JsonObject } from '../../core/json-object.ts';
import { readPriceEntry } from './price-entry.ts';

/** A LiteLLM-shaped price map: by model name (`gpt-4o`, `azure/gpt-4o` ...), every number as the text it was written as. */
export type PriceMap = ReadonlyMap<string, JsonObject>;

export interface ReadMap {
  readonly entries: PriceMap;
  /** Entries that were left out, each with its reason. */
  readonly problems: readonly string[];
}

/** The map's own description of its keys; no model. */
const SAMPLE = 'sample_spec';

/**
 * Reads a price map from JSON text without turning a number into a double (ruling M1). A bad entry never removes others:
 * it is left out and told.
 *
 * @throws {SyntaxError} when the text is no JSON, {TypeError} when it is no object
 */
export function readPriceMap(text: string): ReadMap {
  const document: unknown = JSON.parse(text, numbersAsText);
  if (!isObject(document)) throw new TypeError('a price map is a JSON object');
  const entries = new Map<string, JsonObject>();
  const problems: string[] = [];
  for (const [name, entry] of Object.entries(document)) {
    if (name === SAMPLE) continue;
    const problem = problemOf(entry);
    if (problem === null && isObject(entry)) entries.set(name, entry);
    else problems.push(`${name}: ${problem}`);
  }
  return { entries, problems };
}

/**
 * Whether a fetched map may replace the last good one: it has at least 50 models and at least half as many as we had
 * (data-plane 16.2).
 */
export function isAcceptable(fetched: PriceMap, before: PriceMap | null): boolean {
  return fetched.size >= 50 && fetched.size * 2 >= (before?.size ?? 0);
}

function numbersAsText(this: unknown, _key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' ? (context.source ?? String(value)) : value;
}

function problemOf(entry: unknown): string | null {
  if (!isObject(entry)) return 'not an object';
  const provider = entry['litellm_provider'];
  const { problems } = readPriceEntry(entry, typeof provider === 'string' ? provider : '');
  return problems.length === 0 ? null : problems.join('; ');
}
