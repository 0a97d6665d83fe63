import { constants, createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { EgressPolicy } from '../../src/providers/egress.ts';
import { EntraTokens } from '../../src/providers/entra/entra-tokens.ts';
import type { EntraGrant } from '../../src/providers/entra/grant.ts';
import { Transport } from '../../src/providers/transport/transport.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';

const MINUTE = 60_000;
/** 2026-11-26T12:00:00Z */
const NOW = 1_795_694_400_000;

let entra: FakeProvider;
let transport: Transport;
let tokens: EntraTokens;
let grant: EntraGrant;
/** Minutes on the clock of the tokens. */
let time: number;
let file: () => Promise<string>;

/** Numbered tokens that live so long. */
function issued(seconds: unknown = 3600): Behaviour {
  let count = 0;
  return (request, response) => json({ token_type: 'Bearer', expires_in: seconds, access_token: `token-${++count}` })(request, response);
}

const REFUSED = json(
  { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nCorrelation ID: 2' },
  401,
);

beforeEach(async () => {
  entra = await FakeProvider.start(issued());
  time = 0;
  file = () => Promise.resolve('jwt-of-a-file\n');
  transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  tokens = new EntraTokens({
    clock: { elapsed: () => time * MINUTE, now: () => NOW + time * MINUTE },
    transport,
    egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
    readText: () => file(),
  });
  grant = {
    issuer: 'entra',
    address: `${entra.url}/t-1/oauth2/v2.0/token`,
    clientId: 'c',
    scope: 's',
    showing: { kind: 'secret', secret: 'shh' },
  };
});

afterEach(async () => {
  await transport.stop();
  await entra.stop();
});

const asked = (): number => entra.seen.length;

describe('a token', () => {
  test('is asked for once by many calls, and kept', async () => {
    expect(await Promise.all([tokens.token(grant), tokens.token(grant), tokens.token(grant)])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(tokens.token(grant)).toBe('token-1');
    expect(asked()).toBe(1);
    expect(entra.last).toMatchObject({ method: 'POST', path: '/t-1/oauth2/v2.0/token' });
    expect(entra.last.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(entra.last.body.toString()).toBe('client_id=c&scope=s&grant_type=client_credentials&client_secret=shh');
  });

  test('is of one application alone', async () => {
    const other = { ...grant, showing: { kind: 'secret', secret: 'another' } } as const;
    expect([await tokens.token(grant), await tokens.token(other)]).toEqual(['token-1', 'token-2']);
  });

  test('is renewed before it ends, and nobody waits for that', async () => {
    await tokens.token(grant);
    time = 54;
    expect([tokens.token(grant), asked()]).toEqual(['token-1', 1]);
    time = 56;
    expect([tokens.token(grant), tokens.token(grant)]).toEqual(['token-1', 'token-1']);
    await expect.poll(() => tokens.token(grant)).toBe('token-2');
    expect(asked()).toBe(2);
  });

  test('is not sent after its end', async () => {
    await tokens.token(grant);
    time = 60;
    expect(await tokens.token(grant)).toBe('token-2');
  });

  test('goes on to hold while a renewal fails, which is tried again after a while', async () => {
    await tokens.token(grant);
    entra.behaviour = REFUSED;
    time = 56;
    expect(tokens.token(grant)).toBe('token-1');
    await expect.poll(asked).toBe(2);
    await expect.poll(() => transport.running).toBe(0);
    expect([tokens.token(grant), asked()]).toEqual(['token-1', 2]);
    time = 57;
    expect(tokens.token(grant)).toBe('token-1');
    await expect.poll(asked).toBe(3);
  });

  test.each([
    [60, 0.4, 0.6],
    ['1800', 24, 26],
    ['soon', 54, 56],
    [undefined, 54, 56],
  ])('that lives for %j seconds is kept for %d minutes and renewed after %d', async (seconds, kept, renewed) => {
    entra.behaviour = issued(seconds);
    await tokens.token(grant);
    time = kept;
    expect([tokens.token(grant), asked()]).toEqual(['token-1', 1]);
    time = renewed;
    expect(tokens.token(grant)).toBe('token-1');
    await expect.poll(asked).toBe(2);
  });

  test('that a provider does not believe is replaced, unless it is new', async () => {
    await tokens.token(grant);
    tokens.refused(grant, 'token-1');
    expect(tokens.token(grant)).toBe('token-1');
    time = 2;
    tokens.refused(grant, 'an-older-one');
    expect(tokens.token(grant)).toBe('token-1');
    tokens.refused(grant, 'token-1');
    expect(await tokens.token(grant)).toBe('token-2');
  });

  test('of another issuer is read anew each time it is exchanged', async () => {
    const exchanged = { ...grant, showing: { kind: 'file', path: '/run/token' } } as const;
    await tokens.token(exchanged);
    expect(new URLSearchParams(entra.last.body.toString()).get('client_assertion')).toBe('jwt-of-a-file');
    file = () => Promise.resolve('renewed-jwt');
    time = 61;
    await tokens.token(exchanged);
    expect(new URLSearchParams(entra.last.body.toString()).get('client_assertion')).toBe('renewed-jwt');
  });
});

describe('where there is no token', () => {
  test.each<[string, Behaviour, string, number, string]>([
    [
      'Entra does not believe',
      REFUSED,
      'AuthenticationError',
      401,
      'Entra ID gave no token: AADSTS7000215: Invalid client secret provided.',
    ],
    [
      'Entra does not know',
      json({ error: 'unauthorized_client' }, 400),
      'AuthenticationError',
      401,
      'Entra ID gave no token: unauthorized_client',
    ],
    [
      'Entra is asked too often',
      json({}, 429, { 'retry-after': '3' }),
      'RateLimitError',
      429,
      'Entra ID gave no token: it answered with status 429',
    ],
    ['Entra is broken', json({}, 500), 'ServiceUnavailableError', 503, 'Entra ID gave no token: it answered with status 500'],
    ['Entra gives an empty token', json({ access_token: '' }), 'APIConnectionError', 502, 'Entra ID answered without a token.'],
    ['Entra gives what is no header', json({ access_token: 'a\r\nb' }), 'APIConnectionError', 502, 'Entra ID answered without a token.'],
  ])('because %s, it is said so', async (_, behaviour, kind, status, message) => {
    entra.behaviour = behaviour;
    await expect(tokens.token(grant)).rejects.toMatchObject({
      failure: { class: kind, status, message: expect.stringContaining(message) },
    });
  });

  test('a time that Entra asks to wait is told', async () => {
    entra.behaviour = json({}, 429, { 'retry-after': '3' });
    await expect(tokens.token(grant)).rejects.toMatchObject({ failure: { retryAfterMs: 3000 }, retryable: true });
  });

  test('the next call asks again', async () => {
    entra.behaviour = REFUSED;
    await expect(tokens.token(grant)).rejects.toThrow('AADSTS7000215');
    entra.behaviour = issued();
    expect(await tokens.token(grant)).toBe('token-1');
  });

  test('because Entra cannot be reached, it is said who', async () => {
    await entra.stop();
    await expect(tokens.token(grant)).rejects.toMatchObject({
      failure: {
        class: 'APIConnectionError',
        status: 502,
        message: expect.stringMatching(/^Entra ID \(127\.0\.0\.1\) cannot be asked .*refused/),
      },
    });
    entra = await FakeProvider.start();
  });

  test('because its address must not be called, nothing is sent', async () => {
    const never = { ...grant, address: 'http://169.254.169.254/t/oauth2/v2.0/token' };
    await expect(tokens.token(never)).rejects.toThrow('Entra ID cannot be asked: This address must not be called');
    expect(asked()).toBe(0);
  });

  test('because the file cannot be read, nothing is sent and no path is told', async () => {
    file = () => Promise.reject(new Error("ENOENT: '/run/secret-place'"));
    const exchanged = { ...grant, showing: { kind: 'file', path: '/run/secret-place' } } as const;
    await expect(tokens.token(exchanged)).rejects.toMatchObject({
      failure: { status: 401, message: 'The file with the token for Entra ID cannot be read.' },
    });
    expect(asked()).toBe(0);
  });
});

describe('a certificate', () => {
  const pemOf = (name: string): Promise<string> => readFile(new URL(`../fixtures/entra/${name}.pem`, import.meta.url), 'utf8');
  const by = (password: string | null): EntraGrant => ({ ...grant, showing: { kind: 'certificate', path: '/run/app.pem', password } });

  test.each([
    ['application', null],
    ['application-locked', 'pass-word'],
  ])('of the %s is shown by a JWT that its key has signed', async (name, password) => {
    file = () => pemOf(name);
    expect(await tokens.token(by(password))).toBe('token-1');
    const form = new URLSearchParams(entra.last.body.toString());
    expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const [header = '', claims = '', signature = ''] = (form.get('client_assertion') ?? '').split('.');
    const part = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
    const certificate = new X509Certificate((await pemOf('application')).replace(/^[\s\S]*?(?=-----BEGIN CERT)/, ''));
    expect(part(header)).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
    });
    const at = NOW / 1000;
    expect(part(claims)).toEqual({ aud: grant.address, iss: 'c', sub: 'c', jti: expect.any(String), nbf: at, iat: at, exp: at + 600 });
    const key = {
      key: createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' })),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    };
    expect(verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test.each([
    ['nothing', '', 'it holds no certificate in PEM form.'],
    [
      'application-locked',
      null,
      'it holds no private key in PEM form that can be read, with AZURE_CLIENT_CERTIFICATE_PASSWORD where it needs one.',
    ],
  ])('in a file with %s is told by the file and what is wrong with it', async (name, password, message) => {
    file = () => (name === 'nothing' ? Promise.resolve('nothing') : pemOf(name));
    await expect(tokens.token(by(password))).rejects.toMatchObject({
      failure: {
        status: 401,
        message: `The file with the certificate for Entra ID (AZURE_CLIENT_CERTIFICATE_PATH) cannot be used: ${message}`,
      },
    });
    expect(asked()).toBe(0);
  });
});
