import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { CopilotTokens, type CopilotGrant } from '../../../src/providers/copilot/copilot-tokens.ts';
import { turnHeaders } from '../../../src/providers/copilot/turn-headers.ts';
import { EgressPolicy } from '../../../src/providers/egress.ts';
import { secretsOfGrant } from '../../../src/providers/tokens/grant.ts';
import { Transport } from '../../../src/providers/transport/transport.ts';
import { FakeProvider, json, type Behaviour } from '../../support/fake-provider.ts';
import { resolve } from '../resolving.ts';

const MINUTE = 60_000;
/** 2026-11-26T12:00:00Z */
const NOW = 1_795_694_400_000;

let github: FakeProvider;
let transport: Transport;
let tokens: CopilotTokens;
/** Minutes on the clock. */
let time: number;

beforeAll(async () => {
  github = await FakeProvider.start();
});

afterAll(() => github.stop());

beforeEach(() => {
  github.seen.length = 0;
  github.behaviour = issued();
  time = 0;
  transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  tokens = new CopilotTokens({
    clock: { elapsed: () => time * MINUTE, now: () => NOW + time * MINUTE },
    transport,
    egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
  });
});

afterEach(() => transport.stop());

/** Numbered tokens that hold for half an hour, and what else the answer says. */
function issued(more: object = {}): Behaviour {
  let count = 0;
  return (request, response) =>
    json({ token: `tid=1;exp=2:${++count}`, expires_at: NOW / 1000 + (time + 30) * 60, refresh_in: 1500, ...more })(request, response);
}

function grantOf(params: Record<string, unknown> = {}, env: Record<string, string> = {}): CopilotGrant {
  const row = { model: 'github_copilot/gpt-4.1', api_key: 'gho_account-token', ...params };
  const { grant } = resolve(row, { GITHUB_COPILOT_API_KEY_URL: `${github.url}/copilot_internal/v2/token`, ...env });
  if (grant?.issuer !== 'copilot') throw new Error('no grant');
  return grant;
}

const origin = async (grant: CopilotGrant): Promise<string | undefined> => (await tokens.token(grant)).origin;

describe('a token', () => {
  test('is got for the account’s, once for many calls, and renewed five minutes before it ends', async () => {
    const proofs = await Promise.all([tokens.token(grantOf()), tokens.token(grantOf())]);
    expect(proofs.map(({ headers }) => headers)).toEqual(Array.from({ length: 2 }, () => ({ authorization: 'Bearer tid=1;exp=2:1' })));
    expect(github.seen).toHaveLength(1);
    expect(github.last).toMatchObject({
      method: 'GET',
      path: '/copilot_internal/v2/token',
      headers: { authorization: 'token gho_account-token', 'copilot-integration-id': 'vscode-chat', 'x-github-api-version': '2025-04-01' },
    });
    time = 24;
    expect(tokens.token(grantOf())).toMatchObject({ secrets: ['tid=1;exp=2:1'] });
    expect(github.seen).toHaveLength(1);
    time = 26;
    await tokens.token(grantOf());
    await expect.poll(async () => (await tokens.token(grantOf())).secrets).toEqual(['tid=1;exp=2:2']);
    expect(secretsOfGrant(grantOf())).toEqual(['gho_account-token']);
  });

  test('that Copilot does not believe is replaced, unless it is new', async () => {
    await tokens.token(grantOf());
    expect(tokens.refused(grantOf(), 'tid=1;exp=2:1')).toBe(false);
    time = 2;
    expect(tokens.refused(grantOf(), 'tid=1;exp=2:1')).toBe(true);
    expect(await tokens.token(grantOf())).toMatchObject({ secrets: ['tid=1;exp=2:2'] });
  });

  test.each([
    [
      json({ message: 'Bad credentials' }, 401),
      401,
      'GitHub gave no token for Copilot: Bad credentials (Sign in again, with an account that has Copilot.)',
    ],
    [json({ error_details: { message: 'No access to GitHub Copilot.' }, message: 'x' }, 403), 401, 'No access to GitHub Copilot.'],
    [json({}, 429, { 'retry-after': '2' }), 429, 'it answered with status 429'],
    [json({}, 500), 503, 'it answered with status 500'],
    [json({ token: 'a\nb' }), 502, 'GitHub answered without a token.'],
  ])('that GitHub does not give is told (%#)', async (behaviour, status, message) => {
    github.behaviour = behaviour;
    await expect(tokens.token(grantOf())).rejects.toMatchObject({ failure: { status, message: expect.stringContaining(message) } });
  });
});

describe('the address that GitHub names', () => {
  test('is called in place of the usual one', async () => {
    github.behaviour = issued({ endpoints: { api: `${github.url}/` } });
    expect(await origin(grantOf())).toBe(github.url);
  });

  test.each([
    'https://evil.example',
    'http://githubcopilot.com.evil.example',
    'http://127.0.0.2',
    'no address',
    'http://127.0.0.1/path',
    '',
  ])('gets no token where it is %j', async (api) => {
    github.behaviour = issued({ endpoints: { api } });
    expect(await origin(grantOf())).toBeUndefined();
  });

  test('does not count where the owner gave another', async () => {
    github.behaviour = issued({ endpoints: { api: github.url } });
    expect(await origin(grantOf({ api_base: 'https://proxy.example' }))).toBeUndefined();
    expect(await origin(grantOf({}, { GITHUB_COPILOT_API_BASE: 'https://proxy.example' }))).toBeUndefined();
  });
});

describe('a turn', () => {
  const of = (...messages: unknown[]) => turnHeaders(Buffer.from(JSON.stringify({ messages })));
  const picture = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:x' } }] };

  test('is a person’s until a model has answered', () => {
    expect(of({ role: 'system', content: 's' }, { role: 'user', content: 'assistant' })).toEqual({ 'x-initiator': 'user' });
    expect(of({ role: 'user', content: 'x' }, { role: 'assistant', content: 'y' }, { role: 'user', content: 'z' })).toEqual({
      'x-initiator': 'agent',
    });
    expect(of({ role: 'user', content: 'x' }, { role: 'tool', content: 'y' })).toEqual({ 'x-initiator': 'agent' });
  });

  test('with a picture says so', () => {
    expect(of(picture)).toEqual({ 'x-initiator': 'user', 'copilot-vision-request': 'true' });
  });

  test('is nothing where no conversation is sent', () => {
    expect(turnHeaders(Buffer.from('{"input":["a"]}'))).toEqual({});
    expect(turnHeaders(Buffer.from('no JSON'))).toEqual({});
  });
});
