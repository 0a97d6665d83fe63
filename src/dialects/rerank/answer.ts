import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { Usage } from '../../core/usage.ts';
import { errorInside } from '../openai/errors.ts';
import type { RerankRequest } from './request.ts';
import type { RerankShape } from './shapes.ts';
import { rerankUsage } from './usage.ts';

/** A document and how well it fits. */
export interface Rank {
  readonly index: number;
  readonly score: number;
}

export interface RerankAnswer {
  /** The provider's id, when it gave one. */
  readonly id?: string;
  /** Best first, no document twice, no more than were asked for. */
  readonly ranks: readonly Rank[];
  readonly usage?: Usage;
}

/**
 * Reads a provider's answer.
 *
 * @param body parsed JSON
 * @throws {ProviderError} the error that stands in it
 * @throws {MalformedAnswerError} when a document is named that nobody sent, or a score is no number
 */
export function readRerankAnswer(body: unknown, shape: RerankShape, request: RerankRequest): RerankAnswer {
  const error = isObject(body) ? errorInside(body) : null;
  if (error) throw error;
  const ranks = ranksIn(listAt(body, shape.results), shape, request.documents.length);
  const usage = isObject(body) ? rerankUsage(body) : undefined;
  const id = isObject(body) ? body['id'] : undefined;
  return {
    ...(typeof id === 'string' && id !== '' ? { id } : {}),
    ranks: best(ranks, request.topN),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Where the provider's kind has its list, or where another kind would have it. */
function listAt(body: unknown, path: readonly string[]): readonly unknown[] {
  for (const place of [path, ['results'], ['data'], []]) {
    const list = place.reduce((value: unknown, name) => (isObject(value) ? value[name] : undefined), body);
    if (Array.isArray(list)) return list;
  }
  throw new MalformedAnswerError('The answer has no ranks.', 'shape');
}

function ranksIn(list: readonly unknown[], { index, score }: RerankShape, count: number): Rank[] {
  return list.map((entry, at) => {
    const rank = index === null ? { index: at, score: entry } : named(entry, index, score);
    if (typeof rank.score !== 'number' || !Number.isFinite(rank.score))
      throw new MalformedAnswerError('The answer has a score that is no number.', 'shape');
    if (!Number.isInteger(rank.index) || (rank.index as number) < 0 || (rank.index as number) >= count)
      throw new MalformedAnswerError('The answer ranks a document that was not sent.', 'shape');
    return rank as Rank;
  });
}

function named(entry: unknown, index: string, score: string): { readonly index: unknown; readonly score: unknown } {
  const result: JsonObject = isObject(entry) ? entry : {};
  const place = result[index] ?? result['index'];
  return {
    // Names of documents are texts to some.
    index: typeof place === 'string' && /^\d{1,6}$/.test(place) ? Number(place) : place,
    score: result[score] ?? result['relevance_score'] ?? result['score'],
  };
}

/** Equal scores stay in the provider's order; of a document that is named twice the better rank counts. */
function best(ranks: readonly Rank[], topN: number | undefined): Rank[] {
  const seen = new Set<number>();
  const sorted = ranks.toSorted((a, b) => b.score - a.score).filter(({ index }) => !seen.has(index) && seen.add(index));
  return topN === undefined ? sorted : sorted.slice(0, topN);
}
