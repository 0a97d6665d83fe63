import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { EgressPolicy } from '../../src/providers/egress.ts';
import { GigaChatTokens, type GigaChatGrant } from '../../src/providers/gigachat/gigachat-tokens.ts';
import { connectionError } from '../../src/providers/transport/connection-error.ts';
import { Transport } from '../../src/providers/transport/transport.ts';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { resolve } from './resolving.ts';

const MINUTE = 60_000;
const NOW = 1_790_000_000_000;

let sber: FakeProvider;
let transport: Transport;
let tokens: GigaChatTokens;
let grant: GigaChatGrant;
/** Minutes on the clock of the tokens. */
let time: number;
let answer: (count: number) => unknown;

beforeEach(async () => {
  let count = 0;
  answer = (n) => ({ access_token: `token-${n}`, expires_at: NOW + 30 * MINUTE });
  sber = await FakeProvider.start((request, response) => json(answer(++count))(request, response));
  time = 0;
  transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  tokens = new GigaChatTokens({
    clock: { elapsed: () => time * MINUTE, now: () => NOW + time * MINUTE },
    transport,
    egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
  });
  grant = {
    issuer: 'gigachat',
    address: `${sber.url}/api/v2/oauth`,
    credentials: 'Y2xpZW50OnNlY3JldA==',
    scope: 'GIGACHAT_API_PERS',
    tls: true,
  };
});

afterEach(async () => {
  await transport.stop();
  await sber.stop();
});

describe('a token of GigaChat', () => {
  test('is asked for with the authorization key, an id of the question and the scope, once', async () => {
    expect(await Promise.all([tokens.token(grant), tokens.token(grant)])).toEqual(['token-1', 'token-1']);
    expect(sber.seen).toHaveLength(1);
    expect(sber.last).toMatchObject({ method: 'POST', path: '/api/v2/oauth' });
    expect(sber.last.headers).toMatchObject({
      authorization: 'Basic Y2xpZW50OnNlY3JldA==',
      rquid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string,
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(sber.last.body.toString()).toBe('scope=GIGACHAT_API_PERS');
  });

  test.each([
    ['its end in milliseconds', { access_token: 'a', expires_at: NOW + 20 * MINUTE }, 20],
    ['its end in seconds', { access_token: 'a', expires_at: (NOW + 20 * MINUTE) / 1000 }, 20],
    ['the words of an installation of one’s own', { tok: 'a', exp: NOW + 20 * MINUTE }, 20],
    ['an end that is over by our clock', { access_token: 'a', expires_at: NOW - 90 * MINUTE }, 30],
    ['an end that is too good to be true', { access_token: 'a', expires_at: NOW + 900 * MINUTE }, 30],
    ['no end', { access_token: 'a' }, 30],
  ])('that tells %s holds as long as that says', async (_what, body, minutes) => {
    answer = () => body;
    await tokens.token(grant);
    time = minutes - 1;
    expect(tokens.token(grant)).toBe('a');
    time = minutes;
    expect(tokens.token(grant)).toBeInstanceOf(Promise);
    await tokens.token(grant);
  });

  test('that is refused is told in Sber’s words, without the key', async () => {
    sber.behaviour = json({ code: 6, message: "credentials doesn't match db data" }, 401);
    const failed = tokens.token(grant);
    await expect(failed).rejects.toMatchObject({ status: 401, failure: { class: 'AuthenticationError' } });
    await expect(failed).rejects.toThrow("Sber's authorization gave no token: credentials doesn't match db data");
    sber.behaviour = json({ tok: '' });
    await expect(tokens.token(grant)).rejects.toThrow('without a token');
  });
});

test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
  'a certificate of an authority that is not known (%s) is told as one, and what helps',
  (code) => {
    const error = connectionError(Object.assign(new Error('self-signed'), { code }), false);
    expect(error.message).toContain(`an authority that this machine does not know (${code})`);
    expect(error.message).toContain('ssl_verify');
  },
);

describe('a deployment of GigaChat', () => {
  const params = { model: 'gigachat/GigaChat-2-Max' };

  test('has the key, scope and authority of its row, else those of the variables', () => {
    const own = resolve({ ...params, api_key: 'Basic a2V5', gigachat_scope: 'GIGACHAT_API_CORP', ssl_verify: '/ca.pem' });
    expect(own.grant).toEqual({
      issuer: 'gigachat',
      address: 'https://ngw.devices.sberbank.ru:9443/api/v2/oauth',
      credentials: 'a2V5',
      scope: 'GIGACHAT_API_CORP',
      tls: '/ca.pem',
    });
    const env = { GIGACHAT_CREDENTIALS: 'ZW52', GIGACHAT_SCOPE: 'GIGACHAT_API_B2B', GIGACHAT_AUTH_URL: 'https://auth.example/oauth' };
    expect(resolve(params, env).grant).toMatchObject({
      credentials: 'ZW52',
      scope: 'GIGACHAT_API_B2B',
      address: 'https://auth.example/oauth',
      tls: true,
    });
  });

  test('may have a token as it is', () => {
    expect(resolve({ ...params, token: 't-1' })).toMatchObject({ grant: null, credentials: { authorization: 'Bearer t-1' } });
    expect(() => resolve({ ...params, api_key: 'a key' })).toThrow('holds a blank');
    expect(resolve({ ...params, mock_response: 'x' }).grant).toBeNull();
  });
});
