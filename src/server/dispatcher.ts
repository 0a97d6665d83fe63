import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { randomUUIDv7 } from 'node:crypto';
import type { Express } from 'express';
import type { Logger } from 'pino';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { ClientGoneError, GatewayError, InvalidRequestError, MethodNotAllowedError, NotFoundError } from '../core/errors.ts';
import { ProviderError } from '../core/provider-error.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Route, Surface } from '../core/route.ts';
import { errorAnswerOf, type ErrorAnswer, type StatusSettings } from '../contract/error-envelope.ts';
import { controlErrorBody } from '../control/error-body.ts';
import { COMPATIBLE_VERSION } from '../gateway/answer-headers.ts';
import { generateErrorBody } from '../gateway/generate-error.ts';
import { messagesErrorBody } from '../gateway/messages-error.ts';
import { takeKeyOf } from '../identity/credential.ts';
import { checkRouteAccess } from '../identity/route-access.ts';
import { corsHeaders, type CorsSettings } from './cors.ts';
import { OverloadedError } from './overload.ts';
import { normalPath } from './path.ts';
import { restOf } from './rest-of-request.ts';

export interface DispatcherParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** Who calls a route that is not public. @throws when nobody may */
  readonly callerOf: CallerOf;
  readonly routes: readonly Route[];
  /** Routes of the configuration, which change with it; absent: there are none. */
  readonly configured?: (method: string, path: string) => Route | null;
  /** `SERVER_ROOT_PATH`, without a slash at its end; `''` for none. */
  readonly rootPath: string;
  readonly statuses: () => StatusSettings;
  readonly cors: () => CorsSettings;
  readonly version: string;
  /** Whether a call that costs work must be turned away now. */
  readonly overloaded: () => boolean;
  /** WebSockets by their path. */
  readonly sockets: ReadonlyMap<string, Upgrade>;
}

export type CallerOf = (route: Route, request: IncomingMessage) => Caller;
type Upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => void;

interface Located {
  readonly path: string;
  readonly query: string;
}

/** A route of everything below a literal path: `/ui/*path`, `/models/*model:countTokens`. */
interface Below {
  readonly route: Route;
  /** `/ui/` */
  readonly start: string;
  /** `path` */
  readonly name: string;
  /** `:countTokens`; `''` where the rest may end as it likes. */
  readonly end: string;
}

/**
 * From a request to its route: one table for all routes (ruling K9). Literal paths are found in a map, and what lies below a
 * literal path by its beginning, ahead of Express and from the same registrations; Express finds the rest, and is loaded when a
 * first request needs it.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #exact = new Map<string, Route>();
  readonly #methods = new Map<string, string[]>();
  #below: readonly Below[] = [];
  #express: Promise<Express> | null = null;
  readonly #located = new WeakMap<IncomingMessage, Located>();

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    for (const route of parts.routes) for (const path of route.paths) this.#register(route, path);
    this.#below = this.#below.filter(({ start }) => !this.#holdsPattern(start));
  }

  /** Whether patterns stand below a path: of those Express knows the order. */
  #holdsPattern(start: string): boolean {
    return this.#methods.keys().some((path) => path.startsWith(start) && isPattern(path) && !BELOW.test(path));
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const located = normalPath(request.url ?? '/', this.#parts.rootPath);
    const method = request.method ?? 'GET';
    const route =
      located && (this.#exact.get(`${method === 'HEAD' ? 'GET' : method} ${located.path}`) ?? this.#configured(method, located.path));
    if (located && route) {
      void this.#serve(route, request, response, located, NO_PARAMS);
      return;
    }
    const readable = located !== null && !READ_TWO_WAYS.test(located.path);
    const below = readable ? this.#belowOf(method, located.path) : null;
    if (located && below) {
      void this.#serve(below.route, request, response, located, below.params);
      return;
    }
    this.#located.set(request, located ?? { path: '', query: '' });
    request.url = readable ? located.path : NOWHERE;
    void this.#matched(request, response);
  }

  /** A path of the gateway's own keeps its methods. */
  #configured(method: string, path: string): Route | null {
    return this.#methods.has(path) ? null : (this.#parts.configured?.(method, path) ?? null);
  }

  async #matched(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const app = await (this.#express ??= this.#expressFor(this.#parts.routes));
    app(request, response);
  }

  /** The route of everything below a literal path. */
  #belowOf(method: string, path: string): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | null {
    const asked = method === 'HEAD' ? 'GET' : method;
    const found = this.#below.find(({ route, start, end }) => route.method === asked && path.startsWith(start) && path.endsWith(end));
    if (!found) return null;
    const rest = decoded(path.slice(found.start.length, path.length - found.end.length));
    return rest === null ? null : { route: found.route, params: { [found.name]: rest } };
  }

  /** Whether a request becomes a WebSocket: one of these paths, and asked for as such. */
  readonly upgrades = (request: IncomingMessage): boolean =>
    request.headers.upgrade?.toLowerCase() === 'websocket' && this.#socketOf(request) !== null;

  /** A connection that becomes a WebSocket. */
  readonly upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    this.#socketOf(request)?.(request, stream, head);
  };

  #socketOf({ method, url }: IncomingMessage): Upgrade | null {
    const located = method === 'GET' ? normalPath(url ?? '/', this.#parts.rootPath) : null;
    return (located && this.#parts.sockets.get(located.path)) ?? null;
  }

  #register(route: Route, path: string): void {
    const key = `${route.method} ${path}`;
    const methods = this.#methods.get(path) ?? [];
    if (methods.includes(route.method)) throw new Error(`route registered twice: ${key}`);
    this.#methods.set(path, [...methods, route.method]);
    const [, start, name, end = ''] = BELOW.exec(path) ?? [];
    if (start !== undefined && name !== undefined) this.#below = [...this.#below, { route, start, name, end }];
    else if (!isPattern(path)) this.#exact.set(key, route);
  }

  async #expressFor(routes: readonly Route[]): Promise<Express> {
    const { default: express } = await import('express');
    const app = express();
    app.disable('x-powered-by');
    app.set('case sensitive routing', true);
    app.set('etag', false);
    for (const route of routes) {
      for (const path of route.paths) {
        if (!isPattern(path) || isMethod(path)) continue;
        app[route.method.toLowerCase() as 'get'](path, (request, response) =>
          this.#serve(route, request, response, this.#locatedOf(request), paramsOf(request.params)),
        );
      }
    }
    for (const [path, methods] of this.#methods) {
      if (!isPattern(path) || isMethod(path)) continue;
      app.all(path, (request, response) => {
        this.#unserved(request, response, methods);
      });
    }
    app.use((request, response) => {
      this.#unserved(request, response, []);
    });
    // Express refuses a target it cannot decode; it is a wrong request, not a fault of ours.
    app.use((_error: unknown, request: IncomingMessage, response: ServerResponse, _next: unknown) => {
      this.#fail(new InvalidRequestError('The path of this request cannot be read.'), null, request, response, randomUUIDv7(), {});
    });
    return app;
  }

  #locatedOf(request: IncomingMessage): Located {
    return this.#located.get(request) ?? { path: request.url ?? '/', query: '' };
  }

  /** Before anything is looked at: under overload nothing may cost much, and least of all a refusal. */
  #turnAway(request: IncomingMessage, response: ServerResponse): void {
    const headers = [...TURNED_AWAY.headers, 'x-litellm-call-id', callIdOf(request) ?? randomUUIDv7()];
    for (const more of [corsHeaders(request, this.#parts.cors()), connectionAfter(request)]) headers.push(...Object.entries(more).flat());
    response.writeHead(TURNED_AWAY.status, headers);
    response.end(TURNED_AWAY.body);
  }

  async #serve(
    route: Route,
    request: IncomingMessage,
    response: ServerResponse,
    { path, query }: Located,
    params: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { clock, version, overloaded } = this.#parts;
    if (route.rights === 'llm' && overloaded()) {
      this.#turnAway(request, response);
      return;
    }
    const arrivedAt = clock.elapsed();
    const requestId = randomUUIDv7();
    const callId = callIdOf(request) ?? requestId;
    const headers: Record<string, string> = {
      'x-litellm-call-id': callId,
      'x-litellm-version': COMPATIBLE_VERSION,
      'x-gateway-version': version,
      ...corsHeaders(request, this.#parts.cors()),
    };
    try {
      if (route.surface === 'gemini') takeKeyOf(query, request.headers);
      const caller = route.rights === 'public' ? null : this.#parts.callerOf(route, request);
      if (caller) checkRouteAccess(caller, route, path);
      await route.handle({ request, response, caller, params, query, requestId, callId, arrivedAt, path, headers });
    } catch (error) {
      this.#fail(error, route, request, response, callId, headers);
    }
  }

  /** No route has this path, or none with this method. @param matched methods of the pattern that fits the path */
  #unserved(request: IncomingMessage, response: ServerResponse, matched: readonly string[]): void {
    const methods = this.#methods.get(this.#locatedOf(request).path) ?? matched;
    if (request.method === 'OPTIONS') {
      this.#options(request, response, methods);
      return;
    }
    const near = this.#methodsBelow(request);
    const [first] = near;
    const error = first
      ? new NotFoundError(`Not Found. Models have these methods here: ${near.map(({ end }) => end.slice(1)).join(', ')}.`)
      : methods.length > 0
        ? new MethodNotAllowedError(methods)
        : new NotFoundError('Not Found');
    this.#fail(error, first?.route ?? null, request, response, callIdOf(request) ?? randomUUIDv7(), {
      ...corsHeaders(request, this.#parts.cors()),
    });
  }

  /** Methods of models that stand where this request looks for another one. */
  #methodsBelow(request: IncomingMessage): Below[] {
    const { path } = this.#locatedOf(request);
    const asks = ({ route, start, end }: Below): boolean =>
      end !== '' && route.method === request.method && path.startsWith(start) && path.includes(':', start.length);
    return this.#below.filter(asks);
  }

  /** The one edge where an error becomes an answer. */
  #fail(
    error: unknown,
    route: Route | null,
    request: IncomingMessage,
    response: ServerResponse,
    callId: string,
    headers: Record<string, string>,
  ): void {
    if (error instanceof ClientGoneError || response.destroyed) {
      response.destroy();
      return;
    }
    const foreseen = error instanceof GatewayError || error instanceof ProviderError;
    if (!foreseen) this.#parts.log.error({ callId, err: error }, 'unforeseen error while answering');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const answer = errorAnswerOf(error, this.#parts.statuses());
    const body = Buffer.from(JSON.stringify(errorBodyOf(route?.surface ?? 'control', error, answer, callId)));
    response.writeHead(answer.status, {
      'x-litellm-call-id': callId,
      ...headers,
      ...answer.headers,
      'content-type': 'application/json',
      'content-length': String(body.length),
      ...connectionAfter(request),
    });
    if (!isUnread(request)) {
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    response.write(body);
    void restOf(request).then(() => response.end());
  }

  #options(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): void {
    const allow = [...methods, 'OPTIONS'].join(', ');
    response.writeHead(request.headers['access-control-request-method'] === undefined ? 200 : 204, {
      allow,
      'content-length': '0',
      ...corsHeaders(request, this.#parts.cors()),
    });
    response.end();
  }
}

/**
 * What Express's reading of a path could take for something else than its text (`#` ends it there, a backslash becomes a
 * slash). Such a path leads nowhere, so that what is matched is what the rights were checked for (ruling K9).
 */
const READ_TWO_WAYS = /[#\\\s\ufeff]/;
/** Literal segments, then everything below them, up to a method where one is named. */
const BELOW = /^([^:*]*\/)\*(\w+)(:\w+)?$/;
/** A method of Google's APIs behind the name of a thing. Express would take it for a name. */
const METHOD = /\*\w+:\w+$/;
/** A path that no route has. */
const NOWHERE = '/..';

function isPattern(path: string): boolean {
  return path.includes(':') || path.includes('*');
}

function isMethod(path: string): boolean {
  return METHOD.test(path);
}

/** Null when it cannot be decoded: Express says so. */
function decoded(text: string): string | null {
  try {
    return text === '' ? null : decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** A body that nobody reads stands in the way of the next request on its connection: one of this size is read over by Node. */
const MOST_SKIPPED = 65_536;

/** What an answer says of its connection when the request's body may be left unread. */
function connectionAfter(request: IncomingMessage): { readonly connection?: 'close' } {
  return isUnread(request) ? { connection: 'close' } : {};
}

function isUnread({ headers, readableEnded }: IncomingMessage): boolean {
  const bytes = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Infinity;
  return !readableEnded && bytes > MOST_SKIPPED;
}

const { status, headers, body } = errorAnswerOf(new OverloadedError());
/** The answer of an overloaded gateway, made once. */
const TURNED_AWAY = {
  status,
  headers: [...Object.entries(headers).flat(), 'content-type', 'application/json', 'content-length', String(JSON.stringify(body).length)],
  body: JSON.stringify(body),
};

const NO_PARAMS: Readonly<Record<string, string>> = {};

function paramsOf(params: Readonly<Record<string, string | string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : value]));
}

/** The client's own id of the call, when it is printable and short (ruling M7). */
function callIdOf(request: IncomingMessage): string | null {
  const id = request.headers['x-litellm-call-id'];
  return typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id) ? id : null;
}

/** An error in the words of whoever is asked. */
function errorBodyOf(surface: Surface, error: unknown, answer: ErrorAnswer, callId: string): JsonObject {
  switch (surface) {
    case 'openai':
      return answer.body;
    case 'anthropic':
      return messagesErrorBody(answer, callId, error);
    case 'gemini':
      return generateErrorBody(answer);
    case 'control':
      return controlErrorBody(error, answer.body);
  }
}
