import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { EgressPolicy } from '../../../src/providers/egress.ts';
import { GoogleTokens } from '../../../src/providers/google/google-tokens.ts';
import type { CredentialSource, GoogleGrant } from '../../../src/providers/google/grant.ts';
import { Transport } from '../../../src/providers/transport/transport.ts';
import { FakeProvider, json, type Behaviour, type SeenRequest } from '../../support/fake-provider.ts';
import { assertionIn, serviceAccount, type TestAccount } from './accounts.ts';

const MINUTE = 60_000;
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** 2026-11-26T12:00:00Z */
const NOW = 1_795_694_400_000;

let google: FakeProvider;
let account: TestAccount;
let transport: Transport;
let publicTransport: Transport;
let tokens: GoogleTokens;
/** Minutes on the clock of the tokens. */
let time: number;
let files: Record<string, string>;

beforeAll(async () => {
  google = await FakeProvider.start();
  account = serviceAccount(`${google.url}/token`);
});

afterAll(() => google.stop());

beforeEach(() => {
  google.seen.length = 0;
  google.behaviour = issued();
  time = 0;
  files = {};
  const egress = new EgressPolicy({
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    ownPorts: () => [1],
    ownHosts: () => [],
  });
  const made = (purpose: 'provider' | 'request'): Transport =>
    new Transport({ clock: systemClock, lookup: egress.lookup(purpose), connectTimeoutMs: 1000, ipv4Only: false, proxy: null });
  [transport, publicTransport] = [made('provider'), made('request')];
  tokens = new GoogleTokens({
    clock: { elapsed: () => time * MINUTE, now: () => NOW + time * MINUTE },
    transport,
    publicTransport,
    egress,
    readText: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT: '${path}'`);
      return text;
    },
    metadata: google.url,
  });
});

afterEach(async () => {
  await transport.stop();
  await publicTransport.stop();
});

/** Numbered tokens. */
function issued(seconds: unknown = 3599): Behaviour {
  let count = 0;
  return (request, response) => json({ token_type: 'Bearer', expires_in: seconds, access_token: `token-${++count}` })(request, response);
}

function granted(credential: object, reach: GoogleGrant['reach'] = 'provider'): GoogleGrant {
  return { issuer: 'google', source: { kind: 'text', text: JSON.stringify(credential), place: 'vertex_credentials' }, scope: SCOPE, reach };
}

function from(source: CredentialSource): GoogleGrant {
  return { issuer: 'google', source, scope: SCOPE, reach: 'provider' };
}

const formOf = ({ body }: SeenRequest): Record<string, string> => Object.fromEntries(new URLSearchParams(body.toString()));

describe('a service account', () => {
  test('shows a JWT that its own key has signed', async () => {
    expect(await tokens.token(granted(account.file))).toBe('token-1');
    expect(google.last).toMatchObject({ method: 'POST', path: '/token' });
    expect(google.last.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(formOf(google.last)['grant_type']).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(assertionIn(google.last, account.publicKey)).toEqual({
      holds: true,
      header: { alg: 'RS256', typ: 'JWT', kid: 'key-1' },
      claims: {
        iss: 'gateway@house-project.iam.gserviceaccount.com',
        scope: SCOPE,
        aud: `${google.url}/token`,
        iat: NOW / 1000,
        exp: NOW / 1000 + 3600,
      },
    });
  });

  test('is asked for once by many calls, and again before the token ends', async () => {
    const grant = granted(account.file);
    expect(await Promise.all([tokens.token(grant), tokens.token(grant), tokens.token(grant)])).toEqual(['token-1', 'token-1', 'token-1']);
    expect([tokens.token(grant), google.seen.length]).toEqual(['token-1', 1]);
    time = 54;
    expect([tokens.token(grant), google.seen.length]).toEqual(['token-1', 1]);
    time = 56;
    expect(tokens.token(grant)).toBe('token-1');
    await expect.poll(() => tokens.token(grant)).toBe('token-2');
    expect(assertionIn(google.last, account.publicKey).claims['iat']).toBe(NOW / 1000 + 56 * 60);
  });

  test('of another row has tokens of its own', async () => {
    const other = serviceAccount(`${google.url}/token`);
    expect([await tokens.token(granted(account.file)), await tokens.token(granted(other.file))]).toEqual(['token-1', 'token-2']);
    expect(assertionIn(google.last, other.publicKey).holds).toBe(true);
    expect(assertionIn(google.last, account.publicKey).holds).toBe(false);
  });

  test('in a file is read anew each time a token is asked for', async () => {
    const grant = from({ kind: 'file', path: '/run/key.json', place: 'GOOGLE_APPLICATION_CREDENTIALS' });
    files['/run/key.json'] = JSON.stringify(account.file);
    await tokens.token(grant);
    const other = serviceAccount(`${google.url}/token`);
    files['/run/key.json'] = JSON.stringify(other.file);
    time = 61;
    await tokens.token(grant);
    expect(assertionIn(google.last, other.publicKey).holds).toBe(true);
  });

  test('whose key has its line breaks written out is understood', async () => {
    const written = String(account.file['private_key']).replaceAll('\n', String.raw`\n`);
    await tokens.token(granted({ ...account.file, private_key: written }));
    expect(assertionIn(google.last, account.publicKey).holds).toBe(true);
  });
});

describe('other credentials', () => {
  const user = () => ({
    type: 'authorized_user',
    client_id: 'id-1',
    client_secret: 'shh',
    refresh_token: 'refresh-1',
    token_uri: `${google.url}/token`,
  });
  const external = (more: object = {}) => ({
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/house/providers/k8s',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${google.url}/sts`,
    credential_source: { file: '/run/subject' },
    ...more,
  });

  test('of a person are renewed by their refresh token', async () => {
    expect(await tokens.token(granted(user()))).toBe('token-1');
    expect(formOf(google.last)).toEqual({
      grant_type: 'refresh_token',
      client_id: 'id-1',
      client_secret: 'shh',
      refresh_token: 'refresh-1',
    });
  });

  test('of another issuer are exchanged, from a file', async () => {
    files['/run/subject'] = 'jwt-of-a-file\n';
    expect(await tokens.token(granted(external()))).toBe('token-1');
    expect(google.last.path).toBe('/sts');
    expect(formOf(google.last)).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/house/providers/k8s',
      scope: SCOPE,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: 'jwt-of-a-file',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    });
  });

  test('of another issuer are exchanged, from an address that answers in JSON', async () => {
    google.behaviour = (request, response) =>
      json(request.path === '/subject?aud=x' ? { value: 'jwt-of-a-server' } : { access_token: 'exchanged' })(request, response);
    const source = {
      url: `${google.url}/subject?aud=x`,
      headers: { 'x-identity': 'me' },
      format: { type: 'json', subject_token_field_name: 'value' },
    };
    expect(await tokens.token(granted(external({ credential_source: source, client_id: 'c', client_secret: 's' })))).toBe('exchanged');
    const [asked, exchanged] = google.seen;
    expect(asked).toMatchObject({ method: 'GET', headers: { 'x-identity': 'me' } });
    expect(exchanged?.headers.authorization).toBe(`Basic ${Buffer.from('c:s').toString('base64')}`);
    expect(formOf(google.last)['subject_token']).toBe('jwt-of-a-server');
  });

  const acting = (email: string): Behaviour => {
    const act = json({ accessToken: `acting-as-${email}`, expireTime: new Date(NOW + 30 * MINUTE).toISOString() });
    const own = json({ access_token: 'own', expires_in: 3599 });
    return (request, response) => (request.path.endsWith(':generateAccessToken') ? act : own)(request, response);
  };

  test('of another issuer may act as a service account, for as long as they say', async () => {
    files['/run/subject'] = 'jwt';
    google.behaviour = acting('a');
    const credential = external({
      service_account_impersonation_url: `${google.url}/v1/projects/-/serviceAccounts/a:generateAccessToken`,
      service_account_impersonation: { token_lifetime_seconds: 1800 },
    });
    expect(await tokens.token(granted(credential))).toBe('acting-as-a');
    expect(google.last).toMatchObject({
      path: '/v1/projects/-/serviceAccounts/a:generateAccessToken',
      headers: { authorization: 'Bearer own', 'content-type': 'application/json' },
      json: { scope: [SCOPE], lifetime: '1800s' },
    });
    time = 24;
    expect(tokens.token(granted(credential))).toBe('acting-as-a');
    time = 30;
    expect(await tokens.token(granted(credential))).toBe('acting-as-a');
    expect(google.seen.length).toBe(4);
  });

  test('that impersonate a service account have a source of their own', async () => {
    google.behaviour = acting('b');
    const credential = {
      type: 'impersonated_service_account',
      service_account_impersonation_url: `${google.url}/v1/projects/-/serviceAccounts/b:generateAccessToken`,
      delegates: ['projects/-/serviceAccounts/between'],
      source_credentials: user(),
    };
    expect(await tokens.token(granted(credential))).toBe('acting-as-b');
    expect(formOf(google.seen[0] as SeenRequest)['refresh_token']).toBe('refresh-1');
    expect(google.last.json).toEqual({ scope: [SCOPE], lifetime: '3600s', delegates: ['projects/-/serviceAccounts/between'] });
  });

  test('that the machine has are those of gcloud’s user, else of the metadata server', async () => {
    const machine = from({ kind: 'machine', gcloud: '/home/me/.config/gcloud/application_default_credentials.json' });
    files['/home/me/.config/gcloud/application_default_credentials.json'] = JSON.stringify(user());
    expect(await tokens.token(machine)).toBe('token-1');
    expect(formOf(google.last)['refresh_token']).toBe('refresh-1');
    files = {};
    google.behaviour = json({ access_token: 'of-the-machine', expires_in: 3599 }, 200, { 'metadata-flavor': 'Google' });
    time = 61;
    expect(await tokens.token(machine)).toBe('of-the-machine');
    expect(google.last).toMatchObject({ method: 'GET', headers: { 'metadata-flavor': 'Google' } });
    expect(google.last.path).toBe(`/computeMetadata/v1/instance/service-accounts/default/token?scopes=${encodeURIComponent(SCOPE)}`);
  });

  test('of a machine that has none are asked for in words, also where another cloud answers', async () => {
    const machine = from({ kind: 'machine', gcloud: null });
    google.behaviour = json({ access_token: 'not-googles' });
    await expect(tokens.token(machine)).rejects.toMatchObject({
      failure: {
        class: 'AuthenticationError',
        status: 401,
        message: expect.stringContaining('set vertex_credentials or GOOGLE_APPLICATION_CREDENTIALS'),
      },
    });
  });
});

describe('where there is no token', () => {
  test.each<[string, Behaviour, string, number, string]>([
    [
      'Google does not believe',
      json({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }, 400),
      'AuthenticationError',
      401,
      'Google gave no token: invalid_grant: Invalid JWT Signature. Check that the key still exists at Google Cloud and that the clock of this machine is right.',
    ],
    [
      'the account may not',
      json({ error: { code: 403, status: 'PERMISSION_DENIED', message: 'Permission denied.' } }, 403),
      'PermissionDeniedError',
      403,
      'Google gave no token: PERMISSION_DENIED: Permission denied. Check',
    ],
    ['Google is asked too often', json({}, 429), 'RateLimitError', 429, 'Google gave no token: it answered with status 429'],
    ['Google is broken', json({}, 500), 'ServiceUnavailableError', 503, 'Google gave no token: it answered with status 500'],
    ['Google gives an empty token', json({ access_token: '' }), 'APIConnectionError', 502, 'Google answered without a token.'],
    ['Google gives what is no header', json({ access_token: 'a\r\nb' }), 'APIConnectionError', 502, 'Google answered without a token.'],
  ])('because %s, it is said so', async (_, behaviour, kind, status, message) => {
    google.behaviour = behaviour;
    await expect(tokens.token(granted(account.file))).rejects.toMatchObject({
      failure: { class: kind, status, message: expect.stringContaining(message) },
    });
  });

  test('a secret that Google repeats is not shown', async () => {
    google.behaviour = json({ error: 'invalid_grant', error_description: 'refresh-token-0123 is revoked' }, 400);
    const user = {
      type: 'authorized_user',
      client_id: 'i',
      client_secret: 'c',
      refresh_token: 'refresh-token-0123',
      token_uri: google.url,
    };
    const told = await Promise.resolve(tokens.token(granted(user))).catch((error: unknown) => String(error));
    expect(told).toContain('*** is revoked. Sign in again: gcloud auth application-default login.');
    expect(told).not.toContain('refresh-token-0123');
  });

  test('because a file cannot be read or is no credential, nothing is sent, and no path or text is told', async () => {
    const gone = from({ kind: 'file', path: '/run/secret-place', place: 'vertex_credentials' });
    await expect(tokens.token(gone)).rejects.toMatchObject({
      failure: { status: 401, message: 'The file that vertex_credentials names cannot be read.' },
    });
    files['/run/secret-place'] = 'root:x:0:0';
    await expect(tokens.token(gone)).rejects.toMatchObject({
      failure: { message: "vertex_credentials is no JSON: it must be the whole content of the credential's file." },
    });
    expect(google.seen.length).toBe(0);
  });
});

describe('a credential that only the panel wrote', () => {
  const asked = (credential: object): Promise<unknown> =>
    Promise.resolve(tokens.token(granted(credential, 'request'))).catch((error: unknown) => error);

  test.each([
    ['the house', 'http://192.168.1.20/token'],
    ['this machine', 'http://127.0.0.1:8123/api'],
    ['metadata', 'http://169.254.169.254/latest/meta-data'],
    ['the Supervisor', 'http://supervisor/token'],
  ])('reaches no server of %s', async (_, address) => {
    const error = await asked({ ...account.file, token_uri: address });
    expect(error).toMatchObject({ failure: { status: 502, message: expect.stringContaining('Google cannot be asked: ') } });
    expect(google.seen.length).toBe(0);
  });

  test('reaches none by a public name that leads into the house, where the owner of the machine does', async () => {
    const named = { ...account.file, token_uri: `http://tokens.example.com:${new URL(google.url).port}/token` };
    expect(await asked(named)).toMatchObject({ failure: { status: 502, class: 'APIConnectionError' } });
    expect(google.seen.length).toBe(0);
    expect(await tokens.token(granted(named))).toBe('token-1');
  });

  test('reaches none by the address of another issuer’s token or of an impersonation', async () => {
    const external = {
      type: 'external_account',
      audience: 'a',
      subject_token_type: 't',
      token_url: 'https://sts.googleapis.com/v1/token',
      credential_source: { url: `${google.url}/subject` },
    };
    expect(await asked(external)).toMatchObject({ failure: { status: 502 } });
    expect(google.seen.length).toBe(0);
  });

  test('sends no file of this machine anywhere', async () => {
    files['/data/secret'] = 'secret text';
    const external = {
      type: 'external_account',
      audience: 'a',
      subject_token_type: 't',
      token_url: 'https://collector.example.com/token',
      credential_source: { file: '/data/secret' },
    };
    expect(await asked(external)).toMatchObject({
      failure: { status: 401, message: expect.stringContaining('must itself stand in a file of this machine') },
    });
  });
});
