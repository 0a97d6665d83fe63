import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { DeviceLogIn } from '../../../src/providers/copilot/device-log-in.ts';
import { EgressPolicy } from '../../../src/providers/egress.ts';
import { Transport } from '../../../src/providers/transport/transport.ts';
import { FakeProvider, json, type Behaviour } from '../../support/fake-provider.ts';

const CODE = {
  device_code: 'd-1',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://github.com/login/device',
  expires_in: 899,
  interval: 5,
};

let github: FakeProvider;
let transport: Transport;
let logIn: DeviceLogIn;
/** Seconds on the clock. */
let time: number;
let answer: Behaviour;

beforeAll(async () => {
  github = await FakeProvider.start((request, response) => (request.path === '/device' ? json(CODE) : answer)(request, response));
});

afterAll(() => github.stop());

beforeEach(() => {
  github.seen.length = 0;
  time = 0;
  answer = json({ error: 'authorization_pending' });
  transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  const env: Record<string, string> = {
    GITHUB_COPILOT_DEVICE_CODE_URL: `${github.url}/device`,
    GITHUB_COPILOT_ACCESS_TOKEN_URL: `${github.url}/token`,
    GITHUB_COPILOT_CLIENT_ID: 'client-1',
  };
  logIn = new DeviceLogIn({
    clock: { elapsed: () => time * 1000 },
    transport,
    egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
    env: (name) => env[name],
  });
});

afterEach(() => transport.stop());

const form = (): Record<string, string> => Object.fromEntries(new URLSearchParams(github.last.body.toString()));

describe('a log-in', () => {
  test('begins with a code for a person, and keeps its own to itself', async () => {
    const started = await logIn.start();
    expect(started).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      code: 'WDJB-MJHT',
      address: 'https://github.com/login/device',
      expiresInS: 899,
      intervalS: 5,
    });
    expect(form()).toEqual({ client_id: 'client-1', scope: 'read:user' });
  });

  test('asks GitHub at its pace, slower when told so, until it gives a token', async () => {
    const { id } = await logIn.start();
    time = 4;
    expect(await logIn.state(id)).toEqual({ state: 'authorization_pending', intervalS: 5 });
    expect(github.seen).toHaveLength(1);
    time = 5;
    expect(await logIn.state(id)).toEqual({ state: 'authorization_pending', intervalS: 5 });
    expect(form()).toEqual({ client_id: 'client-1', device_code: 'd-1', grant_type: 'urn:ietf:params:oauth:grant-type:device_code' });
    answer = json({ error: 'slow_down', interval: 12 });
    time = 10;
    expect(await logIn.state(id)).toEqual({ state: 'slow_down', intervalS: 12 });
    time = 21;
    expect(await logIn.state(id)).toEqual({ state: 'authorization_pending', intervalS: 12 });
    expect(github.seen).toHaveLength(3);
    answer = json({ access_token: 'gho_1', token_type: 'bearer', scope: 'read:user' });
    time = 22;
    expect(await logIn.state(id)).toEqual({ state: 'done', token: 'gho_1' });
    expect(await logIn.state(id)).toBeNull();
  });

  test.each(['expired_token', 'access_denied'])('ends with %s', async (error) => {
    const { id } = await logIn.start();
    answer = json({ error });
    time = 5;
    expect(await logIn.state(id)).toEqual({ state: error });
    expect(await logIn.state(id)).toBeNull();
  });

  test('ends by itself when its time is over, without a question', async () => {
    const { id } = await logIn.start();
    time = 899;
    expect(await logIn.state(id)).toEqual({ state: 'expired_token' });
    expect(github.seen).toHaveLength(1);
  });

  test('of many is forgotten first', async () => {
    const { id } = await logIn.start();
    for (let count = 0; count < 20; count++) await logIn.start();
    expect(await logIn.state(id)).toBeNull();
  });

  test('that GitHub does not begin or go on with is told in its words', async () => {
    const { id } = await logIn.start();
    answer = json({ error: 'incorrect_client_credentials', error_description: 'The client_id is wrong.' });
    time = 5;
    await expect(logIn.state(id)).rejects.toThrow('GitHub began no log-in: The client_id is wrong.');
    answer = (_request, response) => void response.writeHead(200).end('<html>');
    time = 10;
    await expect(logIn.state(id)).rejects.toThrow('something else than JSON');
  });
});
