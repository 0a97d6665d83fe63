import { seesAll, type Caller } from '../core/caller.ts';
import { AuthError, PermissionError } from '../core/errors.ts';
import { isHomeAssistant } from './managed-key.ts';
import { Person } from './person.ts';
import { matchesPattern } from '../core/pattern.ts';
import type { Rights, Route, RouteGroup } from '../core/route.ts';

/** Groups that a key's `allowed_routes` may name, and the groups of routes they hold (control-plane 2.4). */
const HELD: Readonly<Record<string, readonly RouteGroup[]>> = {
  llm_api_routes: ['llm_api_routes'],
  openai_routes: ['llm_api_routes'],
  mapped_pass_through_routes: ['mapped_pass_through_routes'],
  info_routes: ['info_routes'],
  management_routes: ['management_routes', 'key_management_routes'],
  key_management_routes: ['key_management_routes'],
  spend_tracking_routes: ['spend_tracking_routes'],
  global_spend_tracking_routes: ['global_spend_tracking_routes'],
};

/**
 * Whether a caller may call a route that was matched (ruling K9).
 *
 * @throws {AuthError | PermissionError} in the words clients look for
 */
export function checkRouteAccess(caller: Caller, route: Route, path: string): void {
  const { allowedRoutes } = caller;
  if (allowedRoutes !== null && !allowedRoutes.some((entry) => holds(entry, route, path))) {
    throw new PermissionError(
      `Virtual key is not allowed to call this route. Only allowed to call routes: [${allowedRoutes.map((entry) => `'${entry}'`).join(', ')}]. Tried to call route: ${path}`,
    );
  }
  if (!ALLOWED[route.rights](caller)) {
    const reason = route.rights === 'master' ? ONLY_MASTER : ONLY_ADMINS;
    // To the panel 401 means that nobody is logged in any more.
    if (caller instanceof Person) throw new PermissionError(reason);
    throw new AuthError(reason);
  }
}

const anybody = (): boolean => true;

const ALLOWED: Readonly<Record<Rights, (caller: Caller) => boolean>> = {
  public: anybody,
  info: anybody,
  llm: anybody,
  own: ({ role }) => role === 'proxy_admin' || role === 'internal_user',
  read: seesAll,
  home: (caller) => caller.role === 'proxy_admin' || isHomeAssistant(caller),
  admin: ({ role }) => role === 'proxy_admin',
  // Keys and people have limits, if only empty ones.
  master: ({ role, policy }) => role === 'proxy_admin' && policy === null,
};

const ONLY_MASTER = 'Only the master key may call this route.';

/** Clients look for these words. */
const ONLY_ADMINS = 'Only proxy admin can be used to generate, delete, update info for new keys/users/teams';

/** An entry is a group, a path, a prefix ending in `*`, or a template such as `/v1/models/{model_id}`. */
function holds(entry: string, route: Route, path: string): boolean {
  const groups = Object.hasOwn(HELD, entry) ? HELD[entry] : undefined;
  if (groups) return groups.includes(route.group) || route.alsoIn?.some((group) => groups.includes(group)) === true;
  if (entry.includes('{')) return matchesPattern(entry.replaceAll(/\{[^}]*\}/g, '*'), path);
  return matchesPattern(entry, path) || (!entry.includes('*') && route.paths.includes(entry));
}
