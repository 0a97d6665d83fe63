import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { EgressPolicy } from '../../src/providers/egress.ts';
import { ManagedIdentity, type IdentityGrant } from '../../src/providers/entra/managed-identity.ts';
import { Transport } from '../../src/providers/transport/transport.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';

const MINUTE = 60_000;
/** 2026-11-26T12:00:00Z */
const NOW = 1_795_694_400_000;
const MACHINE: IdentityGrant = { issuer: 'azure_identity', clientId: null, resource: 'https://cognitiveservices.azure.com', server: null };

let azure: FakeProvider;
let transport: Transport;
let identity: ManagedIdentity;
/** Minutes on the clock. */
let time: number;

beforeAll(async () => {
  azure = await FakeProvider.start();
});

afterAll(() => azure.stop());

beforeEach(() => {
  azure.seen.length = 0;
  azure.behaviour = issued();
  time = 0;
  transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  identity = new ManagedIdentity({
    clock: { elapsed: () => time * MINUTE, now: () => NOW + time * MINUTE },
    transport,
    egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
    metadata: azure.url,
  });
});

afterEach(() => transport.stop());

/** Numbered tokens that hold for a day, as those of machines do. */
function issued(): Behaviour {
  let count = 0;
  return (request, response) => {
    const end = String(NOW / 1000 + time * 60 + 86_400);
    return json({ access_token: `token-${++count}`, expires_on: end, expires_in: '86400', token_type: 'Bearer' })(request, response);
  };
}

const queryOf = (path: string): Record<string, string> => Object.fromEntries(new URL(path, 'http://x').searchParams);

describe('a token', () => {
  test('is got from the metadata server, once for many calls, and renewed before it ends', async () => {
    expect(await Promise.all([identity.token(MACHINE), identity.token(MACHINE)])).toEqual(['token-1', 'token-1']);
    expect(azure.last).toMatchObject({ method: 'GET', headers: { metadata: 'true' } });
    expect(new URL(azure.last.path, 'http://x').pathname).toBe('/metadata/identity/oauth2/token');
    expect(queryOf(azure.last.path)).toEqual({ 'api-version': '2018-02-01', resource: 'https://cognitiveservices.azure.com' });
    time = 1434;
    expect([identity.token(MACHINE), azure.seen.length]).toEqual(['token-1', 1]);
    time = 1436;
    expect(identity.token(MACHINE)).toBe('token-1');
    await expect.poll(() => identity.token(MACHINE)).toBe('token-2');
  });

  test('of an identity that is named is another', async () => {
    expect([await identity.token(MACHINE), await identity.token({ ...MACHINE, clientId: 'c-1' })]).toEqual(['token-1', 'token-2']);
    expect(queryOf(azure.last.path)).toMatchObject({ client_id: 'c-1' });
  });

  test('is got from the server of App Service, which is shown its secret', async () => {
    const server = { address: `${azure.url}/msi/token`, secret: 'header-secret' };
    expect(await identity.token({ ...MACHINE, server })).toBe('token-1');
    expect(azure.last.headers).toMatchObject({ 'x-identity-header': 'header-secret' });
    expect(azure.last.headers).not.toHaveProperty('metadata');
    expect(queryOf(azure.last.path)).toMatchObject({ 'api-version': '2019-08-01' });
  });
});

describe('where there is no token', () => {
  test.each<[string, Behaviour, string, number, string]>([
    [
      'the machine has no identity',
      json({ error: 'invalid_request', error_description: 'Identity not found' }, 400),
      'AuthenticationError',
      401,
      'The managed identity of Azure gave no token: Identity not found',
    ],
    ['it is another cloud', (_request, response) => void response.writeHead(404).end('<html>'), 'AuthenticationError', 401, 'There are no credentials for Azure: set api_key'], // prettier-ignore
    ['it is asked too often', json({}, 429, { 'retry-after': '2' }), 'RateLimitError', 429, 'it answered with status 429'],
    ['the server is being renewed', json({}, 410), 'ServiceUnavailableError', 503, 'it answered with status 410'],
    ['the answer has none', json({}), 'APIConnectionError', 502, 'The managed identity of Azure answered without a token.'],
  ])('because %s, it is said so', async (_, behaviour, kind, status, message) => {
    azure.behaviour = behaviour;
    await expect(identity.token(MACHINE)).rejects.toMatchObject({
      failure: { class: kind, status, message: expect.stringContaining(message) },
    });
  });

  test('because nobody is there, it is said what to set', async () => {
    await transport.stop();
    const gone = await FakeProvider.start();
    const { url } = gone;
    await gone.stop();
    const alone = new ManagedIdentity({
      clock: systemClock,
      transport,
      egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
      metadata: url,
    });
    await expect(alone.token(MACHINE)).rejects.toThrow('There are no credentials for Azure: set api_key');
  });

  test.each([
    'http://169.254.169.254/msi/token',
    'http://169.254.170.2/msi/token',
    'http://169.254.129.6/latest',
    'http://[fd00:ec2::254]/',
  ])('because its server would be at %s, nothing is sent', async (address) => {
    await expect(identity.token({ ...MACHINE, server: { address, secret: 's' } })).rejects.toThrow('cannot be asked');
    expect(azure.seen).toHaveLength(0);
  });
});
