import { z } from 'zod';

import { CoreRest } from './core-rest.ts';
import { CoreSocket } from './core-socket.ts';

/** A person with a log-in and a token of their own. */
export interface Person {
  /** Core's user id: 32 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly password: string;
  /** A long-lived access token. */
  readonly token: string;
}

const Code = z.object({ auth_code: z.string() });
const Tokens = z.object({ access_token: z.string() });

/**
 * Does what the first visitor of a new Home Assistant does: makes the owner and leaves the onboarding.
 *
 * @param url `http://127.0.0.1:PORT`
 */
export async function onboard(url: string): Promise<Person> {
  const client = `${url}/`;
  const owner = { name: 'Olga', username: 'olga', password: 'a password of nobody' };
  const open = new CoreRest(url, null);
  const { auth_code } = Code.parse(await open.request('POST', '/api/onboarding/users', { ...owner, client_id: client, language: 'en' }));
  const token = await exchange(open, client, auth_code);
  const rest = new CoreRest(url, token);
  await rest.request('POST', '/api/onboarding/analytics', {});
  await rest.request('POST', '/api/onboarding/integration', { client_id: client, redirect_uri: client });
  const socket = await CoreSocket.connect(webSocketOf(url), token);
  try {
    // Core tries a port of its configuration for five minutes and goes back to another one unless somebody confirms it.
    await socket.command('http/config/promote');
    return { ...owner, ...(await described(socket)) };
  } finally {
    socket.close();
  }
}

/** Makes a further person, administrator or not, as the owner does in the settings, and logs them in. */
export async function addPerson(
  url: string,
  owner: CoreSocket,
  { name, admin }: { readonly name: string; readonly admin: boolean },
): Promise<Person> {
  const login = { name, username: name.toLowerCase(), password: `the password of ${name}` };
  const groups = [admin ? 'system-admin' : 'system-users'];
  const { user } = z
    .object({ user: z.object({ id: z.string() }) })
    .parse(await owner.command('config/auth/create', { name, group_ids: groups, local_only: false }));
  await owner.command('config/auth_provider/homeassistant/create', {
    user_id: user.id,
    username: login.username,
    password: login.password,
  });
  const socket = await CoreSocket.connect(webSocketOf(url), await logIn(url, login.username, login.password));
  try {
    return { ...login, ...(await described(socket)) };
  } finally {
    socket.close();
  }
}

export const webSocketOf = (url: string): string => `${url.replace(/^http/, 'ws')}/api/websocket`;

/** The log-in form's own steps, for an access token of half an hour. */
async function logIn(url: string, username: string, password: string): Promise<string> {
  const client = `${url}/`;
  const open = new CoreRest(url, null);
  const flow = z
    .object({ flow_id: z.string() })
    .parse(await open.request('POST', '/auth/login_flow', { client_id: client, handler: ['homeassistant', null], redirect_uri: client }));
  const step = { client_id: client, username, password };
  const { result } = z.object({ result: z.string() }).parse(await open.request('POST', `/auth/login_flow/${flow.flow_id}`, step));
  return exchange(open, client, result);
}

async function exchange(rest: CoreRest, client: string, code: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, client_id: client });
  return Tokens.parse(await rest.request('POST', '/auth/token', form)).access_token;
}

async function described(socket: CoreSocket): Promise<{ id: string; token: string }> {
  const { id } = z.object({ id: z.string() }).parse(await socket.command('auth/current_user'));
  const token = await socket.command('auth/long_lived_access_token', { client_name: 'Lab', lifespan: 30 });
  return { id, token: z.string().parse(token) };
}
