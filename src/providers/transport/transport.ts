import type { LookupFunction } from 'node:net';
import { readFileSync } from 'node:fs';
import type { Dispatcher, Pool as PoolType } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { Clock } from '../../core/clock.ts';
import { connectionError } from './connection-error.ts';
import { Deadlines } from './deadlines.ts';
import type { Signer } from './signer.ts';
import type { StreamedBody } from './streamed-body.ts';
import { UpstreamExchange, type Timeouts } from './upstream-exchange.ts';

/** TLS as the deployment wants it: `true` checks certificates, `false` does not, a path names a CA file. */
export type TlsCheck = boolean | string;

export interface UpstreamRequest {
  readonly method: 'POST' | 'GET' | 'PUT' | 'DELETE';
  /** `https://host:port` */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | StreamedBody | null;
  readonly timeouts: Timeouts;
  readonly tls?: TlsCheck;
  /** Signs what is sent; it takes no body that streams. */
  readonly signer?: Signer | null;
}

export type ProxyMaker = (options: PoolType.Options) => Dispatcher;

/** Loaded only where a proxy is set: it brings the rest of the package along. */
export async function loadProxyMaker(): Promise<ProxyMaker> {
  const { EnvHttpProxyAgent } = await import('undici');
  return (options) => new EnvHttpProxyAgent(options);
}

export interface TransportOptions {
  readonly clock: Clock;
  /** Resolves names and refuses addresses by the egress policy; null: the system's own. */
  readonly lookup: LookupFunction | null;
  readonly connectTimeoutMs: number;
  readonly ipv4Only: boolean;
  /** Makes the way through HTTP(S)_PROXY, for calls to other machines; null: no proxy is set. */
  readonly proxy: ProxyMaker | null;
}

const NO_BODY = Buffer.alloc(0);

/** Connections kept for one provider; calls beyond wait for one. */
const CONNECTIONS = 2048;

/** Sends requests to providers over kept connections, one pool for each origin (performance rule 3). */
export class Transport {
  readonly #options: TransportOptions;
  readonly #deadlines: Deadlines;
  readonly #pools = new Map<string, Dispatcher>();

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(options.clock);
  }

  /** Starts the exchange. Never throws: what goes wrong comes out of the exchange's promises. */
  send(request: UpstreamRequest): UpstreamExchange {
    const source = request.body === null || Buffer.isBuffer(request.body) ? null : request.body;
    const exchange = new UpstreamExchange(request.timeouts, this.#deadlines, this.#options.clock.elapsed, source);
    try {
      this.#pool(request.origin, request.tls ?? true, source === null).dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: this.#headersOf(request),
          body: request.body as Buffer | null,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        exchange,
      );
    } catch (error) {
      exchange.onResponseError(null, connectionError(error instanceof Error ? error : new Error(String(error)), false));
    }
    return exchange;
  }

  #headersOf({ signer = null, body, ...request }: UpstreamRequest): Readonly<Record<string, string>> {
    if (signer === null) return request.headers;
    if (body !== null && !Buffer.isBuffer(body)) throw new Error('a body that streams cannot be signed');
    return signer.sign({ ...request, body: body ?? NO_BODY }, this.#options.clock.now());
  }

  /** Exchanges under way. */
  get running(): number {
    return this.#deadlines.size;
  }

  async stop(): Promise<void> {
    this.#deadlines.stop();
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  /**
   * @param http2 not for a body that streams: undici ends the stream of a request that is given up as if it were over, and what came
   * of the body would look whole. HTTP/1.1 breaks the connection off.
   */
  #pool(origin: string, tls: TlsCheck, http2: boolean): Dispatcher {
    const key = tls === true && http2 ? origin : `${origin} ${String(tls)} ${http2 ? '' : '1.1'}`;
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = this.#newPool(origin, tls, http2);
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #newPool(origin: string, tls: TlsCheck, http2: boolean): Dispatcher {
    const { connectTimeoutMs, ipv4Only, lookup, proxy } = this.#options;
    const connect = {
      timeout: connectTimeoutMs,
      ...(ipv4Only ? { family: 4 } : {}),
      ...(lookup ? { lookup } : {}),
      ...(tls === false ? { rejectUnauthorized: false } : typeof tls === 'string' ? { ca: readFileSync(tls) } : {}),
    };
    // The last is longer than any answer's head should be and short enough to be no weapon.
    const options = {
      connect,
      pipelining: 1,
      connections: CONNECTIONS,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 65_536,
      ...(http2 ? {} : { allowH2: false }),
    };
    return proxy && !isLocal(origin) ? proxy(options) : new Pool(origin, options);
  }
}

/** On this machine, or link-local: a proxy would ask its own machine's metadata in place of this one's. */
function isLocal(origin: string): boolean {
  const { hostname } = new URL(origin);
  return ['localhost', '[::1]', '[fd00:ec2::23]'].includes(hostname) || hostname.startsWith('127.') || hostname.startsWith('169.254.');
}
