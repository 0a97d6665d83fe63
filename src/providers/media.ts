import type { Agent, Dispatcher, request } from 'undici';
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
  /** Made at the first fetch: most gateways never fetch anything. */
  #agents: Promise<Agents> | null = null;
  #stopped = false;

  constructor(options: MediaOptions) {
    this.#options = options;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const agents = await this.#agents;
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
    if (maxBytes <= 0)
      throw new InvalidRequestError(`${unable(wish.kind)}: fetching is turned off here (MAX_IMAGE_URL_DOWNLOAD_SIZE_MB is 0).`);
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      return await this.#follow(url, wish, wish.signal ? AbortSignal.any([wish.signal, deadline]) : deadline);
    } catch (error) {
      wish.signal?.throwIfAborted();
      if (error instanceof TooLargeError)
        throw new InvalidRequestError(`${unable(wish.kind)}: it is larger than ${Math.floor(maxBytes / 1_048_576)} MB.`);
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
    if (this.#stopped) throw new Error('stopped');
    this.#agents ??= makeAgents(this.#options.policy);
    const { request, open, inside } = await this.#agents;
    const url = this.#options.policy.checkUrl(address, wish.allowPrivate ? 'provider' : 'request');
    url.username = '';
    url.password = '';
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'llm-gateway' };
    return request(url, { method: 'GET', headers, signal, dispatcher: wish.allowPrivate ? inside : open });
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

interface Agents {
  readonly request: typeof request;
  /** Goes to public addresses alone. */
  readonly open: Agent;
  /** Goes into private networks too. */
  readonly inside: Agent;
}

async function makeAgents(policy: EgressPolicy): Promise<Agents> {
  const { Agent, request } = await import('undici');
  const agentFor = (purpose: 'request' | 'provider'): Agent =>
    new Agent({ connect: { lookup: policy.lookup(purpose) }, pipelining: 1, connections: 8, maxHeaderSize: 16_384 });
  return { request, open: agentFor('request'), inside: agentFor('provider') };
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
