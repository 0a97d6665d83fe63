import type { PassThroughEndpoint } from '../../config/settings/pass-through.ts';
import type { Deployment } from '../../core/deployment.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { Route, RouteCall } from '../../core/route.ts';
import type { Upstream } from '../../exchange/upstream.ts';
import { bodyHeaders, bodyOf } from './body.ts';
import { checkPassedRoute } from './access.ts';
import { forward, type Listener } from './forward.ts';
import { headersBack, headersOfContent, headersOnward } from './headers.ts';
import { pass } from './pass.ts';
import { callerOf, passedCall, type PassThroughParts } from './prefix-routes.ts';
import { leavesItsPlace } from './prefixes.ts';

export interface ConfiguredParts extends Omit<PassThroughParts, 'accountOf' | 'deploymentOf'> {
  /** What an endpoint is booked as. @throws {InvalidRequestError} when its address must not be called */
  readonly endpointAccount: (endpoint: PassThroughEndpoint) => Deployment<Upstream>;
}

interface Place {
  readonly endpoint: PassThroughEndpoint;
  readonly route: Route;
}

/** The paths of `general_settings.pass_through_endpoints`, which may change while the gateway runs. */
export class ConfiguredRoutes {
  readonly #parts: ConfiguredParts;
  readonly #endpoints: () => readonly PassThroughEndpoint[];
  #known: readonly PassThroughEndpoint[] = [];
  #places: readonly Place[] = [];

  constructor(parts: ConfiguredParts, endpoints: () => readonly PassThroughEndpoint[]) {
    this.#parts = parts;
    this.#endpoints = endpoints;
  }

  /** The route of a request that no route of the gateway's own has; null: none. */
  readonly find = (method: string, path: string): Route | null => {
    const asked = method === 'HEAD' ? 'GET' : method;
    return this.#current().find(({ endpoint, route }) => route.method === asked && holds(endpoint, path))?.route ?? null;
  };

  #current(): readonly Place[] {
    const endpoints = this.#endpoints();
    if (endpoints !== this.#known) {
      this.#known = endpoints;
      this.#places = endpoints.flatMap((endpoint) =>
        endpoint.methods.map((method) => ({ endpoint, route: this.#route(endpoint, method) })),
      );
    }
    return this.#places;
  }

  #route(endpoint: PassThroughEndpoint, method: Route['method']): Route {
    return {
      method,
      paths: [endpoint.path],
      rights: endpoint.auth ? 'llm' : 'public',
      group: 'llm_api_routes',
      alsoIn: ['mapped_pass_through_routes'],
      surface: 'openai',
      ...(endpoint.keyHeader === null ? {} : { keyHeader: endpoint.keyHeader }),
      handle: (routeCall) => (endpoint.auth ? passBooked : passOpen)(this.#parts, routeCall, endpoint),
    };
  }
}

function holds({ path, includeSubpath }: PassThroughEndpoint, asked: string): boolean {
  return asked === path || (includeSubpath && asked.startsWith(`${path}/`));
}

async function passBooked(parts: ConfiguredParts, routeCall: RouteCall, endpoint: PassThroughEndpoint): Promise<void> {
  parts.ready();
  const { request, path } = routeCall;
  const known = callerOf(routeCall);
  checkPassedRoute(known, path);
  const target = targetFor(endpoint, routeCall);
  const deployment = parts.endpointAccount(endpoint);
  const { document, bytes } = await bodyOf(request, parts.settings().maxRequestBytes, false);
  const caller = parts.still(known, request.headers);
  await pass(parts, routeCall, {
    call: passedCall(parts, routeCall, { caller, document, model: null, group: deployment.group, rest: path }),
    deployment,
    target,
    headers: headersFor(parts, routeCall, endpoint, bytes),
    bytes,
  });
}

const NOBODY: Listener = { answered: () => undefined, push: () => undefined, end: () => Promise.resolve() };

/** Open to everybody, and so nobody's to pay: only passed on. */
async function passOpen(parts: ConfiguredParts, routeCall: RouteCall, endpoint: PassThroughEndpoint): Promise<void> {
  const { request, response } = routeCall;
  const target = targetFor(endpoint, routeCall);
  const { upstream } = parts.endpointAccount(endpoint);
  const { callMs, idleMs } = parts.timeouts();
  const destination = {
    origin: target.origin,
    path: target.pathname + target.search,
    headers: headersFor(parts, routeCall, endpoint, null),
    tls: upstream.tls,
    body: null,
    firstByteMs: callMs,
    idleMs,
  };
  const answer = await parts.relay.send(request, response, destination, () => undefined);
  await forward(answer, response, NOBODY, () => [
    ...headersBack(answer.rawHeaders, upstream.secrets),
    ...Object.entries(routeCall.headers).flat(),
  ]);
}

/** The target with what stands behind the path, and the queries: the client's win, then the target's, then the usual ones. */
function targetFor({ path, target, query }: PassThroughEndpoint, routeCall: RouteCall): URL {
  const rest = routeCall.path.slice(path.length);
  if (leavesItsPlace(rest)) throw new InvalidRequestError('The path of this request holds steps such as "..".');
  const url = new URL(target);
  if (rest !== '') url.pathname = `${url.pathname.replace(/\/$/, '')}${rest}`;
  const asked = new URLSearchParams(routeCall.query);
  for (const usual of [url.searchParams, new URLSearchParams(query)])
    for (const [name, value] of usual) if (!asked.has(name)) asked.set(name, value);
  url.search = asked.toString();
  return url;
}

function headersFor(
  parts: ConfiguredParts,
  { request }: RouteCall,
  { headers, forwardHeaders, keyHeader }: PassThroughEndpoint,
  bytes: Buffer | null,
): Readonly<Record<string, string>> {
  const onward = forwardHeaders ? headersOnward(request.headers, [parts.keyHeader(), keyHeader]) : headersOfContent(request.headers);
  return { ...onward, ...headers, ...bodyHeaders(request, bytes) };
}
