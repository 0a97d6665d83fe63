import type { Host, OutwardDialect } from '../core/dialect.ts';
import { ClientGoneError, InvalidRequestError } from '../core/errors.ts';
import type { MediaPart, Part } from '../core/parts.ts';
import type { ChatRequest, Message } from '../core/request.ts';
import type { MediaFetcher } from '../providers/media.ts';
import type { Client } from './client.ts';

export interface InlineWish {
  readonly allowPrivate: boolean;
  readonly client: Client;
  /** Who is asked; undefined: the dialect's maker. */
  readonly host: Host | undefined;
}

/** Media one request may have fetched for it. */
const MOST_FETCHED = 50;

/** Fetches what a provider cannot fetch itself, through the one egress policy, and puts the bytes in its place (data-plane 11.10). */
export class MediaInliner {
  readonly #fetcher: MediaFetcher;

  constructor(fetcher: MediaFetcher) {
    this.#fetcher = fetcher;
  }

  /** @throws {InvalidRequestError} when something cannot be fetched */
  async inlined(request: ChatRequest, dialect: OutwardDialect, wish: InlineWish): Promise<ChatRequest> {
    const wanted = new Set<MediaPart>();
    const must = (part: MediaPart): boolean => dialect.mustInline(part, wish.host);
    for (const { parts } of request.messages) collect(parts, must, wanted);
    if (wanted.size === 0) return request;
    if (wanted.size > MOST_FETCHED) throw tooMany('messages');
    const fetched = new Map(await Promise.all([...wanted].map(async (part) => [part, await this.#fetched(part, wish)] as const)));
    return { ...request, messages: request.messages.map((message): Message => ({ ...message, parts: replaced(message.parts, fetched) })) };
  }

  /** Media that stand alone, and not in a message. @throws {InvalidRequestError} when something cannot be fetched */
  alone(parts: readonly MediaPart[], dialect: OutwardDialect, wish: InlineWish): Promise<MediaPart[]> {
    const must = (part: MediaPart): boolean => dialect.mustInline(part, wish.host);
    if (parts.filter(must).length > MOST_FETCHED) throw tooMany('images');
    return Promise.all(parts.map((part) => (must(part) ? this.#fetched(part, wish) : Promise.resolve(part))));
  }

  async #fetched(part: MediaPart, { allowPrivate, client }: InlineWish): Promise<MediaPart> {
    if (part.source.type !== 'url') return part;
    try {
      const { data, mediaType } = await this.#fetcher.fetch(part.source.url, { kind: part.kind, allowPrivate, signal: client.signal });
      return { ...part, mediaType, source: { type: 'data', data: data.toString('base64') } };
    } catch (error) {
      throw client.gone ? new ClientGoneError('the client is gone') : error;
    }
  }
}

function tooMany(param: string): InvalidRequestError {
  return new InvalidRequestError(`A request may hold at most ${MOST_FETCHED} media addresses that must be fetched.`, param);
}

function collect(parts: readonly Part[], must: (part: MediaPart) => boolean, wanted: Set<MediaPart>): void {
  for (const part of parts) {
    if (part.type === 'tool_result') collect(part.parts, must, wanted);
    else if (part.type === 'media' && part.source.type === 'url' && must(part)) wanted.add(part);
  }
}

function replaced<T extends Part>(parts: readonly T[], fetched: ReadonlyMap<MediaPart, MediaPart>): T[] {
  return parts.map((part): T => {
    if (part.type === 'tool_result') return { ...part, parts: replaced(part.parts, fetched) };
    return part.type === 'media' ? ((fetched.get(part) ?? part) as T) : part;
  });
}
