import { createContext } from '@lit/context';
import type { Session } from '../api/session.ts';

/**
 * Who is logged in. A page takes it with `@consume({ context: sessionContext, subscribe: true })` and leaves out what changes something
 * when `read_only` is set.
 */
export const sessionContext = createContext<Session>(Symbol('session'));

const SEE_ALL = new Set(['proxy_admin', 'proxy_admin_viewer']);

/** Whether this person sees what belongs to others. */
export function seesAll(session: Session): boolean {
  return SEE_ALL.has(session.user_role);
}

export function isAdmin(session: Session): boolean {
  return session.user_role === 'proxy_admin' && !session.read_only;
}
