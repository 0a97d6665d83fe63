import { api } from './client.ts';

/** Oneself, as a person of the gateway. */
export interface OwnPerson {
  readonly user_id: string;
  readonly user_alias: string | null;
  readonly user_email: string | null;
}

export const readOwnPerson = (signal?: AbortSignal) => api.get<OwnPerson>('v2/user/info', {}, signal);

export interface OwnChange {
  readonly user_alias?: string | null;
  readonly user_email?: string | null;
  /** Ends all of one's sessions. */
  readonly password?: string;
}

export const changeOwnPerson = (id: string, change: OwnChange) => api.post<unknown>('user/update', { user_id: id, ...change });
