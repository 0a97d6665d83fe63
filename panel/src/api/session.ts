import { api } from './client.ts';

/** Who is logged in, as `GET /v2/session` says. */
export interface Session {
  readonly user_id: string;
  readonly user_email: string | null;
  readonly user_role: string;
  /** How it was proven: `username_password`, `home_assistant`. */
  readonly login_method: string;
  readonly expires: string | null;
  readonly version: string;
  /** Whether controls that change something are absent. */
  readonly read_only: boolean;
}

export const readSession = (signal?: AbortSignal) => api.get<Session>('v2/session', {}, signal);

/** The answer sets the cookie. */
export const logIn = (username: string, password: string) => api.post<{ redirect_url: string }>('v2/login', { username, password });

export const logOut = () => api.post<unknown>('logout');
