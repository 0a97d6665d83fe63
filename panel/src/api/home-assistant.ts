import type { HOME_ACTIONS, PanelHome } from '../../../src/contract/panel/home-assistant.ts';
import { api } from './client.ts';

/** How the gateway stands with Home Assistant. */
export type Home = PanelHome;
export type HomeAction = (typeof HOME_ACTIONS)[number];

export const readHome = (signal?: AbortSignal) => api.get<Home>('panel/home-assistant', {}, signal);

export const actAtHome = (action: HomeAction) => api.post<Home>('panel/home-assistant', { action });
