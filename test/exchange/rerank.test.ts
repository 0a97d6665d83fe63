import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { lastRow } from './leaks.ts';

const QUERY = 'Which animal barks?';
const DOCUMENTS = ['Cats purr.', 'Dogs bark.', 'Fish are silent.'];
const BY_TOKEN = 'input_cost_per_token: 0.00000007';
const BY_QUERY = 'input_cost_per_query: 0.002';

interface Case {
  /** Folder of the documented exchange. */
  readonly wire: string;
  readonly model: string;
  /** Behind the fake provider's address. */
  readonly base?: string;
  readonly path: string;
  readonly price: string;
  /** What the row says: the cost, tokens, and whether they are our own count. */
  readonly spend: string;
  readonly tokens: number;
  readonly guessed?: true;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** 3 documents, each read with the query: 7 tokens of the query's 19 bytes, and 4, 4 and 6 of the documents'. */
const GUESS = 35;

const CASES: readonly Case[] = [
  { wire: 'cohere', model: 'cohere/rerank-v3.5', path: '/v2/rerank', price: BY_QUERY, spend: '0.002', tokens: 0, more: { max_tokens_per_doc: 512 } },
  { wire: 'cohere_v1', model: 'together_ai/Salesforce/Llama-Rank-V1', base: '/v1', path: '/v1/rerank', price: BY_TOKEN, spend: '0.00012859', tokens: 1837 },
  { wire: 'jina', model: 'jina_ai/jina-reranker-v2-base-multilingual', base: '/v1', path: '/v1/rerank', price: BY_TOKEN, spend: '0.00005705', tokens: 815 },
  { wire: 'plain', model: 'hosted_vllm/BAAI/bge-reranker-v2-m3', base: '/v1', path: '/v1/rerank', price: BY_TOKEN, spend: '0.00000392', tokens: 56 },
  { wire: 'plain', model: 'infinity/BAAI/bge-reranker-v2-m3', path: '/rerank', price: BY_TOKEN, spend: '0.00000392', tokens: 56 },
  { wire: 'plain', model: 'llamacpp/BAAI/bge-reranker-v2-m3', base: '/v1', path: '/v1/rerank', price: BY_TOKEN, spend: '0.00000392', tokens: 56 },
  { wire: 'plain', model: 'dashscope/BAAI/bge-reranker-v2-m3', base: '/compatible-mode/v1', path: '/compatible-api/v1/reranks', price: BY_TOKEN, spend: '0.00000392', tokens: 56 },
  { wire: 'plain', model: 'novita/BAAI/bge-reranker-v2-m3', base: '/v3/openai', path: '/openai/v1/rerank', price: BY_TOKEN, spend: '0.00000392', tokens: 56 },
  { wire: 'voyage', model: 'voyage/rerank-2', base: '/v1', path: '/v1/rerank', price: BY_TOKEN, spend: '0.00000182', tokens: 26 },
  { wire: 'tei', model: 'tei/BAAI/bge-reranker-v2-m3', path: '/rerank', price: BY_TOKEN, spend: '0.00000245', tokens: GUESS, guessed: true },
  { wire: 'tei', model: 'huggingface/BAAI/bge-reranker-v2-m3', path: '/rerank', price: BY_TOKEN, spend: '0.00000245', tokens: GUESS, guessed: true },
  { wire: 'sglang', model: 'sglang/BAAI/bge-reranker-v2-m3', base: '/v1', path: '/v1/rerank', price: BY_TOKEN, spend: '0.00000245', tokens: GUESS, guessed: true },
  { wire: 'deepinfra', model: 'deepinfra/Qwen/Qwen3-Reranker-0.6B', base: '/v1/openai', path: '/v1/inference/Qwen/Qwen3-Reranker-0.6B', price: BY_TOKEN, spend: '0.00000294', tokens: 42 },
  { wire: 'nvidia', model: 'nvidia_nim/nvidia/llama-3.2-nv-rerankqa-1b-v2', base: '/v1', path: '/v1/ranking', price: BY_TOKEN, spend: '0.00000231', tokens: 33 },
  { wire: 'bedrock', model: 'bedrock/cohere.rerank-v3-5:0', path: '/rerank', price: BY_QUERY, spend: '0.002', tokens: GUESS, guessed: true },
  { wire: 'cloudflare', model: 'cloudflare/@cf/baai/bge-reranker-base', base: '/client/v4/accounts/a1/ai/v1', path: '/client/v4/accounts/a1/ai/run/@cf/baai/bge-reranker-base', price: BY_TOKEN, spend: '0.00000245', tokens: GUESS, guessed: true },
]; // prettier-ignore

let provider: FakeProvider;
let gateway: TestGateway;
let key: string;

beforeAll(async () => {
  provider = await FakeProvider.start();
  const rows = CASES.map(({ model, base = '', price }) => {
    const aws = model.startsWith('bedrock') ? ', aws_region_name: us-west-2' : '';
    return `  - { model_name: "${model}", litellm_params: { model: "${model}", api_base: "${provider.url}${base}", api_key: rank-secret, ${price}${aws} } }\n`;
  });
  gateway = await startGateway(`model_list:
${rows.join('')}  - { model_name: free, litellm_params: { model: infinity/free, api_base: "${provider.url}" } }
  - { model_name: drops, litellm_params: { model: infinity/free, api_base: "${provider.url}", drop_params: true } }
  - { model_name: forced, litellm_params: { model: infinity/free, api_base: "${provider.url}", allowed_openai_params: [max_tokens_per_doc] } }
  - { model_name: chats, litellm_params: { model: groq/llama, api_base: "${provider.url}", api_key: k } }
  - { model_name: mocked, litellm_params: { model: cohere/rerank-v3.5, mock_response: x, input_cost_per_query: 0.002 } }
  - { model_name: away, litellm_params: { model: cohere/rerank-v3.5, api_base: "http://127.0.0.1:1", api_key: k } }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ away: [free] }] }
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

interface Body {
  readonly id: string;
  readonly results: readonly { readonly index: number; readonly relevance_score: number; readonly document?: unknown }[];
  readonly meta: Record<string, unknown>;
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null };
}

async function rank(model: string, more: Record<string, unknown> = {}, path = '/v1/rerank'): Promise<{ answer: Response; body: Body }> {
  const answer = await gateway.call('POST', path, { model, query: QUERY, documents: DOCUMENTS, ...more }, key);
  return { answer, body: (await answer.clone().json()) as Body };
}

describe.each(CASES)('$model', ({ guessed, model, more = {}, path, spend, tokens, wire: name }) => {
  test('is asked in its own words, told in Cohere’s, and paid for', async () => {
    const { request } = wireCase(`rerank/${name}`);
    provider.behaviour = wire(`rerank/${name}`);
    const { answer, body } = await rank(model, { top_n: 2, ...more });
    expect(answer.status).toBe(200);
    expect(provider.last).toMatchObject({ method: 'POST', path, headers: { authorization: 'Bearer rank-secret' } });
    expect(provider.last.json).toEqual(request);
    expect(body.results.map(({ index }) => index)).toEqual([1, 0]);
    expect(body.results[0]?.relevance_score).toBe(name === 'nvidia' ? 7.27 : 0.98);
    expect(body.id).not.toBe('');
    expect(answer.headers.get('x-litellm-response-cost')).toBe(spend);
    const row = await lastRow(gateway);
    expect(row).toMatchObject({ call_type: 'arerank', spend, prompt_tokens: tokens, completion_tokens: 0, status: 'success' });
    expect((row['metadata'] as Record<string, unknown>)['usage_estimated']).toBe(guessed);
  });
});

describe('an answer', () => {
  test('names what it used as Cohere does, as far as it is known', async () => {
    provider.behaviour = wire('rerank/cohere');
    expect((await rank('cohere/rerank-v3.5')).body).toEqual({
      id: '07734bd2-2473-4f07-94e1-0d9f0e6843cf',
      results: [
        { index: 1, relevance_score: 0.98 },
        { index: 0, relevance_score: 0.21 },
      ],
      meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
    });
    provider.behaviour = wire('rerank/plain');
    expect((await rank('free')).body.meta).toEqual({ api_version: { version: '2' }, tokens: { input_tokens: 56 } });
  });

  test('is sorted and cut here where the provider does neither', async () => {
    provider.behaviour = json({ results: DOCUMENTS.map((_, index) => ({ index, relevance_score: index / 10 })) });
    expect((await rank('free', { top_n: 2 })).body.results).toEqual([
      { index: 2, relevance_score: 0.2 },
      { index: 1, relevance_score: 0.1 },
    ]);
  });

  test.each(['/v1/rerank', '/rerank', '/v2/rerank'])(
    'repeats the documents as they were sent where the client wants that, %s',
    async (path) => {
      const documents = ['plain', { text: 'with text', id: 7 }, { title: 'none' }];
      provider.behaviour = json({ results: documents.map((_, index) => ({ index, relevance_score: 1 - index / 10 })) });
      const { body } = await rank('free', { documents, return_documents: true }, path);
      expect(body.results.map(({ document }) => document)).toEqual([{ text: 'plain' }, documents[1], documents[2]]);
      expect(provider.last.json['documents']).toEqual(['plain', 'with text', 'none']);
    },
  );
});

describe('documents that are objects', () => {
  const documents = [
    { title: 'Dogs', body: 'They bark.', year: 1999 },
    { title: 'Cats', body: 'They purr.', year: null },
  ];

  test('are ranked by all they hold, or by the fields that are named', async () => {
    provider.behaviour = json({ results: [] });
    await rank('free', { documents });
    expect(provider.last.json['documents']).toEqual(['title: Dogs\nbody: They bark.\nyear: 1999', 'title: Cats\nbody: They purr.']);
    await rank('free', { documents, rank_fields: ['body'] });
    expect(provider.last.json['documents']).toEqual(['They bark.', 'They purr.']);
  });

  test('stay objects at Jina where one is a picture', async () => {
    provider.behaviour = json({ results: [] });
    const pictures = [{ image: 'https://example.org/a.png' }, { text: 'a dog' }];
    await rank('jina_ai/jina-reranker-v2-base-multilingual', { documents: pictures });
    expect(provider.last.json['documents']).toEqual(pictures);
  });
});

describe('parameters', () => {
  test('that a provider does not know are 400, left out, or sent all the same', async () => {
    provider.behaviour = wire('rerank/plain');
    const { answer, body } = await rank('free', { max_tokens_per_doc: 10 });
    expect([answer.status, body.error.param]).toEqual([400, 'max_tokens_per_doc']);
    expect((await rank('drops', { max_tokens_per_doc: 10 })).answer.status).toBe(200);
    expect(provider.last.json).not.toHaveProperty('max_tokens_per_doc');
    await rank('forced', { max_tokens_per_doc: 10 });
    expect(provider.last.json).toMatchObject({ max_tokens_per_doc: 10 });
  });

  test('of the provider’s own pass; more results than documents are not asked for', async () => {
    provider.behaviour = wire('rerank/plain');
    await rank('free', { truncate_prompt_tokens: 5, top_n: 100, user: 'ann', metadata: { tags: ['a'] }, extra_body: { priority: 1 } });
    expect(provider.last.json).toEqual({
      model: 'free',
      query: QUERY,
      documents: DOCUMENTS,
      top_n: 3,
      truncate_prompt_tokens: 5,
      priority: 1,
    });
    expect(await lastRow(gateway)).toMatchObject({ end_user: 'ann' });
  });
});

describe('refusals', () => {
  test.each([
    [{ query: undefined }, 'query'],
    [{ query: 5 }, 'query'],
    [{ documents: undefined }, 'documents'],
    [{ documents: 'x' }, 'documents'],
    [{ documents: ['a', 5] }, 'documents[1]'],
    [{ top_n: 0 }, 'top_n'],
    [{ top_n: 1.5 }, 'top_n'],
    [{ return_documents: 'yes' }, 'return_documents'],
    [{ rank_fields: [1] }, 'rank_fields[0]'],
  ])('%o is 400 and names the member', async (more, param) => {
    const { answer, body } = await rank('free', more);
    expect([answer.status, body.error.param, body.error.type]).toEqual([400, param, 'invalid_request_error']);
    expect(provider.seen).toHaveLength(0);
  });

  test('a provider that does not rank is 400', async () => {
    const { answer, body } = await rank('chats');
    expect([answer.status, body.error.message]).toEqual([400, expect.stringContaining('Rerank is not supported for provider Groq')]);
  });

  test('a model that ranks does not chat', async () => {
    const asked = { model: 'voyage/rerank-2', messages: [{ role: 'user', content: 'Hi' }] };
    const answer = await gateway.call('POST', '/v1/chat/completions', asked, key);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('they do not chat')]);
  });

  test.each([
    ['cohere/rerank-v3.5', { message: 'invalid request: too many documents' }, 422],
    ['voyage/rerank-2', { detail: 'Model rerank-9 is not supported.' }, 400],
    ['tei/BAAI/bge-reranker-v2-m3', { error: 'Model is overloaded', error_type: 'overloaded' }, 429],
    ['bedrock/cohere.rerank-v3-5:0', { message: 'Access denied to the model.' }, 403],
  ])('those of %s come in its words', async (model, error, status) => {
    provider.behaviour = json(error, status);
    const { answer, body } = await rank(model);
    expect([answer.status, body.error.message]).toEqual([status, expect.stringContaining(Object.values(error)[0] ?? '')]);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });
});

describe('an answer that cannot be', () => {
  test.each([
    ['no list', {}],
    ['a text', { results: 'x' }],
    ['a document that nobody sent', { results: [{ index: 3, relevance_score: 1 }] }],
    ['a document before the first', { results: [{ index: -1, relevance_score: 1 }] }],
    ['half a document', { results: [{ index: 0.5, relevance_score: 1 }] }],
    ['no document', { results: [{ relevance_score: 1 }] }],
    ['a score that is a text', { results: [{ index: 0, relevance_score: '1' }] }],
    ['no score', { results: [{ index: 0 }] }],
    ['nothing in its list', { results: [null] }],
  ])('%s is 502 and costs nothing', async (_name, body) => {
    provider.behaviour = json(body);
    expect((await rank('cohere/rerank-v3.5')).answer.status).toBe(502);
    expect(await lastRow(gateway)).toMatchObject({ status: 'failure', spend: '0' });
  });

  test('ranks a document once, whatever it says', async () => {
    provider.behaviour = json({ results: [0.1, 0.9, 0.5].map((score) => ({ index: 0, relevance_score: score })) });
    expect((await rank('free')).body.results).toEqual([{ index: 0, relevance_score: 0.9 }]);
  });

  test.each([{ search_units: -1 }, { search_units: 1e12 }, { search_units: '1' }, {}])('counts %o is counted here', async (billed) => {
    provider.behaviour = json({ results: [], meta: { billed_units: billed } });
    await rank('cohere/rerank-v3.5');
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.002', metadata: expect.objectContaining({ usage_estimated: true }) });
  });

  test('tells tokens where the price is for queries is billed for its queries', async () => {
    provider.behaviour = json({ results: [], usage: { total_tokens: 10 } });
    await rank('cohere/rerank-v3.5', { documents: Array.from({ length: 101 }, () => 'x') });
    expect(await lastRow(gateway)).toMatchObject({ spend: '0.004', metadata: expect.objectContaining({ usage_estimated: true }) });
  });
});

test('what is dear is reserved before it is asked for', async () => {
  const poor = await gateway.key({ max_budget: 0.003 });
  provider.behaviour = inTurn(wire('rerank/cohere'));
  const ask = () => gateway.call('POST', '/v1/rerank', { model: 'cohere/rerank-v3.5', query: QUERY, documents: DOCUMENTS }, poor);
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(422);
  expect(provider.seen).toHaveLength(2);
});

test('a fallback answers where the first is away', async () => {
  provider.behaviour = wire('rerank/plain');
  const { answer, body } = await rank('away');
  expect([answer.status, body.results.length, answer.headers.get('x-litellm-attempted-fallbacks')]).toEqual([200, 3, '1']);
});

test('a mocked model ranks in the order of the documents', async () => {
  const { answer, body } = await rank('mocked', { top_n: 2, return_documents: true });
  expect(body.results).toEqual([
    { index: 0, relevance_score: 1, document: { text: 'Cats purr.' } },
    { index: 1, relevance_score: 0.5, document: { text: 'Dogs bark.' } },
  ]);
  expect(answer.headers.get('x-litellm-response-cost')).toBe('0.002');
});

test('a key without the model is refused', async () => {
  const other = await gateway.key({ models: ['mocked'] });
  expect((await gateway.call('POST', '/rerank', { model: 'free', query: 'q', documents: ['d'] }, other)).status).toBe(403);
});
