import { createPrivateKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { urlOf } from '../../../src/providers/resolve.ts';
import { resolve } from '../resolving.ts';
import { membersIn, newSigningKey } from './signing-key.ts';

const mine = newSigningKey();
const others = newSigningKey();

const OWN = { oci_user: 'user-own', oci_tenancy: 'tenancy-own', oci_fingerprint: 'aa:01', oci_key: mine.pem };
const PLACE = { oci_region: 'eu-frankfurt-1', oci_compartment_id: 'compartment-own' };
const ENV = {
  OCI_USER: 'user-env',
  OCI_TENANCY: 'tenancy-env',
  OCI_FINGERPRINT: 'bb:02',
  OCI_KEY: others.pem,
  OCI_REGION: 'us-ashburn-1',
  OCI_COMPARTMENT_ID: 'compartment-env',
};

const FILES: Readonly<Record<string, string>> = {
  '/home/me/.oci/config': `# Oracle's file
[DEFAULT]
user=user-file
tenancy = tenancy-file
fingerprint=cc:03
key_file=~/.oci/key.pem
region=ap-tokyo-1

[WORK]
user = user-work
fingerprint=dd:04
key_file=/keys/work.pem
; a note
[SESSION]
security_token_file=~/.oci/token
`,
  '/home/me/.oci/key.pem': `${mine.pem}\nOCI_API_KEY`,
  '/keys/work.pem': others.pem,
  '/elsewhere/config':
    '[DEFAULT]\nuser=user-there\ntenancy=tenancy-there\nfingerprint=ee:05\nkey_file=/keys/work.pem\nregion=us-phoenix-1\n',
};

function readText(path: string): string {
  const text = FILES[path];
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
  return text;
}

type Params = Record<string, unknown>;
type Env = Readonly<Record<string, string>>;

const oci = (params: Params = {}, env: Env = {}, model = 'meta.llama-3.3-70b-instruct') =>
  resolve({ model: `oci/${model}`, ...params }, env, { readText });

/** Whose key signs, of which pair, and where. */
function signer(params: Params, env: Env = {}): readonly unknown[] {
  const resolved = oci(params, env);
  const { origin } = urlOf(resolved, '/20231130/actions/chat');
  const headers = resolved.signer?.sign({ method: 'GET', origin, path: '/a', headers: {}, body: Buffer.alloc(0) }, 0) ?? {};
  const { keyId, signature = '' } = membersIn(headers['authorization'] ?? '');
  const text = Buffer.from(`(request-target): get /a\ndate: ${headers['date']}\nhost: ${new URL(origin).host}`);
  const pair = [mine, others].findIndex(({ publicKey }) => verify('sha256', text, publicKey, Buffer.from(signature, 'base64')));
  return [keyId, pair === 0 ? 'mine' : 'others', new URL(origin).host.split('.')[2], resolved.scope?.['compartment']];
}

describe('who asks', () => {
  test('stands in the deployment, in variables, or in Oracle’s file, in this order', () => {
    expect(signer({ ...OWN, ...PLACE }, ENV)).toEqual(['tenancy-own/user-own/aa:01', 'mine', 'eu-frankfurt-1', 'compartment-own']);
    expect(signer({}, { ...ENV, HOME: '/home/me' })).toEqual(['tenancy-env/user-env/bb:02', 'others', 'us-ashburn-1', 'compartment-env']);
    expect(signer({ oci_compartment_id: 'c' }, { HOME: '/home/me' })).toEqual(['tenancy-file/user-file/cc:03', 'mine', 'ap-tokyo-1', 'c']);
    expect(signer({ oci_compartment_id: 'c' }, { OCI_CONFIG_FILE: '/elsewhere/config' })).toEqual([
      'tenancy-there/user-there/ee:05',
      'others',
      'us-phoenix-1',
      'c',
    ]);
  });

  test('may be told in part by the deployment and in part by variables', () => {
    const { OCI_USER: _, ...rest } = ENV;
    expect(signer({ oci_user: 'user-own', oci_region: 'eu-paris-1' }, rest)).toEqual([
      'tenancy-env/user-own/bb:02',
      'others',
      'eu-paris-1',
      'compartment-env',
    ]);
    expect(signer({ ...OWN, oci_key: undefined, oci_key_file: '/keys/work.pem', ...PLACE }, ENV)).toEqual([
      'tenancy-own/user-own/aa:01',
      'others',
      'eu-frankfurt-1',
      'compartment-own',
    ]);
  });

  test('is the profile that the deployment or a variable names', () => {
    const work = ['tenancy-file/user-work/dd:04', 'others', 'ap-tokyo-1', 'compartment-env'];
    expect(signer({ oci_profile: 'WORK' }, { ...ENV, HOME: '/home/me' })).toEqual(work);
    expect(signer({}, { OCI_CLI_PROFILE: 'WORK', OCI_COMPARTMENT_ID: 'compartment-env', HOME: '/home/me' })).toEqual(work);
  });

  test('may be shown by a key whose line breaks are written out', () => {
    expect(signer({ ...OWN, ...PLACE, oci_key: mine.pem.trim().replaceAll('\n', String.raw`\n`) })[1]).toBe('mine');
    expect(signer({ ...OWN, ...PLACE, oci_key: mine.pem.replaceAll('\n', '\r\n') })[1]).toBe('mine');
  });

  test('keeps the key out of everything that is shown', () => {
    const resolved = oci({ ...OWN, ...PLACE });
    expect(resolved.signer?.secrets).toEqual([mine.pem.trim()]);
    expect(resolved.credentials).toEqual({});
    expect(JSON.stringify(resolved)).not.toContain('PRIVATE KEY');
  });
});

describe('an encrypted key', () => {
  const key = createPrivateKey(mine.pem);
  const passphrase = 'open sesame';
  const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  const old = key.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase });

  test.each([encrypted, old])('is told plainly, and opened by its passphrase', (pem) => {
    const params = { ...OWN, ...PLACE, oci_key: pem };
    expect(() => oci(params)).toThrow(
      expect.objectContaining({ param: 'oci_key_passphrase', message: expect.stringContaining('is encrypted') }),
    );
    expect(() => oci({ ...params, oci_key_passphrase: 'wrong' })).toThrow(
      expect.objectContaining({ param: 'oci_key_passphrase', message: expect.not.stringContaining('wrong') }),
    );
    expect(signer({ ...params, oci_key_passphrase: 'open sesame' })[1]).toBe('mine');
    expect(oci({ ...params, oci_key_passphrase: 'open sesame' }).signer?.secrets).toContain('open sesame');
  });
});

describe('what is missing or wrong is named', () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  test.each<[Params, Env, string, string]>([
    [{}, {}, 'oci_user', 'needs credentials'],
    [{ ...OWN, ...PLACE, oci_user: undefined }, {}, 'oci_user', 'needs oci_user or OCI_USER'],
    [{ ...OWN, ...PLACE, oci_tenancy: '' }, {}, 'oci_tenancy', 'needs oci_tenancy'],
    [{ ...OWN, ...PLACE, oci_fingerprint: null }, {}, 'oci_fingerprint', 'needs oci_fingerprint'],
    [{ ...OWN, ...PLACE, oci_fingerprint: 'a"b' }, {}, 'oci_fingerprint', 'cannot stand in it'],
    [{ ...OWN, ...PLACE, oci_key: undefined }, {}, 'oci_key', 'needs oci_key or oci_key_file'],
    [{ ...OWN, ...PLACE, oci_key: 'no key' }, {}, 'oci_key', 'no RSA private key'],
    [{ ...OWN, ...PLACE, oci_key: elliptic }, {}, 'oci_key', 'no RSA private key'],
    [{ ...OWN, ...PLACE, oci_key: undefined, oci_key_file: '/nowhere.pem' }, {}, 'oci_key_file', 'cannot be read'],
    [{ ...OWN, ...PLACE, oci_key: undefined, oci_key_file: '/elsewhere/config' }, {}, 'oci_key_file', 'no RSA private key'],
    [{ ...OWN, oci_region: 'a' }, {}, 'oci_compartment_id', 'needs oci_compartment_id or OCI_COMPARTMENT_ID'],
    [{ ...OWN, oci_compartment_id: 'c' }, {}, 'oci_region', 'needs oci_region or OCI_REGION'],
    [{ oci_profile: 'NONE' }, { HOME: '/home/me' }, 'oci_profile', 'no profile "NONE"'],
    [{ oci_profile: 'WORK' }, { HOME: '/home/you' }, 'oci_profile', 'cannot be read'],
    [{}, { OCI_CONFIG_FILE: '/nowhere' }, 'oci_profile', '/nowhere'],
    [{ oci_profile: 'SESSION', ...PLACE }, { HOME: '/home/me' }, 'oci_profile', 'session token'],
    [{ ...OWN, ...PLACE, oci_serving_mode: 'SOMETIMES' }, {}, 'oci_serving_mode', 'ON_DEMAND, DEDICATED'],
    [{ ...OWN, ...PLACE, oci_api_format: 'OPENAI' }, {}, 'oci_api_format', 'GENERIC, COHERE, COHEREV2'],
    [{ api_key: 'a\nb', ...PLACE }, {}, 'api_key', 'line break'],
    [{ api_key: 'sk-1' }, {}, 'oci_region', 'needs oci_region'],
  ])('%j %j: %s', (params, env, param, words) => {
    expect(() => oci(params, env)).toThrow(
      expect.objectContaining({ name: 'UnresolvedDeployment', param, message: expect.stringContaining(words) }),
    );
  });

  test('and nothing of a key is', () => {
    expect(() => oci({ ...OWN, ...PLACE, oci_key: 'a-secret-that-is-no-key' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('a-secret') }),
    );
  });
});

describe('where a model is called', () => {
  const scope = (more: Params, env: Env = {}) => oci({ ...OWN, ...PLACE, ...more }, env).scope;

  test('is the compartment, and an endpoint of the owner’s where one is named', () => {
    expect(scope({})).toEqual({ compartment: 'compartment-own' });
    expect(scope({ oci_endpoint_id: 'e' })).toEqual({ compartment: 'compartment-own', mode: 'DEDICATED', endpoint: 'e' });
    expect(scope({ oci_serving_mode: 'dedicated' })).toEqual({ compartment: 'compartment-own', mode: 'DEDICATED' });
    expect(scope({ oci_serving_mode: 'ON_DEMAND', oci_endpoint_id: 'e', oci_api_format: 'cohere' })).toEqual({
      compartment: 'compartment-own',
      mode: 'ON_DEMAND',
      format: 'COHERE',
    });
  });

  test.each([
    ['https://inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com', {}],
    ['https://oci.example', { api_base: 'https://oci.example/' }],
    ['https://oci.example', { api_base: 'https://oci.example/20231130' }],
    ['https://oci.example', { api_base: 'https://oci.example/20231130/actions/chat/' }],
  ])('is %s for %j', (base, more) => {
    const resolved = oci({ ...OWN, ...PLACE, ...more });
    expect(urlOf(resolved, '/20231130/actions/chat').href).toBe(`${base}/20231130/actions/chat`);
    expect(urlOf(resolved, '/rerank').href).toBe(`${base}/20231130/actions/rerankText`);
  });

  test('is nowhere where nobody is called, and unsigned at a server of the owner’s', () => {
    expect(oci({ mock_response: 'Hi', oci_region: 'a' })).toMatchObject({ signer: null, credentials: {} });
    expect(oci({ api_base: 'http://127.0.0.1:1', oci_compartment_id: 'c' })).toMatchObject({ signer: null, scope: { compartment: 'c' } });
    expect(() => oci({ api_base: 'https://inference.generativeai.a.oci.oraclecloud.com', oci_compartment_id: 'c' })).toThrow(
      'needs credentials',
    );
  });
});

describe('a Generative AI API key', () => {
  const HOST = 'https://inference.generativeai.us-chicago-1.oci.oraclecloud.com';
  const keyed = (more: Params = {}, env: Env = {}, model?: string) => oci({ oci_region: 'us-chicago-1', ...more }, env, model);

  test('is sent as it is, to the paths of OpenAI’s interface', () => {
    const resolved = keyed({ api_key: 'sk-oci' });
    expect(resolved).toMatchObject({
      dialect: 'openai',
      credentials: { authorization: 'Bearer sk-oci' },
      signer: null,
      scope: null,
      rerank: null,
    });
    expect(urlOf(resolved, '/chat/completions').href).toBe(`${HOST}/20231130/actions/v1/chat/completions`);
    expect(urlOf(keyed({ api_key: 'k', api_base: `${HOST}/openai/v1` }), '/chat/completions').href).toBe(
      `${HOST}/openai/v1/chat/completions`,
    );
    expect(urlOf(keyed({ api_key: 'k', api_base: HOST }), '/chat/completions').href).toBe(`${HOST}/20231130/actions/v1/chat/completions`);
  });

  test('of a variable counts where the deployment says nothing of a signing key', () => {
    const env = { OCI_GENAI_API_KEY: 'sk-env', ...ENV };
    expect(keyed({}, env).credentials).toEqual({ authorization: 'Bearer sk-env' });
    expect(keyed({ ...OWN, ...PLACE }, env)).toMatchObject({ dialect: 'oci', credentials: {} });
  });

  test('follows the rules of the model’s maker', () => {
    const member = (model: string) => keyed({ api_key: 'k' }, {}, model).quirks;
    expect(member('openai.gpt-5')).toEqual(resolve({ model: 'openai/gpt-5', api_key: 'k', api_base: HOST }).quirks);
    expect(member('xai.grok-4')).toEqual(resolve({ model: 'xai/grok-4', api_key: 'k', api_base: HOST }).quirks);
    expect(keyed({ api_key: 'k' }, {}, 'xai.grok-4').model).toBe('xai.grok-4');
  });
});
