import { CohereClient, CohereClientV2, CohereError, type Cohere } from 'cohere-ai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeProvider, json } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { wire } from '../support/wire-answers.ts';

let provider: FakeProvider;
let gateway: TestGateway;
let client: CohereClientV2;
let older: CohereClient;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startGateway(`model_list:
  - { model_name: ranks, litellm_params: { model: cohere/rerank-v3.5, api_base: "${provider.url}", api_key: k, input_cost_per_query: 0.002 } }
  - { model_name: ranks-at-home, litellm_params: { model: hosted_vllm/BAAI/bge-reranker-v2-m3, api_base: "${provider.url}/v1" } }
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
  const options = { token: gateway.masterKey, environment: gateway.url, maxRetries: 0 };
  client = new CohereClientV2(options);
  older = new CohereClient(options);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

const QUERY = 'Which animal barks?';
const DOCUMENTS = ['Cats purr.', 'Dogs bark.', 'Fish are silent.'];

test.each([
  ['ranks', 'rerank/cohere'],
  ['ranks-at-home', 'rerank/plain'],
])('the client of version 2 has its documents ranked by %s', async (model, name) => {
  provider.behaviour = wire(name);
  const answer = await client.rerank({ model, query: QUERY, documents: DOCUMENTS, topN: 2 });
  expect(answer.results).toEqual([
    { index: 1, relevanceScore: 0.98 },
    { index: 0, relevanceScore: 0.21 },
  ]);
  expect(answer.id).toMatch(/^[\w-]{30,}$/);
  expect(answer.meta?.apiVersion?.version).toBe('2');
  if (model === 'ranks') expect(answer.meta?.billedUnits?.searchUnits).toBe(1);
  else expect(answer.meta?.tokens?.inputTokens).toBe(56);
});

test('the client of version 1 gets its documents back, objects among them', async () => {
  provider.behaviour = wire('rerank/cohere');
  const documents: Cohere.RerankRequestDocumentsItem[] = ['Cats purr.', { text: 'Dogs bark.' }];
  const answer = await older.rerank({ model: 'ranks', query: QUERY, documents, returnDocuments: true });
  expect(answer.results).toEqual([
    { index: 1, relevanceScore: 0.98, document: { text: 'Dogs bark.' } },
    { index: 0, relevanceScore: 0.21, document: { text: 'Cats purr.' } },
  ]);
  expect(provider.last.json['documents']).toEqual(['Cats purr.', 'Dogs bark.']);
});

test('errors raise its class, with their status and words', async () => {
  const caught = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => error);
  provider.behaviour = json({ message: 'invalid request: list of documents must not be empty' }, 400);
  const refused = await caught(client.rerank({ model: 'ranks', query: QUERY, documents: [] }));
  expect(refused).toBeInstanceOf(CohereError);
  expect(refused).toMatchObject({ statusCode: 400, body: { error: { message: expect.stringContaining('must not be empty') } } });
  provider.behaviour = json({ message: 'trial key limit' }, 429);
  expect(await caught(client.rerank({ model: 'ranks', query: QUERY, documents: DOCUMENTS }))).toMatchObject({ statusCode: 429 });
  const unknown = await caught(client.rerank({ model: 'nobody', query: QUERY, documents: DOCUMENTS }));
  expect(unknown).toMatchObject({ statusCode: 400, message: expect.stringContaining('nobody') });
  const stranger = new CohereClientV2({ token: 'sk-stranger', environment: gateway.url, maxRetries: 0 });
  expect(await caught(stranger.rerank({ model: 'ranks', query: QUERY, documents: DOCUMENTS }))).toMatchObject({ statusCode: 401 });
});
