import type { DeviceState, StartedDevice } from '../../../src/contract/device-log-in.ts';
import { api } from './client.ts';

export type { DeviceState, StartedDevice } from '../../../src/contract/device-log-in.ts';

const PATH = 'credentials/github_copilot/device';

/** Begins a log-in at GitHub for Copilot. */
export function startGithubLogIn(signal?: AbortSignal): Promise<StartedDevice> {
  return api.post<StartedDevice>(PATH, {}, signal);
}

/** How it stands; when it is done, the account is stored as a credential. */
export function githubLogIn(id: string, signal?: AbortSignal): Promise<DeviceState> {
  return api.post<DeviceState>(`${PATH}/${id}`, {}, signal);
}
