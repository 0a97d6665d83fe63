import { describe, expect, test } from 'vitest';
import { urlOf } from '../../../src/providers/resolve.ts';
import { resolve } from '../resolving.ts';

const KEYS = { aws_access_key_id: 'AKIAOWN000000000', aws_secret_access_key: 'own-secret-key' };
const ENV = { AWS_ACCESS_KEY_ID: 'AKIAENV000000000', AWS_SECRET_ACCESS_KEY: 'env-secret-key', AWS_REGION: 'eu-west-1' };
const MODEL = 'amazon.nova-lite-v1:0';

type Env = Readonly<Record<string, string>>;

function bedrock(more: Record<string, unknown> = {}, env: Env = {}, name = MODEL) {
  return resolve({ model: `bedrock/${name}`, ...more }, env);
}

/** Where a call goes, and the scope of its signature. */
function place(more: Record<string, unknown>, env: Env = {}, name = MODEL): [string, string, string | undefined] {
  const resolved = bedrock({ ...KEYS, ...more }, env, name);
  const { origin } = urlOf(resolved, '/model/m/converse');
  const signed = resolved.signer?.sign({ method: 'POST', origin, path: '/', headers: {}, body: Buffer.alloc(0) }, 0);
  return [origin, resolved.model, /Credential=\w+\/\d+\/([\w-]+\/\w+)/.exec(signed?.['authorization'] ?? '')?.[1]];
}

describe('the region', () => {
  const ARN = 'arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/abc123';
  const at = (region: string, model = MODEL) => [`https://bedrock-runtime.${region}.amazonaws.com`, model, `${region}/bedrock`];

  test('stands in the deployment, in the name of the model, or in the environment', () => {
    expect(place({ aws_region_name: 'eu-central-1' }, ENV)).toEqual(at('eu-central-1'));
    expect(place({}, ENV, `us-east-2/${MODEL}`)).toEqual(at('us-east-2'));
    expect(place({}, ENV, ARN)).toEqual(at('us-west-2', ARN));
    expect(place({}, ENV)).toEqual(at('eu-west-1'));
    expect(place({}, { ...ENV, AWS_REGION_NAME: 'ap-south-1' })).toEqual(at('ap-south-1'));
    expect(place({}, { AWS_DEFAULT_REGION: 'us-gov-west-1' })).toEqual(at('us-gov-west-1'));
  });

  test('of an address is the one that is signed for', () => {
    const base = 'https://vpce-1.bedrock-runtime.sa-east-1.vpce.amazonaws.com';
    expect(place({ aws_bedrock_runtime_endpoint: base })).toEqual([base, MODEL, 'sa-east-1/bedrock']);
    expect(place({ aws_bedrock_runtime_endpoint: 'http://127.0.0.1:8080', aws_region_name: 'us-east-1' })).toEqual([
      'http://127.0.0.1:8080',
      MODEL,
      'us-east-1/bedrock',
    ]);
  });

  test('that nothing tells is asked for', () => {
    expect(() => bedrock(KEYS)).toThrow(expect.objectContaining({ param: 'aws_region_name' }));
    expect(() => bedrock({ ...KEYS, api_base: 'http://127.0.0.1:1' })).toThrow(expect.objectContaining({ param: 'aws_region_name' }));
    expect(() => bedrock({ api_key: 'bearer' })).toThrow(expect.objectContaining({ param: 'aws_region_name' }));
  });
});

test.each([
  ['converse/us.amazon.nova-lite-v1:0', 'us.amazon.nova-lite-v1:0'],
  ['invoke/anthropic.claude-3-haiku-20240307-v1:0', 'anthropic.claude-3-haiku-20240307-v1:0'],
  ['us-east-1/converse/global.anthropic.claude-haiku-4-5-20251001-v1:0', 'global.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['converse/arn:aws:bedrock:us-east-1:1:inference-profile/us.x', 'arn:aws:bedrock:us-east-1:1:inference-profile/us.x'],
])('%s asks for %s', (name, model) => {
  expect(bedrock({ ...KEYS, aws_region_name: 'us-east-1' }, {}, name).model).toBe(model);
});

describe('the credentials', () => {
  const REGION = { aws_region_name: 'us-east-1' };
  const signer = (more: Record<string, unknown>, env: Env = {}) => bedrock({ ...REGION, ...more }, env).signer?.secrets;
  const sent = (more: Record<string, unknown>, env: Env = {}) => bedrock({ ...REGION, ...more }, env).credentials;

  test('of the deployment come before those of the environment, and a key that is sent before one that signs', () => {
    expect(signer(KEYS, { ...ENV, AWS_BEARER_TOKEN_BEDROCK: 'env-bearer' })).toEqual(['AKIAOWN000000000', 'own-secret-key']);
    expect(sent({ ...KEYS, api_key: 'own-bearer' }, ENV)).toEqual({ authorization: 'Bearer own-bearer' });
    expect(sent({}, { ...ENV, AWS_BEARER_TOKEN_BEDROCK: 'env-bearer' })).toEqual({ authorization: 'Bearer env-bearer' });
    expect(signer({ ...KEYS, aws_session_token: 'token' })).toEqual(['AKIAOWN000000000', 'own-secret-key', 'token']);
    expect(signer({}, { ...ENV, AWS_SESSION_TOKEN: 'token' })).toEqual(['AKIAENV000000000', 'env-secret-key', 'token']);
  });

  test('of a key that is sent sign nothing', () => {
    expect(bedrock({ ...REGION, api_key: 'own-bearer' }).signer).toBeNull();
  });

  test.each([
    [{ aws_region_name: 'us-east-1' }, 'aws_access_key_id', /needs credentials/],
    [{ aws_access_key_id: 'AKIA' }, 'aws_secret_access_key', /without aws_secret_access_key/],
    [{ aws_secret_access_key: 's' }, 'aws_access_key_id', /without aws_access_key_id/],
    [{ api_key: 'a\nb' }, 'api_key', /line break/],
    [{ ...KEYS, aws_session_token: 'a\nb' }, 'aws_session_token', /line break/],
  ])('%j are refused, and the field is named', (params, param, message) => {
    const alone = { AWS_EC2_METADATA_DISABLED: 'true' };
    expect(() => bedrock({ ...REGION, ...params }, alone)).toThrow(expect.objectContaining({ name: 'UnresolvedDeployment', param }));
    expect(() => bedrock({ ...REGION, ...params }, alone)).toThrow(message);
  });

  test('may be missing for an own server and for a mock', () => {
    expect(bedrock({ api_base: 'http://127.0.0.1:8080' })).toMatchObject({ signer: null, credentials: {} });
    expect(bedrock({ ...REGION, mock_response: 'Hi' })).toMatchObject({ signer: null, credentials: {} });
  });
});

test.each(['agent/X', 'agentcore/arn', 'mantle/m', 'async_invoke/m'])('%s is no model of this interface', (name) => {
  expect(() => bedrock({ ...KEYS, aws_region_name: 'us-east-1' }, {}, name)).toThrow(expect.objectContaining({ param: 'model' }));
});
