import type { Agent, ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import type { RequestHandler } from 'http-proxy-middleware';
import { ClientGoneError, TimeoutError } from '../../core/errors.ts';
import { connectionError } from './connection-error.ts';
import type { TlsCheck } from './transport.ts';

type Headers = Readonly<Record<string, string>>;

/** Where a client's request goes as it is, and under which headers. */
export interface Destination {
  /** `https://host:port` */
  readonly origin: string;
  /** Path and query, encoded as they are sent. */
  readonly path: string;
  /** All that are sent but for `host`. Lower-case names. */
  readonly headers: Headers;
  readonly tls: TlsCheck;
  /** What was read of the request's body; null: it is passed on as it arrives. */
  readonly body: Buffer | null;
  /** Until the answer's head, and between two pieces of either body, milliseconds. */
  readonly firstByteMs: number;
  readonly idleMs: number;
}

/** The answer of the other side, whose bytes are its reader's to pass on. */
export type Passing = IncomingMessage;

interface Job {
  readonly destination: Destination;
  /** All of the request left. */
  readonly onSent: () => void;
  readonly onAnswer: (answer: Passing) => void;
  readonly onFailure: (error: Error) => void;
}

export interface RelayOptions {
  /** Resolves names and refuses addresses by the egress policy. */
  readonly lookup: LookupFunction;
  /** Variables that name a proxy for calls to other machines; null: none is set. */
  readonly proxyVariables: Readonly<Record<string, string>> | null;
}

/** How long a connection that nobody uses is kept, milliseconds: shorter than servers keep theirs. */
const UNUSED_MS = 4000;

/**
 * Sends clients' own requests on, by http-proxy-middleware. What loads it, and Node's HTTP client with it, is the first request
 * that passes: most gateways never have one.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #jobs = new WeakMap<IncomingMessage, Job>();
  readonly #proxies = new Map<string, Promise<RequestHandler>>();
  readonly #agents: Agent[] = [];

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the head of the answer. The connection ends with the client's.
   *
   * @throws {ProviderError | TimeoutError | ClientGoneError} when there is no answer
   */
  async send(request: IncomingMessage, response: ServerResponse, destination: Destination, onSent: () => void): Promise<Passing> {
    const { promise, resolve, reject } = Promise.withResolvers<Passing>();
    const proxy = await this.#proxyFor(destination);
    if (response.destroyed) throw new ClientGoneError('the client is gone');
    this.#jobs.set(request, { destination, onSent, onAnswer: resolve, onFailure: reject });
    const asked = { headers: request.headers, url: request.url };
    request.headers = { ...destination.headers };
    request.url = destination.path;
    const gone = (): void => {
      reject(new ClientGoneError('the client is gone'));
    };
    response.on('close', gone);
    try {
      void proxy(request, response);
      return await promise;
    } finally {
      response.off('close', gone);
      // What is told of the request afterwards is told of the client's.
      request.headers = asked.headers;
      if (asked.url !== undefined) request.url = asked.url;
    }
  }

  stop(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  #proxyFor({ origin, tls }: Destination): Promise<RequestHandler> {
    const { protocol } = new URL(origin);
    const key = `${protocol} ${String(tls)}`;
    let proxy = this.#proxies.get(key);
    if (!proxy) {
      proxy = this.#newProxy(protocol, tls);
      this.#proxies.set(key, proxy);
    }
    return proxy;
  }

  async #newProxy(protocol: string, tls: TlsCheck): Promise<RequestHandler> {
    const [{ createProxyMiddleware }, agent] = await Promise.all([import('http-proxy-middleware'), this.#newAgent(protocol, tls)]);
    return createProxyMiddleware({
      router: (request) => this.#job(request).destination.origin,
      agent,
      changeOrigin: true,
      secure: tls !== false,
      // The answer goes through the hands of whoever asked; nothing is followed, rewritten or answered here.
      selfHandleResponse: true,
      ejectPlugins: true,
      plugins: [
        (proxy) => {
          proxy.on('proxyReq', (outgoing, request) => {
            this.#begin(outgoing, this.#job(request));
          });
          proxy.on('proxyRes', (answer, request) => {
            this.#job(request).onAnswer(answer);
          });
          proxy.on('error', (error, request) => {
            if (request) this.#jobs.get(request)?.onFailure(connectionError(error, false));
          });
          proxy.on('econnreset', (error, request) => {
            this.#jobs.get(request)?.onFailure(new ClientGoneError('the client is gone', error));
          });
        },
      ],
    });
  }

  /** The connection is there, and nothing was sent yet. */
  #begin(outgoing: ClientRequest, { destination, onSent }: Job): void {
    const { body, firstByteMs, idleMs } = destination;
    let answer: Passing | null = null;
    outgoing.setTimeout(firstByteMs, () => {
      if (answer === null) outgoing.destroy(new TimeoutError('first byte', firstByteMs));
      else answer.destroy(new TimeoutError('idle', idleMs));
    });
    outgoing.on('response', (begun) => {
      answer = begun;
      outgoing.setTimeout(idleMs);
    });
    outgoing.on('finish', onSent);
    // The body that was read is not in the request any more: its end is.
    if (body !== null && body.length > 0) outgoing.write(body);
  }

  async #newAgent(protocol: string, tls: TlsCheck): Promise<Agent> {
    const { lookup, proxyVariables } = this.#options;
    const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
    const shared = { keepAlive: true, timeout: UNUSED_MS, lookup, ...(proxyVariables && { proxyEnv: proxyVariables }) };
    const agent =
      protocol === 'https:'
        ? new https.Agent({ ...shared, rejectUnauthorized: tls !== false, ...(typeof tls === 'string' ? { ca: await readFile(tls) } : {}) })
        : new http.Agent(shared);
    this.#agents.push(agent);
    return agent;
  }

  #job(request: IncomingMessage): Job {
    const job = this.#jobs.get(request);
    if (!job) throw new Error('a request that nobody sent');
    return job;
  }
}
