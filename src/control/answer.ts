import type { ChangeAuthor } from '../core/change-author.ts';
import type { RouteCall } from '../core/route.ts';

/** The query of a request. */
export function queryOf({ query }: RouteCall): URLSearchParams {
  return new URLSearchParams(query);
}

/** Who made a change, for the audit log. */
export function changeAuthorOf(call: RouteCall): ChangeAuthor {
  return { userId: authorOf(call), keyHash: call.caller?.keyHash ?? null };
}

/** Who a change is recorded for: the header's person, else the caller. */
export function authorOf({ request, caller }: RouteCall): string | null {
  const named = request.headers['litellm-changed-by'];
  return typeof named === 'string' && named !== '' ? named.slice(0, 256) : (caller?.userId ?? null);
}
