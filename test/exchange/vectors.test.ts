import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { lastRow } from './leaks.ts';

/** Providers that turn texts into vectors and do little else. */

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

const PRICE = 'input_cost_per_token: 0.00000002';

beforeAll(async () => {
  provider = await FakeProvider.start();
  const row = (name: string, model: string, base = '/v1', more = ''): string =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${provider.url}${base}", api_key: vec-secret, ${PRICE}${more} } }\n`;
  gateway = await startGateway(`model_list:
${row('voyage', 'voyage/voyage-3.5')}${row('voyage-context', 'voyage/voyage-context-3')}${row('voyage-multimodal', 'voyage/voyage-multimodal-3')}${row('jina', 'jina_ai/jina-embeddings-v3', '/v1', ', task: text-matching')}${row('nomic', 'nomic/nomic-embed-text-v1.5')}${row('tei', 'tei/BAAI/bge-m3', '')}
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

const TEXTS = ['Why is the sky blue?', 'Why is the grass green?'];

interface Body {
  readonly data: readonly { readonly index: number; readonly embedding: readonly number[] | string }[];
  readonly usage: Record<string, number>;
  readonly error: { readonly message: string; readonly param: string | null };
}

async function embed(model: string, more: Record<string, unknown> = {}): Promise<{ answer: Response; body: Body }> {
  const answer = await gateway.call('POST', '/v1/embeddings', { model, input: TEXTS, ...more }, key);
  return { answer, body: (await answer.clone().json()) as Body };
}

describe.each([
  {
    name: 'voyage',
    path: '/v1/embeddings',
    tokens: 10,
    spend: '0.0000002',
    more: { dimensions: 256, input_type: 'document', truncation: true },
  },
  { name: 'voyage-context', path: '/v1/contextualizedembeddings', tokens: 14, spend: '0.00000028', more: { input_type: 'query' } },
  { name: 'voyage-multimodal', path: '/v1/multimodalembeddings', tokens: 12, spend: '0.00000024', more: {} },
  { name: 'jina', path: '/v1/embeddings', tokens: 16, spend: '0.00000032', more: { dimensions: 256, normalized: true } },
  { name: 'nomic', path: '/v1/embedding/text', tokens: 11, spend: '0.00000022', more: { dimensions: 256, task_type: 'search_query' } },
  { name: 'tei', path: '/v1/embeddings', tokens: 13, spend: '0.00000026', more: {} },
])('$name', ({ more, name, path, spend, tokens }) => {
  test('is asked in its own words, told in OpenAI’s, and paid for', async () => {
    provider.behaviour = wire(`vectors/${name}`);
    const { answer, body } = await embed(name, { user: 'ann', ...more });
    expect(answer.status).toBe(200);
    expect(provider.last).toMatchObject({ method: 'POST', path, headers: { authorization: 'Bearer vec-secret' } });
    expect(provider.last.json).toEqual(wireCase(`vectors/${name}`).request);
    expect(body).toMatchObject({
      object: 'list',
      model: name,
      data: [
        { index: 0, embedding: [0.01, -0.5, 0.25] },
        { index: 1, embedding: [-0.01, 0.06, 0.125] },
      ],
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
    expect(await lastRow(gateway)).toMatchObject({ call_type: 'aembedding', spend, prompt_tokens: tokens });
  });
});

test('base64 comes as the provider packs it, or is packed here', async () => {
  const packed = Buffer.from(new Float32Array([0.01, -0.5, 0.25]).buffer).toString('base64');
  provider.behaviour = json({ data: [{ index: 0, embedding: packed }], usage: { total_tokens: 3 } });
  expect((await embed('voyage', { input: 'a', encoding_format: 'base64' })).body.data[0]?.embedding).toBe(packed);
  expect(provider.last.json).toMatchObject({ encoding_format: 'base64' });
  expect((await embed('jina', { input: 'a', encoding_format: 'base64' })).body.data[0]?.embedding).toBe(packed);
  expect(provider.last.json).toMatchObject({ embedding_type: 'base64', task: 'text-matching' });
  provider.behaviour = json({ embeddings: [[0.01, -0.5, 0.25]] });
  expect((await embed('nomic', { input: 'a', encoding_format: 'base64' })).body.data[0]?.embedding).toBe(packed);
  expect(provider.last.json).toEqual({ model: 'nomic-embed-text-v1.5', texts: ['a'], task_type: 'search_document' });
});

test('pictures stand where each provider wants them', async () => {
  const picture = 'data:image/png;base64,iVBORw0KGgo=';
  provider.behaviour = json({ data: [0, 1].map((index) => ({ index, embedding: [1] })) });
  await embed('voyage-multimodal', { input: ['a dog', picture] });
  expect(provider.last.json['inputs']).toEqual([
    { content: [{ type: 'text', text: 'a dog' }] },
    { content: [{ type: 'image_base64', image_base64: picture }] },
  ]);
  await embed('jina', { input: ['a dog', picture] });
  expect(provider.last.json['input']).toEqual([{ text: 'a dog' }, { image: picture }]);
});

test('tokens are read back to text', async () => {
  provider.behaviour = json({ data: [0, 1].map((index) => ({ index, embedding: [1] })) });
  await embed('voyage', { input: [[13225, 2375], [13225]] });
  expect(provider.last.json['input']).toEqual(['Hello world', 'Hello']);
  const { answer, body } = await embed('voyage', { input: [999_999_999] });
  expect([answer.status, body.error.param]).toEqual([400, 'input']);
});

test.each([
  ['voyage', 1000, 'input'],
  ['jina', 512, 'input'],
  ['nomic', 50, 'texts'],
])('more texts than %s takes at once go in several calls', async (name, most, member) => {
  const input = Array.from({ length: most + 1 }, (_, i) => `text ${i}`);
  const behaviour: Behaviour = (request, response) => {
    const texts = request.json[member] as string[];
    const vectors = texts.map((text) => [Number(text.slice(5))]);
    const data = vectors.map((embedding, index) => ({ index, embedding }));
    return json({ data, embeddings: vectors, usage: { total_tokens: texts.length } })(request, response);
  };
  provider.behaviour = behaviour;
  const { body } = await embed(name, { input });
  expect(provider.seen.map(({ json: sent }) => (sent[member] as string[]).length)).toEqual([most, 1]);
  expect(body.data.map(({ embedding }) => embedding[0])).toEqual(input.map((_, i) => i));
  expect(body.usage).toEqual({ prompt_tokens: most + 1, total_tokens: most + 1 });
});

test.each([
  ['no list', {}],
  ['too few', { data: [{ index: 0, embedding: [1] }] }],
  [
    'a vector of words',
    {
      data: [
        { index: 0, embedding: ['a'] },
        { index: 1, embedding: [1] },
      ],
    },
  ],
  ['no vector', { data: [{ index: 0 }, { index: 1 }] }],
  ['a list', []],
])('%s is 502 and costs nothing', async (_name, body) => {
  provider.behaviour = json(body);
  expect((await embed('voyage')).answer.status).toBe(502);
  expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
});

test.each([
  ['voyage', { detail: 'Please add your payment method.' }, 429],
  ['jina', { detail: 'The model is not known.' }, 422],
  ['nomic', { detail: 'Invalid key' }, 401],
])('refusals of %s come in its words', async (model, error, status) => {
  provider.behaviour = json(error, status);
  const { answer, body } = await embed(model);
  expect([answer.status, body.error.message]).toEqual([status, expect.stringContaining(error.detail)]);
});

test('what is not counted is counted here', async () => {
  provider.behaviour = json({ data: [{ index: 0, embedding: [1] }], usage: { total_tokens: -5 } });
  await embed('voyage', { input: 'Hello world' });
  expect(await lastRow(gateway)).toMatchObject({ prompt_tokens: 2, metadata: expect.objectContaining({ usage_estimated: true }) });
});
