import { PanelChatBody } from '../contract/panel/chat.ts';
import { readBodyAs } from '../contract/body.ts';
import type { Caller } from '../core/caller.ts';
import { AuthError, NotFoundError, PermissionError } from '../core/errors.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { readBody } from './body.ts';
import { answerCall, clientOf, type CallRouteParts } from './calls.ts';

export interface PanelChatParts extends CallRouteParts {
  /** The key of a hash as it may be used now; null: no such key. @throws {AuthError} when its own call would be refused */
  readonly keyOf: (hash: string) => Caller | null;
}

const CHAT_ROUTE = '/chat/completions';

/** `POST /panel/chat` (ruling K7): a chat of the panel, which never holds a key, as the person or as one of their keys. */
export function panelChatRoute(parts: PanelChatParts): Route {
  return {
    method: 'POST',
    paths: ['/panel/chat'],
    rights: 'own',
    group: 'management_routes',
    surface: 'openai',
    summary: 'A chat from the panel, as the person who is logged in or as one of their keys, with all its limits.',
    shapes: { body: PanelChatBody },
    handle: (call) => chat(parts, call),
  };
}

async function chat(parts: PanelChatParts, call: RouteCall): Promise<void> {
  parts.ready();
  const { request, response, caller } = call;
  if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
  const client = clientOf(response);
  const given = JsonDocument.read(await readBody(request, parts.settings().maxRequestBytes));
  const { as, body } = readBodyAs(PanelChatBody, { as: given.value('as'), body: given.value('body') });
  const calling = as === null || as === undefined ? caller : keyFor(parts, caller, as);
  await answerCall(parts, call, { operation: 'chat', body: JsonDocument.of(body), caller: calling, client });
}

/** @throws {NotFoundError | PermissionError | AuthError} */
function keyFor(parts: PanelChatParts, caller: Caller, hash: string): Caller {
  const key = parts.keyOf(hash);
  if (!key) throw new NotFoundError('There is no such key any more. Choose another one.', 'as');
  if (caller.role !== 'proxy_admin' && (key.userId === null || key.userId !== caller.userId))
    throw new PermissionError('You may call as your own keys alone.');
  const routes = key.allowedRoutes;
  if (routes !== null && !routes.some((route) => ROUTES_OF_CHAT.has(route)))
    throw new PermissionError(`Virtual key is not allowed to call this route. Tried to call route: ${CHAT_ROUTE}`);
  return key;
}

const ROUTES_OF_CHAT: ReadonlySet<string> = new Set(['llm_api_routes', 'openai_routes', CHAT_ROUTE, `/v1${CHAT_ROUTE}`, '*']);
