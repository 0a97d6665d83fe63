import { Agent, request, type Dispatcher } from 'undici';
import { InvalidRequestError } from '../core/errors.ts';
import type { EgressPolicy } from './egress.ts';
import type { Media } from './media/data-url.ts';
import { readDataUrl } from './media/data-url.ts';
import { mediaTypeOf, sniffMediaType, type MediaKind } from './media/sniff.ts';

export type { Media } from './media/data-url.ts';

export interface MediaOptions {
  readonly policy: EgressPolicy;
  /** `MAX_IMAGE_URL_DOWNLOAD_SIZE_MB` in bytes; 0: nothing is fetched. */
  readonly maxBytes: number;
  /** Redirects and all. */
  readonly timeoutMs?: number;
}

export interface MediaWish {
  readonly kind: MediaKind;
  /** `allow_private_image_urls`: addresses of the own network too, but never the Supervisor, metadata or ourselves. */
  readonly allowPrivate?: boolean;
  readonly signal?: AbortSignal;
}

const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 10_000;

/**
 * Fetches what a request names by its URL, for providers that take bytes alone (data-plane 11.10). Every hop passes the
 * egress policy and connects to the address that was checked. All failures read the same: a caller learns nothing of what
 * is at an address.
 */
export class MediaFetcher {
  readonly #options: MediaOptions;
  #agents: { readonly open: Agent; readonly inside: Agent } | null = null;

  constructor(options: MediaOptions) {
    this.#options = options;
  }

  start(): void {
    const agentFor = (purpose: 'request' | 'provider'): Agent =>
      new Agent({ connect: { lookup: this.#options.policy.lookup(purpose) }, pipelining: 1, connections: 8, maxHeaderSize: 16_384 });
    this.#agents ??= { open: agentFor('request'), inside: agentFor('provider') };
  }

  async stop(): Promise<void> {
    const agents = this.#agents;
    this.#agents = null;
    await Promise.all([agents?.open.destroy(), agents?.inside.destroy()]);
  }

  /**
   * @param url http(s) or `data:`
   * @throws {InvalidRequestError} `Unable to fetch image from URL`, or that the size limit was passed
   */
  async fetch(url: string, wish: MediaWish): Promise<Media> {
    const inline = readDataUrl(url);
    if (inline) return inline;
    const { maxBytes, timeoutMs = TIMEOUT_MS } = this.#options;
    if (maxBytes <= 0) throw new InvalidRequestError(`${unable(wish.kind)}: fetching is turned off here (MAX_IMAGE_URL_DOWNLOAD_SIZE_MB is 0).`);
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      return await this.#follow(url, wish, wish.signal ? AbortSignal.any([wish.signal, deadline]) : deadline);
    } catch (error) {
      wish.signal?.throwIfAborted();
      if (error instanceof TooLargeError) throw new InvalidRequestError(`${unable(wish.kind)}: it is larger than ${Math.floor(maxBytes / 1_048_576)} MB.`);
      throw new InvalidRequestError(`${unable(wish.kind)}. url=${withoutQuery(url)}`);
    }
  }

  async #follow(address: string, wish: MediaWish, signal: AbortSignal): Promise<Media> {
    let url = address;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const answer = await this.#ask(url, wish, signal);
      const { location } = answer.headers;
      if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
        await discard(answer);
        url = new URL(location, url).href;
      } else return this.#read(answer, wish.kind);
    }
    throw new Error('too many redirects');
  }

  async #ask(address: string, wish: MediaWish, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const agents = this.#agents;
    if (!agents) throw new Error('not started');
    const url = this.#options.policy.checkUrl(address, wish.allowPrivate ? 'provider' : 'request');
    url.username = '';
    url.password = '';
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'llm-gateway' };
    return request(url, { method: 'GET', headers, signal, dispatcher: wish.allowPrivate ? agents.inside : agents.open });
  }

  async #read(answer: Dispatcher.ResponseData, kind: MediaKind): Promise<Media> {
    if (answer.statusCode !== 200) {
      await discard(answer);
      throw new Error('no content');
    }
    const data = await bytesOf(answer, this.#options.maxBytes);
    const said = answer.headers['content-type'];
    // An image must show by its bytes that it is one, so that a page cannot be read through a picture.
    const mediaType = kind === 'image' ? sniffMediaType(data) : mediaTypeOf(data, typeof said === 'string' ? said : null);
    if (data.length === 0 || mediaType === null || !fits(mediaType, kind)) throw new Error('not what was asked for');
    return { mediaType, data };
  }
}

class TooLargeError extends Error {}

async function bytesOf({ headers, body }: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (Number(headers['content-length'] ?? 0) > maxBytes) throw new TooLargeError();
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new TooLargeError();
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks, size);
}

/** Lets go of an answer nobody reads. */
async function discard({ body }: Dispatcher.ResponseData): Promise<void> {
  await body.dump({ limit: 65_536 });
}

/** A file may be anything. */
function fits(mediaType: string, kind: MediaKind): boolean {
  return kind === 'file' || mediaType.startsWith(`${kind}/`) || (kind === 'audio' && mediaType === 'video/webm');
}

function unable(kind: MediaKind): string {
  return `Unable to fetch ${kind} from URL`;
}

/** The address as the caller wrote it, without the query, where signatures stand. */
function withoutQuery(url: string): string {
  return (url.split(/[?#]/)[0] ?? '').replace(/\/\/[^/@]*@/, '//').slice(0, 200);
}
