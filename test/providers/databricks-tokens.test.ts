import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { DatabricksTokens, type DatabricksGrant } from '../../src/providers/databricks/databricks-tokens.ts';
import { EgressPolicy } from '../../src/providers/egress.ts';
import { Transport } from '../../src/providers/transport/transport.ts';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { resolve } from './resolving.ts';

const MODEL = 'databricks/databricks-claude-sonnet-4-5';
const HOST = 'https://adb-1.azuredatabricks.net';
const BASE = `${HOST}/serving-endpoints`;

describe('a service principal', () => {
  const GRANT = { issuer: 'databricks', address: `${HOST}/oidc/v1/token`, clientId: 'c', clientSecret: 's' };

  test('of the deployment asks its own workspace for tokens, and no key is sent', () => {
    const { credentials, grant } = resolve({ model: MODEL, api_base: BASE, client_id: 'c', client_secret: 's' });
    expect([credentials, grant]).toEqual([{}, GRANT]);
  });

  test('of the variables comes before a token of the variables, and after a key of the deployment', () => {
    const env = { DATABRICKS_HOST: HOST, DATABRICKS_CLIENT_ID: 'c', DATABRICKS_CLIENT_SECRET: 's', DATABRICKS_TOKEN: 'dapi' };
    const found = resolve({ model: MODEL }, env);
    expect([found.base, found.grant]).toEqual([BASE, GRANT]);
    expect(resolve({ model: MODEL, api_key: 'own' }, env)).toMatchObject({ credentials: { authorization: 'Bearer own' }, grant: null });
  });

  test('that is named by half is told, and not passed over', () => {
    expect(() => resolve({ model: MODEL, api_base: BASE, client_id: 'c' })).toThrow('client_secret is missing');
    expect(() => resolve({ model: MODEL, api_base: BASE, client_secret: 's' })).toThrow('client_id is missing');
  });

  test('is none where a token is all there is', () => {
    expect(resolve({ model: MODEL, api_base: BASE }, { DATABRICKS_API_KEY: 'dapi' })).toMatchObject({
      credentials: { authorization: 'Bearer dapi' },
      grant: null,
    });
  });
});

describe('its tokens', () => {
  let workspace: FakeProvider;
  let transport: Transport;
  let tokens: DatabricksTokens;
  let grant: DatabricksGrant;
  let minutes: number;

  beforeEach(async () => {
    let count = 0;
    workspace = await FakeProvider.start((request, response) =>
      json({ access_token: `token-${++count}`, token_type: 'Bearer', expires_in: 3600, scope: 'all-apis' })(request, response),
    );
    minutes = 0;
    transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
    tokens = new DatabricksTokens({
      clock: { elapsed: () => minutes * 60_000 },
      transport,
      egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
    });
    grant = { issuer: 'databricks', address: `${workspace.url}/oidc/v1/token`, clientId: 'client', clientSecret: 'geheim:ü' };
  });

  afterEach(async () => {
    await transport.stop();
    await workspace.stop();
  });

  test('are asked for as the documentation says, once by many, and anew before they end', async () => {
    expect(await Promise.all([tokens.token(grant), tokens.token(grant)])).toEqual(['token-1', 'token-1']);
    const { method, path, headers, body } = workspace.last;
    expect([method, path, headers['content-type']]).toEqual(['POST', '/oidc/v1/token', 'application/x-www-form-urlencoded']);
    expect(Buffer.from(String(headers.authorization).slice(6), 'base64').toString()).toBe('client:geheim:ü');
    expect(body.toString()).toBe('grant_type=client_credentials&scope=all-apis');
    minutes = 56;
    expect(tokens.token(grant)).toBe('token-1');
    await expect.poll(() => tokens.token(grant)).toBe('token-2');
    expect(workspace.seen).toHaveLength(2);
  });

  test('are asked for again when the workspace does not believe one', async () => {
    await tokens.token(grant);
    minutes = 2;
    tokens.refused(grant, 'token-1');
    expect(await tokens.token(grant)).toBe('token-2');
  });

  test.each([
    [401, { error: 'invalid_client', error_description: 'Client authentication failed' }, 401, 'Client authentication failed'],
    [400, { error: 'invalid_scope' }, 401, 'invalid_scope'],
    [429, {}, 429, 'status 429'],
    [500, {}, 503, 'status 500'],
    [200, { access_token: '' }, 502, 'without a token'],
  ])('that are not given are told, and the secret is not: %s %j', async (status, answer, told, words) => {
    workspace.behaviour = json(answer, status);
    const failure = await Promise.resolve(tokens.token(grant)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ failure: { status: told, message: expect.stringContaining(words) as unknown } });
    expect((failure as Error).message).not.toContain('geheim');
  });
});
