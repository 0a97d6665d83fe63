import type { SessionAnswer } from '../../../src/contract/log-in.ts';
import { api } from './client.ts';

/** Who is logged in, as `GET /v2/session` says. */
export type Session = SessionAnswer;

export const readSession = (signal?: AbortSignal) => api.get<Session>('v2/session', {}, signal);

/** The answer sets the cookie. */
export const logIn = (username: string, password: string) => api.post<{ redirect_url: string }>('v2/login', { username, password });

export const logOut = () => api.post<unknown>('logout');
