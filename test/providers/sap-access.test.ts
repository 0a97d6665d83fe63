import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { EgressPolicy } from '../../src/providers/egress.ts';
import { SapAccess, type SapGrant } from '../../src/providers/sap/sap-access.ts';
import { Transport } from '../../src/providers/transport/transport.ts';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { resolve } from './resolving.ts';

const MINUTE = 60_000;

let sap: FakeProvider;
let transport: Transport;
let access: SapAccess;
let grant: SapGrant;
/** Minutes on the clock. */
let time: number;
let deployments: Behaviour;

const running = (...ids: readonly unknown[]): Behaviour =>
  json({
    count: ids.length,
    resources: ids.map((id) => ({ id, scenarioId: 'orchestration', status: 'RUNNING', deploymentUrl: 'http://evil.example' })),
  });

beforeEach(async () => {
  let tokens = 0;
  deployments = running('d-1');
  sap = await FakeProvider.start((request, response) =>
    request.path === '/oauth/token'
      ? json({ access_token: `token-${++tokens}`, expires_in: 43_199, token_type: 'bearer' })(request, response)
      : deployments(request, response),
  );
  time = 0;
  transport = new Transport({ clock: systemClock, lookup: null, connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  access = new SapAccess({
    clock: { elapsed: () => time * MINUTE },
    transport,
    egress: new EgressPolicy({ resolve: () => Promise.resolve([]), ownPorts: () => [1], ownHosts: () => [] }),
  });
  grant = {
    issuer: 'sap',
    address: `${sap.url}/oauth/token`,
    clientId: 'sb-client',
    clientSecret: 'shh-a-secret',
    base: `${sap.url}/v2`,
    resourceGroup: 'house',
    deployment: null,
  };
});

afterEach(async () => {
  await transport.stop();
  await sap.stop();
});

const asked = (path: string): number => sap.seen.filter((request) => request.path.startsWith(path)).length;

describe('SAP’s access', () => {
  const placeOf = async (asked: SapGrant = grant): Promise<string | undefined> => (await access.token(asked)).place;

  test('is a token for the client’s credentials, and the deployment that was found', async () => {
    expect(await access.token(grant)).toEqual({ headers: { authorization: 'Bearer token-1' }, secrets: ['token-1'], place: 'd-1' });
    expect(Object.fromEntries(new URLSearchParams(sap.seen[0]?.body.toString()))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'sb-client',
      client_secret: 'shh-a-secret',
    });
  });

  test('finds the deployment once for many calls, in the resource group, by the same token', async () => {
    expect(await Promise.all([placeOf(), placeOf(), placeOf()])).toEqual(['d-1', 'd-1', 'd-1']);
    expect(access.token(grant)).toMatchObject({ place: 'd-1' });
    expect([asked('/oauth/token'), asked('/v2/lm/deployments')]).toEqual([1, 1]);
    expect(sap.last).toMatchObject({
      method: 'GET',
      path: '/v2/lm/deployments?scenarioId=orchestration&status=RUNNING',
      headers: { authorization: 'Bearer token-1', 'ai-resource-group': 'house' },
    });
  });

  test('looks again where the deployment is gone, unless it was found just now', async () => {
    await placeOf();
    deployments = running('d-2');
    expect(access.gone(grant, 'd-1')).toBe(false);
    expect(await placeOf()).toBe('d-1');
    time = 2;
    expect(access.gone(grant, 'd-1')).toBe(true);
    expect(await placeOf()).toBe('d-2');
    expect(access.gone(grant, 'd-1')).toBe(false);
    expect(await placeOf()).toBe('d-2');
  });

  test('takes the deployment that the owner names, and looks for none', async () => {
    const named = { ...grant, deployment: 'd-9' };
    expect(await placeOf(named)).toBe('d-9');
    expect([asked('/oauth/token'), asked('/v2/lm/deployments'), access.gone(named, 'd-9')]).toEqual([1, 0, false]);
  });

  test('forgets a token that is not believed', async () => {
    await access.token(grant);
    time = 2;
    expect(access.refused(grant, 'token-1')).toBe(true);
    expect(await access.token(grant)).toMatchObject({ secrets: ['token-2'], place: 'd-1' });
  });

  test('takes no id that would change the path', async () => {
    deployments = running('../../lm', 7, 'd-3');
    expect(await placeOf()).toBe('d-3');
  });

  test('says where no deployment runs, and what SAP says', async () => {
    deployments = running();
    await expect(placeOf()).rejects.toMatchObject({ status: 404 });
    await expect(placeOf()).rejects.toThrow('runs in the resource group "house"');
    deployments = json({ error: { code: '05010100', message: 'Resource group house is unknown' } }, 403);
    await expect(placeOf()).rejects.toMatchObject({ status: 403 });
    await expect(placeOf()).rejects.toThrow('Resource group house is unknown');
    sap.behaviour = json({ error: 'unauthorized', error_description: 'Bad credentials' }, 401);
    time = 3000;
    await expect(placeOf()).rejects.toThrow("SAP's authorization gave no token: Bad credentials");
  });
});

describe('a deployment of SAP', () => {
  const params = { model: 'sap/gpt-4o' };
  const key = {
    clientid: 'sb-1',
    clientsecret: 'shh-1',
    url: 'https://acc.authentication.eu10.hana.ondemand.com',
    serviceurls: { AI_API_URL: 'https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com' },
  };
  const whole: SapGrant = {
    issuer: 'sap',
    address: `${key.url}/oauth/token`,
    clientId: 'sb-1',
    clientSecret: 'shh-1',
    base: `${key.serviceurls.AI_API_URL}/v2`,
    resourceGroup: 'default',
    deployment: null,
  };

  test.each([
    ['an object', { service_key: key }, {}],
    ['text', { service_key: JSON.stringify(key) }, {}],
    ['text in place of an API key', { api_key: JSON.stringify(key) }, {}],
    ['what the command line of Cloud Foundry prints', { service_key: { credentials: key } }, {}],
    ['a variable', {}, { AICORE_SERVICE_KEY: JSON.stringify(key) }],
    [
      'parts of the row',
      { client_id: 'sb-1', client_secret: 'shh-1', auth_url: `${key.url}/`, api_base: `${key.serviceurls.AI_API_URL}/v2/` },
      { AICORE_SERVICE_KEY: JSON.stringify({ ...key, clientid: 'other', clientsecret: 'other' }) },
    ],
    [
      'variables',
      {},
      {
        AICORE_CLIENT_ID: 'sb-1',
        AICORE_CLIENT_SECRET: 'shh-1',
        AICORE_AUTH_URL: `${key.url}/oauth/token`,
        AICORE_BASE_URL: `${key.serviceurls.AI_API_URL}/v2`,
      },
    ],
  ])('is known by its service key as %s', (_form, more, env) => {
    const resolved = resolve({ ...params, ...more }, env);
    expect(resolved.grant).toEqual(whole);
    expect(resolved).toMatchObject({ base: whole.base, headers: { 'ai-resource-group': 'default' }, credentials: {} });
  });

  test('may be in a group and at a deployment of its own', () => {
    const named = {
      ...params,
      service_key: key,
      resource_group: 'house',
      deployment_url: 'https://x.example/v2/inference/deployments/d-5/',
    };
    const { grant: found, paths, headers } = resolve(named);
    expect([found, headers['ai-resource-group']]).toMatchObject([{ deployment: 'd-5', resourceGroup: 'house' }, 'house']);
    expect(paths['/v2/completion']).toBe('/inference/deployments/d-5/v2/completion');
    expect(resolve({ ...params, service_key: key }, { AICORE_RESOURCE_GROUP: 'env' }).grant).toMatchObject({ resourceGroup: 'env' });
  });

  test.each([
    [{ service_key: '{"clientid": "a", ' }, 'service_key is no service key of SAP AI Core'],
    [{ api_key: 'sk-1' }, 'api_key is no service key of SAP AI Core'],
    [{ service_key: { ...key, clientsecret: undefined, certificate: '-----BEGIN' } }, 'holds a certificate in place of a client secret'],
    [{ client_id: 'a', client_secret: 'b', api_base: 'https://a.example' }, 'auth_url (AICORE_AUTH_URL) too'],
    [{ service_key: { ...key, serviceurls: {} } }, 'has no address of its own'],
    [{ service_key: key, deployment_id: '../x' }, 'deployment_id is no id'],
    [{ token: 't', api_base: 'https://a.example' }, 'set deployment_id'],
  ])('with %o says what is missing, and shows no secret', (more, message) => {
    const failed = () => resolve({ ...params, ...more });
    expect(failed).toThrow(message);
    expect(failed).not.toThrow('shh-1');
  });
});
