import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { signed } from '../../src/providers/aws/sigv4.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { FakeProvider, json, type Behaviour, type SeenRequest } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { contentOf, eventsIn, lastRow } from './leaks.ts';

// Where a provider tells no usage, the thread that counts starts when it is first asked.
vi.setConfig({ testTimeout: 60_000 });

const KEYS = { accessKeyId: 'AKIAEXAMPLE00000', secretAccessKey: 'a-very-secret-access-key', sessionToken: null };
const TEXT = 'Grüße aus Zürich! 🌍';

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, base: string, more: string): string =>
    `  - { model_name: ${name}, litellm_params: { model: "${model}", api_base: "${provider.url}${base}", input_cost_per_token: 0.000001, output_cost_per_token: 0.000002, ${more} } }\n`;
  const aws = `aws_access_key_id: ${KEYS.accessKeyId}, aws_secret_access_key: ${KEYS.secretAccessKey}, aws_region_name: eu-central-1`;
  gateway = await startGateway(`model_list:
${row('tgi', 'huggingface/text-generation/org/model', '', 'api_key: hf-secret-key')}${row('dedicated', 'huggingface/tgi', '', 'api_key: hf-secret-key')}${row('features', 'huggingface/BAAI/bge-m3', '', 'api_key: hf-secret-key')}${row('endpoint', 'sagemaker/my-endpoint', '', `${aws}, model_id: component-1, extra_headers: { X-Amzn-SageMaker-Target-Model: "a.tar.gz" }`)}${row('messages', 'sagemaker_chat/my-endpoint', '', aws)}${row('nova', 'sagemaker_nova/nova', '/endpoints/nova/invocations', aws)}${row('vectors', 'sagemaker/my-vectors', '', aws)}${row('predibase', 'predibase/llama', '', 'api_key: pb-secret-key, tenant_id: t-1, adapter_id: my-adapter/1')}${row('triton', 'triton/llama', '/v2/models/llama/generate', 'max_tokens: 7')}${row('server', 'triton/llama', '', 'drop_params: true')}${row('tensors', 'triton/llama', '/v2/models/llama/infer', 'drop_params: true')}${row('nlp', 'nlp_cloud/llama-3', '', 'api_key: nlp-secret-key')}${row('aleph', 'aleph_alpha/luminous-base', '', 'api_key: aa-secret-key')}${row('bytez', 'bytez/google/gemma', '/models/v2', 'api_key: bz-secret-key')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  key = await gateway.key({ max_budget: 10 });
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

const ask = (model: string, more: Record<string, unknown> = {}): Promise<Response> =>
  gateway.call('POST', '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more }, key);
const complete = (model: string, more: Record<string, unknown> = {}): Promise<Response> =>
  gateway.call('POST', '/v1/completions', { model, prompt: 'Once upon a time', ...more }, key);

/** The signature that AWS would make of what arrived. */
function expectSigned({ method, path, headers, body }: SeenRequest): void {
  const { host = '', 'content-type': type = '', 'x-amz-date': date } = headers;
  const time = Date.parse(String(date).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const request = { method, origin: `http://${host}`, path, headers: { 'content-type': type }, body };
  expect(headers.authorization).toBe(signed(request, KEYS, { region: 'eu-central-1', service: 'sagemaker' }, time)['authorization']);
}

/** How each answers, where it is asked, and what proves who asks. */
const EACH = [
  { model: 'tgi', answers: 'tgi/text', path: '/', streamed: '/', proof: 'Bearer hf-secret-key', told: true },
  { model: 'dedicated', answers: 'predibase/text', path: '/v1/chat/completions', streamed: '/v1/chat/completions', proof: 'Bearer hf-secret-key', told: true },
  { model: 'endpoint', answers: 'sagemaker/text', path: '/endpoints/my-endpoint/invocations', streamed: '/endpoints/my-endpoint/invocations-response-stream', proof: null, told: true },
  { model: 'messages', answers: 'sagemaker_chat/text', path: '/endpoints/my-endpoint/invocations', streamed: '/endpoints/my-endpoint/invocations-response-stream', proof: null, told: true },
  { model: 'nova', answers: 'sagemaker_nova/text', path: '/endpoints/nova/invocations', streamed: '/endpoints/nova/invocations-response-stream', proof: null, told: true },
  { model: 'predibase', answers: 'predibase/text', path: '/t-1/deployments/v2/llms/llama/v1/chat/completions', streamed: '/t-1/deployments/v2/llms/llama/v1/chat/completions', proof: 'Bearer pb-secret-key', told: true },
  { model: 'triton', answers: 'triton/text', path: '/v2/models/llama/generate', streamed: '/v2/models/llama/generate_stream', proof: undefined, told: false },
  { model: 'server', answers: 'triton/text', path: '/v2/models/llama/generate', streamed: '/v2/models/llama/generate_stream', proof: undefined, told: false },
  { model: 'tensors', answers: 'triton_infer/text', path: '/v2/models/llama/infer', streamed: '/v2/models/llama/infer', proof: undefined, told: false },
  { model: 'nlp', answers: 'nlp_cloud/text', path: '/llama-3/generation', streamed: '/llama-3/generation', proof: 'Token nlp-secret-key', told: true },
  { model: 'aleph', answers: 'aleph_alpha/text', path: '/chat/completions', streamed: '/chat/completions', proof: 'Bearer aa-secret-key', told: true },
  { model: 'bytez', answers: 'bytez/text', path: '/models/v2/google/gemma', streamed: '/models/v2/google/gemma', proof: 'Key bz-secret-key', told: false },
] as const; // prettier-ignore

describe.each(EACH)('$model', ({ model, answers, path, streamed, proof, told }) => {
  const expectAsked = (wanted: string): void => {
    expect(provider.seen).toHaveLength(1);
    expect(provider.last.path).toBe(wanted);
    if (proof === null) expectSigned(provider.last);
    else expect(provider.last.headers.authorization).toBe(proof);
  };
  const expectPaid = async (): Promise<void> => {
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ status: 'success' });
    if (told) expect(row).toMatchObject({ spend: '0.000019', prompt_tokens: 9, completion_tokens: 5 });
    else {
      expect(row['metadata']).toMatchObject({ usage_estimated: true });
      expect(Number(row['spend'])).toBeGreaterThan(0);
    }
  };

  test('answers', async () => {
    provider.behaviour = wire(answers);
    const answer = await ask(model);
    expect(await answer.json()).toMatchObject({ model, choices: [{ message: { content: TEXT }, finish_reason: 'stop' }] });
    expectAsked(path);
    await expectPaid();
  });

  test('streams', async () => {
    provider.behaviour = wire(answers);
    const text = await (await ask(model, { stream: true })).text();
    expect(contentOf(eventsIn(text))).toBe(TEXT);
    expect(text).toMatch(/"finish_reason": ?"stop".*data: \[DONE\]\n\n$/s);
    expectAsked(streamed);
    await expectPaid();
  });
});

describe('Hugging Face', () => {
  test('that ignores the wish for a stream is told as one', async () => {
    provider.behaviour = json([{ generated_text: ' Hello' }]);
    const text = await (await ask('tgi', { stream: true })).text();
    expect(contentOf(eventsIn(text))).toBe('Hello');
  });

  test('embeds by feature extraction, and averages the vectors of tokens', async () => {
    for (const name of ['vectors/huggingface', 'vectors/huggingface-tokens']) {
      provider.behaviour = wire(name);
      const answer = await gateway.call('POST', '/v1/embeddings', { model: 'features', input: ['a', 'b'] }, key);
      const { data } = (await answer.json()) as { data: { embedding: number[] }[] };
      expect(data.map(({ embedding }) => embedding)).toEqual([[0.25, -0.5], [1, 2]]); // prettier-ignore
      expect(provider.last).toMatchObject({ path: '/', json: { inputs: ['a', 'b'] } });
    }
  });

  test('that loads a model says how long that takes', async () => {
    provider.behaviour = wire('tgi/error-503');
    const answer = await ask('tgi');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '21']);
    expect(await answer.text()).toContain('currently loading');
  });
});

describe('SageMaker', () => {
  test('is told which component and which model of an endpoint are meant', async () => {
    provider.behaviour = wire('sagemaker/text');
    await (await ask('endpoint')).text();
    expect(provider.last.headers).toMatchObject({
      'x-amzn-sagemaker-inference-component': 'component-1',
      'x-amzn-sagemaker-target-model': 'a.tar.gz',
    });
    expect(provider.last.json).not.toHaveProperty('model_id');
  });

  test('fails as its container does', async () => {
    provider.behaviour = wire('sagemaker/error-424');
    const answer = await ask('endpoint');
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('`top_p` must be');
  });

  test('embeds', async () => {
    provider.behaviour = wire('vectors/huggingface');
    const answer = await gateway.call('POST', '/v1/embeddings', { model: 'vectors', input: ['a', 'b'] }, key);
    expect(answer.status).toBe(200);
    expect(provider.last).toMatchObject({ path: '/endpoints/my-vectors/invocations', json: { inputs: ['a', 'b'] } });
    expectSigned(provider.last);
  });
});

describe('text completions', () => {
  test.each([
    ['tgi', 'tgi/length', '/', { inputs: 'Once upon a time' }],
    ['endpoint', 'tgi/length', '/endpoints/my-endpoint/invocations', { inputs: 'Once upon a time' }],
    ['predibase', 'tgi/length', '/t-1/deployments/v2/llms/llama/generate', { inputs: 'Once upon a time', parameters: { adapter_id: 'my-adapter/1' } }],
    ['nlp', 'nlp_cloud/text', '/llama-3/generation', { text: 'Once upon a time' }],
    ['aleph', 'aleph_alpha/complete', '/complete', { prompt: 'Once upon a time', model: 'luminous-base' }],
    ['triton', 'triton/text', '/v2/models/llama/generate', { text_input: 'Once upon a time', parameters: { max_tokens: 7 } }],
  ])('of %s send their prompt as it is', async (model, answers, path, body) => {
    provider.behaviour = wire(answers);
    const answer = await complete(model);
    expect(await answer.json()).toMatchObject({ object: 'text_completion', choices: [{ text: expect.stringMatching(/^ \S/) }] });
    expect(provider.last).toMatchObject({ path, json: body });
  }); // prettier-ignore

  test('stream', async () => {
    provider.behaviour = wire('tgi/length');
    const text = await (await complete('tgi', { stream: true })).text();
    expect(text).toContain('"text":" One"');
    expect(text).toContain('"finish_reason":"length"');
  });
});

describe('what no prompt can say', () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];

  test('is refused, naming it, before anybody is asked', async () => {
    const answer = await ask('tgi', { tools, response_format: { type: 'json_object' } });
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toContain('"tools"');
    expect(error.message).toContain('"response_format"');
    expect(provider.seen).toHaveLength(0);
  });

  test('goes without where the deployment says so', async () => {
    provider.behaviour = wire('triton/text');
    expect((await ask('server', { tools })).status).toBe(200);
    expect(Object.keys(provider.last.json).toSorted()).toEqual(['parameters', 'stream', 'text_input']);
  });
});

test('no key is repeated, whoever repeats it', async () => {
  const repeats: Behaviour = (request, response) => json({ error: `no: ${request.headers.authorization}` }, 401)(request, response);
  provider.behaviour = repeats;
  for (const [model, secret] of [['tgi', 'hf-secret-key'], ['nlp', 'nlp-secret-key'], ['bytez', 'bz-secret-key']] as const) {
    const answer = await ask(model);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(secret);
  }
}); // prettier-ignore

test('a stream that AWS breaks off says so after what was said', async () => {
  const { stream } = wireCase('sagemaker/text');
  provider.behaviour = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.end(stream.subarray(0, stream.length - 10));
  };
  const text = await (await ask('endpoint', { stream: true })).text();
  expect(text).toContain('Grüße');
  expect(text).toContain('"error"');
  expect(text).not.toContain('[DONE]');
});
