import type { Caller } from '../../core/caller.ts';
import type { Deployment } from '../../core/deployment.ts';
import { PassedBody } from '../../contract/chat.ts';
import { AuthError, InvalidRequestError } from '../../core/errors.ts';
import type { JsonDocument } from '../../core/json-document.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { Route, RouteCall } from '../../core/route.ts';
import type { BookedCall } from '../../exchange/call.ts';
import type { Upstream } from '../../exchange/upstream.ts';
import { mergeHeaders } from '../../providers/resolve.ts';
import { callOriginOf } from '../call-options.ts';
import type { CallRouteParts } from '../calls.ts';
import { checkPassage, checkPassedRoute } from './access.ts';
import { bodyHeaders, bodyOf } from './body.ts';
import { callersToken, type TokenRules } from './callers-token.ts';
import { headersOnward } from './headers.ts';
import { pass, type PassParts } from './pass.ts';
import { leavesItsPlace, modelInPath, PREFIXES, targetOf, type Prefix } from './prefixes.ts';

export interface PassThroughParts extends PassParts, CallRouteParts, TokenRules {
  /**
   * The provider under the credentials that requests pass with, priced for the model.
   *
   * @param model null: the request names none
   * @param place what the path says of the account, as `litellm_params`
   * @throws {InvalidRequestError} when there are no credentials
   */
  readonly accountOf: (provider: string, model: string | null, place: JsonObject) => Deployment<Upstream>;
  /** The deployment behind a public name, when it is one of this provider. */
  readonly deploymentOf: (provider: string, name: string, caller: Caller) => Deployment<Upstream> | null;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Everything below a provider's prefix, as it is (data-plane 9.16). */
export function prefixRoutes(parts: PassThroughParts): Route[] {
  const surfaces = [...Map.groupBy(PREFIXES, ({ surface }) => surface)];
  return surfaces.flatMap(([surface, prefixes]) => METHODS.map((method) => prefixRoute(parts, method, surface, prefixes)));
}

function prefixRoute(
  parts: PassThroughParts,
  method: (typeof METHODS)[number],
  surface: Prefix['surface'],
  prefixes: readonly Prefix[],
): Route {
  const below = new Map(prefixes.flatMap((prefix) => prefix.paths.map((path) => [path, prefix] as const)));
  return {
    method,
    paths: [...below.keys()].map((path) => `${path}/*path`),
    rights: 'llm',
    group: 'llm_api_routes',
    alsoIn: ['mapped_pass_through_routes'],
    surface,
    summary:
      'Sends the request to the provider as it is, under the gateway’s credentials, and the answer back as it is. Key, limits, budgets and spend hold as for every call.',
    ...(method === 'GET' || method === 'DELETE' ? {} : { shapes: { body: PassedBody, streams: true } }),
    handle: (routeCall) => {
      const start = routeCall.path.slice(0, routeCall.path.indexOf('/', 1));
      const prefix = below.get(start);
      if (!prefix) throw new Error(`no prefix ${start}`);
      return passBelow(parts, routeCall, prefix, routeCall.path.slice(start.length));
    },
  };
}

async function passBelow(parts: PassThroughParts, routeCall: RouteCall, prefix: Prefix, rest: string): Promise<void> {
  parts.ready();
  const { request, path } = routeCall;
  const method = request.method ?? 'GET';
  const known = callerOf(routeCall);
  checkPassedRoute(known, path);
  if (leavesItsPlace(rest)) throw new InvalidRequestError('The path of this request holds steps such as "..".');
  const { document, bytes } = await bodyOf(request, parts.settings().maxRequestBytes, prefix.signs === true);
  const caller = parts.still(known, request.headers);
  const { inPath, inBody } = modelsOf(rest, document);
  const named = inPath ?? inBody;
  const own = inPath === null || prefix.namesModels !== true ? null : parts.deploymentOf(prefix.provider, inPath, caller);
  if (own === null)
    checkPassage(
      caller,
      prefix.provider,
      [inPath, inBody].filter((model) => model !== null),
      method,
    );
  const deployment = own ?? parts.accountOf(prefix.provider, named, prefix.placeIn?.(rest) ?? {});
  const { resolved } = deployment.upstream;
  const below = prefix.placed?.(rest, Object.values(resolved.paths)) ?? rest;
  const target = targetOf(resolved.base, own === null ? below : renamed(below, own.model), prefix.fromHost === true);
  target.search = queryOf(routeCall.query, prefix, resolved.query);
  const onward = headersOnward(request.headers, [parts.keyHeader()]);
  const merged = mergeHeaders(onward, bodyHeaders(request, bytes), resolved.headers);
  const headers = Object.fromEntries(Object.entries(merged).filter(([name]) => !resolved.dropHeaders.includes(name)));
  await pass(parts, routeCall, {
    call: passedCall(parts, routeCall, { caller, document, model: named, group: deployment.group, rest }),
    deployment,
    target,
    headers,
    bytes,
    token: prefix.takesToken === true ? callersToken(request.headers, deployment, parts) : null,
  });
}

export function callerOf({ caller }: RouteCall): Caller {
  if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
  return caller;
}

interface Models {
  readonly inPath: string | null;
  readonly inBody: string | null;
}

function modelsOf(rest: string, document: JsonDocument): Models {
  const model = document.has('model') ? document.value('model') : null;
  return { inPath: modelInPath(rest), inBody: typeof model === 'string' && model !== '' ? model.replace(/^models\//, '') : null };
}

/** A public name in the path becomes the provider's. */
function renamed(rest: string, model: string): string {
  return rest.replace(/(\/model\/)[^/]+/, (_, start: string) => start + encodeURIComponent(model));
}

/** The client's query without its key, and what the address itself asks for. */
function queryOf(query: string, { keyParameters = [] }: Prefix, own: Readonly<Record<string, string>>): string {
  if (query === '' && Object.keys(own).length === 0) return '';
  const kept = new URLSearchParams(query);
  for (const name of keyParameters) kept.delete(name);
  for (const [name, value] of Object.entries(own)) if (!kept.has(name)) kept.set(name, value);
  return kept.toString();
}

export interface Passed {
  readonly caller: Caller;
  readonly document: JsonDocument;
  readonly model: string | null;
  readonly group: string;
  readonly rest: string;
}

/** The request as it is booked. */
export function passedCall(parts: Pick<CallRouteParts, 'clock'>, routeCall: RouteCall, passed: Passed): BookedCall {
  const { request, requestId, callId, arrivedAt, path } = routeCall;
  const { caller, document, model, group, rest } = passed;
  return {
    requestId,
    callId,
    operation: 'passed',
    caller,
    model: model ?? '',
    groupName: group,
    body: document,
    stream: /stream/i.test(rest.slice(rest.lastIndexOf('/'))) || (document.has('stream') && document.value('stream') === true),
    origin: callOriginOf(document, request.headers, path, request.socket.remoteAddress ?? null, true),
    startedAt: parts.clock.now(),
    arrivedAt,
  };
}
