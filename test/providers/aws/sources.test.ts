import { describe, expect, test } from 'vitest';
import type { AwsGrant } from '../../../src/providers/aws/grant.ts';
import { secretsOfGrant } from '../../../src/providers/tokens/grant.ts';
import { resolve } from '../resolving.ts';

const ROLE = 'arn:aws:iam::123456789012:role/models';
const KEYS = { aws_access_key_id: 'AKIAOWN000000000', aws_secret_access_key: 'own-secret-key' };
const OWN = { accessKeyId: 'AKIAOWN000000000', secretAccessKey: 'own-secret-key', sessionToken: null };
const ENV = { AWS_ACCESS_KEY_ID: 'AKIAENV000000000', AWS_SECRET_ACCESS_KEY: 'env-secret-key' };
const HOME = { HOME: '/home/me' };

type Env = Readonly<Record<string, string>>;

function bedrock(params: Record<string, unknown>, env: Env = {}, files: Env | null = null, trusted = false) {
  const readText = (path: string): string => {
    const text = files?.[path];
    if (text === undefined) throw new Error(`ENOENT: '${path}'`);
    return text;
  };
  const row = { model: 'bedrock/amazon.nova-lite-v1:0', aws_region_name: 'eu-central-1', ...params };
  return resolve(row, env, { trusted, ...(files === null ? {} : { readText }) });
}

function grantOf(...asked: Parameters<typeof bedrock>): AwsGrant {
  const { grant } = bedrock(...asked);
  if (grant?.issuer !== 'aws') throw new Error('no grant');
  return grant;
}

describe('a role', () => {
  test('is taken on with the keys of the row, in the region of the call', () => {
    const grant = grantOf({ ...KEYS, aws_role_name: ROLE, aws_session_name: 'house', aws_external_id: 'ex:1' }, ENV);
    expect(grant).toEqual({
      issuer: 'aws',
      source: {
        kind: 'role',
        role: { arn: ROLE, session: 'house', externalId: 'ex:1', lifeS: null },
        by: { kind: 'keys', keys: OWN },
      },
      sts: { address: 'https://sts.eu-central-1.amazonaws.com/', region: 'eu-central-1', seesFiles: true },
      scope: { region: 'eu-central-1', service: 'bedrock' },
    });
    expect(secretsOfGrant(grant)).toEqual(['AKIAOWN000000000', 'own-secret-key', 'ex:1']);
  });

  test('is taken on by whoever the environment or the machine names, and has a name for its session', () => {
    const row = { aws_role_name: ROLE };
    expect(grantOf(row, ENV).source).toMatchObject({ role: { session: 'llm-gateway' }, by: { keys: { accessKeyId: 'AKIAENV000000000' } } });
    expect(grantOf(row, { ...ENV, AWS_ROLE_SESSION_NAME: 'pod-1' }).source).toMatchObject({ role: { session: 'pod-1' } });
    expect(grantOf(row).source).toMatchObject({ by: { kind: 'machine' } });
    const pod = { AWS_ROLE_ARN: `${ROLE}-pod`, AWS_WEB_IDENTITY_TOKEN_FILE: '/run/token' };
    expect(grantOf(row, pod).source).toMatchObject({ role: { arn: ROLE }, by: { kind: 'web_identity', role: { arn: `${ROLE}-pod` } } });
    expect(grantOf({ ...row, aws_profile_name: 'dev' }, HOME).source).toMatchObject({ by: { kind: 'profile', name: 'dev' } });
    expect(() => grantOf(row, { AWS_EC2_METADATA_DISABLED: 'true' })).toThrow(expect.objectContaining({ param: 'aws_access_key_id' }));
  });

  test.each([
    ['cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn/'],
    ['us-gov-west-1', 'https://sts.us-gov-west-1.amazonaws.com/'],
    ['us-iso-east-1', 'https://sts.us-iso-east-1.c2s.ic.gov/'],
  ])('in %s is asked for at %s', (region, address) => {
    expect(grantOf({ ...KEYS, aws_role_name: ROLE, aws_region_name: region }).sts).toMatchObject({ address, region });
  });

  test.each([
    ['https://sts.amazonaws.com', 'us-east-1'],
    ['https://sts.eu-west-1.amazonaws.com/', 'eu-west-1'],
    ['http://127.0.0.1:4566', 'eu-central-1'],
  ])('asked for at %s is signed for %s', (address, region) => {
    expect(grantOf({ ...KEYS, aws_role_name: ROLE, aws_sts_endpoint: address }).sts).toEqual({ address, region, seesFiles: false });
  });

  test.each([
    [{ aws_role_name: 'models' }, 'aws_role_name', /is no ARN of a role/],
    [{ aws_role_name: ROLE, aws_session_name: 'a b' }, 'aws_session_name', /2 to 64/],
    [{ aws_role_name: ROLE, aws_external_id: 'a\nb' }, 'aws_external_id', /may have/],
    [{ aws_external_id: 'ex' }, 'aws_role_name', /without aws_role_name/],
    [{ aws_role_name: ROLE, aws_sts_endpoint: 'ftp://x' }, 'aws_sts_endpoint', /no http or https/],
    [{ aws_role_name: ROLE, aws_region_name: 'evil.example/' }, 'aws_region_name', /no region/],
  ])('is refused as %j, and the field is named', (params, param, message) => {
    const asked = (): unknown => bedrock({ ...KEYS, ...params });
    expect(asked).toThrow(expect.objectContaining({ name: 'UnresolvedDeployment', param }));
    expect(asked).toThrow(message);
  });
});

describe('a web identity token', () => {
  const token = (value: string, env: Env = {}) => {
    const { source } = grantOf({ aws_role_name: ROLE, aws_web_identity_token: value }, env);
    return source.kind === 'web_identity' ? source.token : null;
  };
  const place = 'aws_web_identity_token';

  test('stands in the row, in a file, or in a variable', () => {
    expect(token('ey.jw.t')).toEqual({ kind: 'text', text: 'ey.jw.t', place });
    expect(token('/run/token')).toEqual({ kind: 'file', path: '/run/token', place });
    expect(token('oidc/file//run/token')).toEqual({ kind: 'file', path: '/run/token', place });
    expect(token('oidc/env/JWT', { JWT: 'ey.of.env' })).toEqual({ kind: 'text', text: 'ey.of.env', place });
    expect(token('oidc/env_path/JWT_FILE', { JWT_FILE: '/run/jwt' })).toEqual({ kind: 'file', path: '/run/jwt', place });
  });

  test('that the row holds is a secret', () => {
    expect(secretsOfGrant(grantOf({ aws_role_name: ROLE, aws_web_identity_token: 'ey.jw.t' }))).toEqual(['ey.jw.t']);
  });

  test('of a pod is found by the variables of EKS', () => {
    expect(grantOf({}, { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/run/token' }).source).toEqual({
      kind: 'web_identity',
      role: { arn: ROLE, session: 'llm-gateway', externalId: null, lifeS: null },
      token: { kind: 'file', path: '/run/token', place: 'AWS_WEB_IDENTITY_TOKEN_FILE' },
    });
  });

  test.each([
    [{ aws_web_identity_token: 'ey.jw.t' }, 'aws_role_name', /set aws_role_name too/],
    [{ aws_role_name: ROLE, aws_web_identity_token: 'oidc/google/x' }, place, /from a file or the environment/],
    [{ aws_role_name: ROLE, aws_web_identity_token: 'oidc/env/NOT_SET' }, place, /not set/],
    [{ aws_role_name: ROLE, aws_web_identity_token: 'a\nb' }, place, /line break/],
  ])('%j is refused, and the field is named', (params, param, message) => {
    const asked = (): unknown => bedrock(params);
    expect(asked).toThrow(expect.objectContaining({ name: 'UnresolvedDeployment', param }));
    expect(asked).toThrow(message);
  });

  test('in a file may be shown to another address only by a row of the owner', () => {
    const row = { aws_role_name: ROLE, aws_web_identity_token: '/run/token', aws_sts_endpoint: 'https://sts.house.example' };
    expect(grantOf(row).sts.seesFiles).toBe(false);
    expect(grantOf(row, {}, null, true).sts.seesFiles).toBe(true);
  });
});

describe('a profile', () => {
  const FILES = { '/home/me/.aws/credentials': '[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = s\n' };

  test('is looked for in the files of the home folder, or in those that the variables name', () => {
    expect(grantOf({ aws_profile_name: 'dev' }, HOME, FILES).source).toMatchObject({
      kind: 'profile',
      name: 'dev',
      files: {
        credentials: { path: '/home/me/.aws/credentials', place: '~/.aws/credentials' },
        config: { path: '/home/me/.aws/config', place: '~/.aws/config' },
      },
    });
    const named = { AWS_SHARED_CREDENTIALS_FILE: '/run/c', AWS_CONFIG_FILE: '/run/f', AWS_PROFILE: 'dev' };
    expect(grantOf({}, named, { '/run/c': '[dev]\naws_access_key_id=A\naws_secret_access_key=s' }).source).toMatchObject({
      kind: 'profile',
      files: { credentials: { place: 'AWS_SHARED_CREDENTIALS_FILE' } },
    });
  });

  test('tells the region where nothing else does', () => {
    const files = { ...FILES, '/home/me/.aws/config': '[profile dev]\nregion = eu-north-1\n' };
    const row = { aws_profile_name: 'dev', aws_region_name: undefined };
    expect(bedrock(row, HOME, files).base).toBe('https://bedrock-runtime.eu-north-1.amazonaws.com');
    expect(bedrock(row, { ...HOME, AWS_REGION: 'eu-west-3' }, files).base).toBe('https://bedrock-runtime.eu-west-3.amazonaws.com');
  });

  test('that is in no file is told at once, by the names of the files', () => {
    expect(() => bedrock({ aws_profile_name: 'prod' }, HOME, FILES)).toThrow(
      expect.objectContaining({
        param: 'aws_profile_name',
        message: 'aws_profile_name names a profile that stands in none of the files (~/.aws/credentials, ~/.aws/config).',
      }),
    );
    expect(() => bedrock({ aws_profile_name: 'dev' })).toThrow(/no home folder/);
  });

  test('that cannot be used is told at once', () => {
    const files = { '/home/me/.aws/config': '[profile dev]\ncredential_process = /bin/evil --secret\n' };
    expect(() => bedrock({ aws_profile_name: 'dev' }, HOME, files)).toThrow(
      'The profile "dev" (~/.aws/credentials, ~/.aws/config) gets its keys from a program, and programs are not run ("credential_process"): set keys, a role, or a web identity token instead.',
    );
  });
});

describe('what nobody names', () => {
  test('is asked of the container, else of the default profile and the machine', () => {
    expect(grantOf({}, { ...HOME, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '//evil.example/x' }).source).toEqual({
      kind: 'container',
      address: 'http://169.254.170.2/evil.example/x',
      authorization: null,
    });
    const pod = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/run/pod-token',
    };
    expect(grantOf({}, pod).source).toEqual({
      kind: 'container',
      address: 'http://169.254.170.23/v1/credentials',
      authorization: { kind: 'file', path: '/run/pod-token', place: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' },
    });
    expect(grantOf({}, HOME).source).toMatchObject({ kind: 'machine', profile: { name: 'default' } });
    expect(grantOf({}).source).toEqual({ kind: 'machine', profile: null });
  });

  test('comes after keys and API keys', () => {
    const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/c' };
    expect(bedrock({}, { ...ENV, ...container })).toMatchObject({
      grant: null,
      signer: { secrets: ['AKIAENV000000000', 'env-secret-key'] },
    });
    expect(bedrock({}, { AWS_BEARER_TOKEN_BEDROCK: 'b', ...container })).toMatchObject({ grant: null, signer: null });
    expect(bedrock(KEYS, container)).toMatchObject({ grant: null, signer: { secrets: ['AKIAOWN000000000', 'own-secret-key'] } });
  });

  test('is the default profile alone where the metadata server is switched off', () => {
    const off = { ...HOME, AWS_EC2_METADATA_DISABLED: 'true' };
    const files = { '/home/me/.aws/credentials': '[default]\naws_access_key_id=A\naws_secret_access_key=s' };
    expect(grantOf({}, off, files).source).toMatchObject({ kind: 'profile', name: 'default' });
    expect(() => bedrock({}, off, {})).toThrow(/needs credentials/);
  });

  test('is not looked for where a call may go without', () => {
    expect(bedrock({ api_base: 'http://127.0.0.1:8080' })).toMatchObject({ signer: null, grant: null });
    expect(bedrock({ mock_response: 'Hi' })).toMatchObject({ signer: null, grant: null });
    const vpc = 'https://vpce-1.bedrock-runtime.eu-central-1.vpce.amazonaws.com';
    expect(grantOf({ aws_bedrock_runtime_endpoint: vpc }).source).toMatchObject({ kind: 'machine' });
  });
});
