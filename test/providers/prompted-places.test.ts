import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json-object.ts';
import { urlOf } from '../../src/providers/resolve.ts';
import { resolve } from './resolving.ts';

/** Where servers that take a text are asked, and by which of their wires. */

const AWS = { aws_access_key_id: 'AKIAEXAMPLE00000', aws_secret_access_key: 's' };
const placed = (params: JsonObject, path: string, env: Record<string, string> = {}): unknown => {
  const resolved = resolve(params, env);
  return [resolved.dialect, resolved.wire, resolved.model, urlOf(resolved, path).href];
};

describe('Hugging Face', () => {
  const key = { api_key: 'hf' };

  test('is asked by its router in OpenAI’s words, as before', () => {
    expect(placed({ model: 'huggingface/together/org/model', ...key }, '/chat/completions')).toEqual(['openai', null, 'org/model:together', 'https://router.huggingface.co/v1/chat/completions']); // prettier-ignore
  });

  test('is asked for text generation at hf-inference, or at an endpoint of one’s own', () => {
    const model = 'huggingface/text-generation/org/model';
    expect(placed({ model, ...key }, '')).toEqual(['prompted', 'tgi', 'org/model', 'https://router.huggingface.co/hf-inference/models/org/model']); // prettier-ignore
    const api_base = 'https://x.endpoints.huggingface.cloud';
    expect(placed({ model, api_base, ...key }, '')).toEqual(['prompted', 'tgi', 'org/model', `${api_base}/`]);
  });

  test('at an endpoint of one’s own has OpenAI’s words below /v1, whoever wrote that', () => {
    for (const api_base of ['https://x.endpoints.huggingface.cloud', 'https://x.endpoints.huggingface.cloud/v1/'])
      expect(placed({ model: 'huggingface/tgi', api_base, ...key }, '/chat/completions')).toEqual(['openai', null, 'tgi', 'https://x.endpoints.huggingface.cloud/v1/chat/completions']); // prettier-ignore
  });

  test('extracts features at hf-inference, whichever provider chats', () => {
    const address = 'https://router.huggingface.co/hf-inference/models/BAAI/bge-m3/pipeline/feature-extraction';
    for (const model of ['huggingface/BAAI/bge-m3', 'huggingface/hf-inference/BAAI/bge-m3']) {
      const resolved = resolve({ model, ...key });
      expect([resolved.embeddings, urlOf(resolved, '/feature-extraction').href]).toEqual(['vectors', address]);
    }
    const own = resolve({ model: 'huggingface/BAAI/bge-m3', api_base: 'https://x.endpoints.huggingface.cloud/v1', ...key });
    expect(urlOf(own, '/feature-extraction').href).toBe('https://x.endpoints.huggingface.cloud/');
  });
});

describe('SageMaker', () => {
  const PATH = '/endpoints/e/invocations';

  test.each(['sagemaker', 'sagemaker_chat', 'sagemaker_nova'])('is asked in its region by the wire of %s', (prefix) => {
    const params = { model: `${prefix}/e`, ...AWS, aws_region_name: 'eu-west-1' };
    const address = `https://runtime.sagemaker.eu-west-1.amazonaws.com${PATH}`;
    expect(placed(params, PATH)).toEqual(['prompted', prefix, 'e', address]);
    expect(placed({ ...params, sagemaker_base_url: address }, PATH)).toEqual(['prompted', prefix, 'e', address]);
    expect(resolve(params).provider).toBe('sagemaker');
  });

  test('is signed with access keys of row or environment, and knows no key of Bedrock’s', () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE00000', AWS_SECRET_ACCESS_KEY: 's', AWS_BEARER_TOKEN_BEDROCK: 'b', AWS_REGION: 'us-east-1' }; // prettier-ignore
    const resolved = resolve({ model: 'sagemaker/e' }, env);
    expect([resolved.credentials, resolved.signer === null]).toEqual([{}, false]);
    const without = resolve({ model: 'sagemaker/e' }, { AWS_BEARER_TOKEN_BEDROCK: 'b', AWS_REGION: 'us-east-1' });
    expect([without.credentials, without.grant?.issuer]).toEqual([{}, 'aws']);
    expect(() => resolve({ model: 'sagemaker/e', ...AWS })).toThrow('aws_region_name');
  });

  test('is told the inference component by a header', () => {
    const { headers } = resolve({ model: 'sagemaker/e', ...AWS, aws_region_name: 'eu-west-1', model_id: 'c' });
    expect(headers).toMatchObject({ 'x-amzn-sagemaker-inference-component': 'c' });
  });
});

describe('Triton', () => {
  test.each([
    ['http://h:8000', 'triton', 'http://h:8000/v2/models/my%20model'],
    ['http://h:8000/v2/models/other', 'triton', 'http://h:8000/v2/models/other'],
    ['http://h/triton/generate', 'triton', 'http://h/triton'],
    ['http://h/triton/generate_stream', 'triton', 'http://h/triton'],
    ['http://h/triton/infer/', 'triton_infer', 'http://h/triton'],
  ])('at %s is asked by %s', (api_base, wire, base) => {
    expect(resolve({ model: 'triton/my model', api_base })).toMatchObject({ dialect: 'prompted', wire, base, credentials: {} });
  });

  test('has an address of its own', () => {
    expect(() => resolve({ model: 'triton/m' })).toThrow('set api_base or TRITON_API_BASE');
    expect(resolve({ model: 'triton/m' }, { TRITON_API_BASE: 'http://h:8000/' }).base).toBe('http://h:8000/v2/models/m');
  });

  test('embeds where its address says so', () => {
    const resolved = resolve({ model: 'triton/m', api_base: 'http://h/triton/embeddings' });
    expect(urlOf(resolved, '/infer').href).toBe('http://h/triton/embeddings');
  });
});

describe('Predibase', () => {
  const key = { api_key: 'k', tenant_id: 't' };
  const PATH = '/v1/chat/completions';
  const address = '/t/deployments/v2/llms/llama-3/v1/chat/completions';

  test.each([
    [undefined, `https://serving.app.predibase.com${address}`],
    ['https://predibase.example', `https://predibase.example${address}`],
    ['https://predibase.example/x/llms/llama-3/v1', 'https://predibase.example/x/llms/llama-3/v1/chat/completions'],
  ])('at %s is asked by tenant and deployment', (api_base, expected) => {
    expect(urlOf(resolve({ model: 'predibase/llama-3', ...key, ...(api_base === undefined ? {} : { api_base }) }), PATH).href).toBe(expected); // prettier-ignore
  });

  test('needs a tenant, by either of its names or the environment', () => {
    expect(() => resolve({ model: 'predibase/m', api_key: 'k' })).toThrow('tenant_id');
    expect(resolve({ model: 'predibase/m', api_key: 'k', predibase_tenant_id: 'u' }).base).toContain('/u/deployments');
    expect(resolve({ model: 'predibase/m', api_key: 'k' }, { PREDIBASE_TENANT_ID: 'v' }).base).toContain('/v/deployments');
  });
});

test('Petals is known, and why it is not asked', () => {
  expect(() => resolve({ model: 'petals/m' })).toThrow('Petals cannot be called: its public service has ended.');
});
