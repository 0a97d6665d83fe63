import type { LocalServersAnswer } from '../../../src/contract/panel/local-servers.ts';
import { api } from './client.ts';

export type FoundServers = LocalServersAnswer;
export type FoundServer = LocalServersAnswer['servers'][number];
export type FoundModel = FoundServer['models'][number];

/** What was found when somebody looked last. */
export const readFoundServers = (signal?: AbortSignal) => api.get<FoundServers>('panel/local-servers', {}, signal);

/** Looks now: on the machine of the gateway and at the addresses that were named. */
export const lookForServers = (change: { addresses?: readonly string[]; forget?: readonly string[] } = {}) =>
  api.post<FoundServers>('panel/local-servers/look', change);
