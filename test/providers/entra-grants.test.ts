import { describe, expect, test } from 'vitest';
import type { EntraGrant } from '../../src/providers/entra/grant.ts';
import { tokenForm } from '../../src/providers/entra/token-request.ts';
import type { Resolved } from '../../src/providers/resolve.ts';
import { secretsOfGrant } from '../../src/providers/tokens/grant.ts';
import { resolve } from './resolving.ts';

const BASE = { model: 'azure/gpt', api_base: 'https://r.openai.azure.com' };
const ROW = { ...BASE, tenant_id: 't-1', client_id: 'c-1', client_secret: 'shh-shh-shh' };
const VARIABLES = { AZURE_TENANT_ID: 't-2', AZURE_CLIENT_ID: 'c-2', AZURE_CLIENT_SECRET: 'env-secret' };
const ADDRESS = 'https://login.microsoftonline.com/t-1/oauth2/v2.0/token';
const SCOPE = 'https://cognitiveservices.azure.com/.default';

const grantOf = ({ grant }: Resolved): EntraGrant => {
  if (grant?.issuer !== 'entra') throw new Error('no grant');
  return grant;
};
const formOf = (params: Record<string, unknown>, env: Record<string, string> = {}, assertion = ''): Record<string, string> => {
  return Object.fromEntries(new URLSearchParams(tokenForm(grantOf(resolve(params, env)), assertion)));
};

describe('who asks Azure is proved', () => {
  test('by the key where one is given, whatever else there is', () => {
    const resolved = resolve({ ...ROW, api_key: 'k', azure_ad_token: 'tok' });
    expect([resolved.credentials, resolved.grant]).toEqual([{ 'api-key': 'k' }, null]);
  });

  test('by a token that is given', () => {
    const resolved = resolve({ ...BASE, azure_ad_token: 'tok' }, { AZURE_API_KEY: 'k' });
    expect([resolved.credentials, resolved.grant]).toEqual([{ authorization: 'Bearer tok' }, null]);
  });

  test('by a token for the application that the row names, before a key in the variables', () => {
    const { credentials, grant } = resolve(ROW, { AZURE_API_KEY: 'k' });
    expect(credentials).toEqual({});
    expect(grant).toEqual({
      issuer: 'entra',
      address: ADDRESS,
      clientId: 'c-1',
      scope: SCOPE,
      showing: { kind: 'secret', secret: 'shh-shh-shh' },
    });
    expect(secretsOfGrant(grant)).toEqual(['shh-shh-shh']);
  });

  test('by a key in the variables before a token for an application there', () => {
    expect(resolve(BASE, { ...VARIABLES, AZURE_API_KEY: 'k' }).credentials).toEqual({ 'api-key': 'k' });
    expect(resolve(BASE, { ...VARIABLES, AZURE_AD_TOKEN: 'tok' }).credentials).toEqual({ authorization: 'Bearer tok' });
    expect(resolve(BASE, VARIABLES).grant).toMatchObject({ clientId: 'c-2', showing: { secret: 'env-secret' } });
    expect(resolve(BASE, { AZURE_CLIENT_ID: 'c-2', AZURE_CLIENT_SECRET: 's' }).grant).toMatchObject({ issuer: 'azure_identity' });
  });

  test('for AI Foundry in the same ways', () => {
    const row = { ...ROW, model: 'azure_ai/grok-3', api_base: 'https://r.services.ai.azure.com' };
    expect(resolve(row).grant).toMatchObject({ clientId: 'c-1', scope: SCOPE });
  });

  test('for nobody who is not Azure', () => {
    expect(resolve({ ...ROW, model: 'openai/gpt-4o', api_key: 'k' }, VARIABLES).grant).toBeNull();
  });

  test.each([
    [{ client_secret: undefined }, 'client_secret or AZURE_CLIENT_SECRET'],
    [{ tenant_id: undefined }, 'tenant_id or AZURE_TENANT_ID'],
    [{ client_id: undefined }, 'client_id or AZURE_CLIENT_ID'],
  ])('not by half of an application: without %j the row says what is missing', (less, words) => {
    expect(() => resolve({ ...ROW, ...less })).toThrow(
      expect.objectContaining({
        name: 'UnresolvedDeployment',
        message: `Azure OpenAI is to be asked with a token of Entra ID: set ${words} too.`,
      }),
    );
  });

  test.each([
    [{ tenant_id: '../evil' }, {}, 'tenant_id is neither an ID nor a domain.'],
    [{ azure_ad_token: 'a\nb' }, {}, 'azure_ad_token holds a line break.'],
    [{ azure_ad_token: 'oidc/google/x' }, {}, 'azure_ad_token can be exchanged from a file alone: oidc/file/<path>.'],
    [{}, { AZURE_AUTHORITY_HOST: 'https://' }, 'AZURE_AUTHORITY_HOST is no address.'],
  ])('not by what cannot be: %j, %j', (params, env, message) => {
    expect(() => resolve({ ...ROW, ...params }, env)).toThrow(expect.objectContaining({ name: 'UnresolvedDeployment', message }));
  });
});

describe('the machine itself is asked who it is', () => {
  const machine = { issuer: 'azure_identity', clientId: null, resource: 'https://cognitiveservices.azure.com', server: null };

  test('where nothing is named, on Azure alone', () => {
    expect(resolve(BASE).grant).toEqual(machine);
    expect(resolve({ ...BASE, model: 'azure_ai/grok-3', api_base: 'https://r.services.ai.azure.com' }).grant).toEqual(machine);
    expect(resolve({ ...BASE, api_base: 'http://192.168.1.5:8080' }).grant).toBeNull();
    expect(resolve({ ...BASE, api_base: 'https://azure.com.evil.example' }).grant).toBeNull();
    expect(resolve({ ...BASE, mock_response: 'Hi' }).grant).toBeNull();
    expect(resolve({ ...BASE, configurable_clientside_auth_params: ['api_key'] }).grant).toBeNull();
  });

  test('after keys and tokens', () => {
    expect(resolve({ ...BASE, api_key: 'k' }).grant).toBeNull();
    expect(resolve(BASE, { AZURE_API_KEY: 'k' }).grant).toBeNull();
    expect(resolve(BASE, VARIABLES).grant).toMatchObject({ issuer: 'entra' });
  });

  test('for an identity that is named by its client alone', () => {
    expect(resolve({ ...BASE, client_id: 'c-1', azure_scope: 'api://mine/.default' }, { AZURE_API_KEY: 'k' }).grant).toEqual({
      ...machine,
      clientId: 'c-1',
      resource: 'api://mine',
    });
    expect(resolve(BASE, { AZURE_CLIENT_ID: 'c-2' }).grant).toEqual({ ...machine, clientId: 'c-2' });
    expect(() => resolve({ ...BASE, client_id: 'c-1', azure_username: 'a@b.c' })).toThrow(/set tenant_id/);
  });

  test('by the server of App Service, whose secret is not shown', () => {
    const { grant } = resolve(BASE, { IDENTITY_ENDPOINT: 'http://127.0.0.1:41/msi/token', IDENTITY_HEADER: 'header-secret' });
    expect(grant).toEqual({ ...machine, server: { address: 'http://127.0.0.1:41/msi/token', secret: 'header-secret' } });
    expect(secretsOfGrant(grant)).toEqual(['header-secret']);
  });
});

describe('a token is asked for', () => {
  test('by the secret of an application', () => {
    expect(formOf(ROW)).toEqual({ client_id: 'c-1', scope: SCOPE, grant_type: 'client_credentials', client_secret: 'shh-shh-shh' });
  });

  test('in the cloud and for the scope that are named', () => {
    const { grant } = resolve({ ...ROW, azure_scope: 'api://mine/.default' }, { AZURE_AUTHORITY_HOST: 'login.microsoftonline.us' });
    expect(grant).toMatchObject({ address: 'https://login.microsoftonline.us/t-1/oauth2/v2.0/token', scope: 'api://mine/.default' });
  });

  test('by a token of another issuer that stands in a file', () => {
    const { client_secret: _, ...row } = ROW;
    const expected = {
      client_id: 'c-1',
      scope: SCOPE,
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'jwt',
    };
    expect(formOf(row, { AZURE_FEDERATED_TOKEN_FILE: '/run/token' }, 'jwt')).toEqual(expected);
    expect(formOf({ ...row, azure_ad_token: 'oidc/file//run/token' }, {}, 'jwt')).toEqual(expected);
    expect(grantOf(resolve({ ...row, azure_ad_token: 'oidc/file/run/token' })).showing).toEqual({ kind: 'file', path: '/run/token' });
  });

  test('by the certificate of an application', () => {
    const { client_secret: _, ...row } = ROW;
    const env = { AZURE_CLIENT_CERTIFICATE_PATH: '/run/app.pem', AZURE_CLIENT_CERTIFICATE_PASSWORD: 'pass-word' };
    expect(formOf(row, env, 'jwt')).toEqual({
      client_id: 'c-1',
      scope: SCOPE,
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'jwt',
    });
    expect(secretsOfGrant(resolve(row, env).grant)).toEqual(['pass-word']);
  });

  test('in the name of a person', () => {
    const { client_secret: _, ...row } = ROW;
    const person = { ...row, azure_username: 'a@b.c', azure_password: 'pass-word-1' };
    expect(formOf(person)).toEqual({ client_id: 'c-1', scope: SCOPE, grant_type: 'password', username: 'a@b.c', password: 'pass-word-1' });
    expect(formOf({ ...person, client_secret: 's' })).toMatchObject({ grant_type: 'password', client_secret: 's' });
    expect(secretsOfGrant(resolve(person).grant)).toEqual(['pass-word-1']);
  });
});
