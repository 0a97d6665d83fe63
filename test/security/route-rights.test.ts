import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { FORM_TYPE, form } from '../gateway/audio/forms.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { makeCallers, type CallerName, type Credentials } from './callers.ts';

let provider: FakeProvider;
let gateway: TestGateway;
let credentials: Credentials;

beforeAll(async () => {
  const answers = json({ ...completion('Hello'), data: [{ index: 0, embedding: [1], relevance_score: 1 }], results: [] });
  provider = await FakeProvider.start((request, response) => {
    if (request.path.endsWith('/audio/speech')) response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('sound');
    else if (request.path.endsWith('/audio/transcriptions')) return json({ text: 'Hello' })(request, response);
    else if (request.path.includes('/images/')) return json({ data: [{ b64_json: 'aW1hZ2U=' }] })(request, response);
    else if (request.path === '/login/device')
      return json({ device_code: 'd', user_code: 'AB-12', verification_uri: provider.url })(request, response);
    else return answers(request, response);
  });
  const accounts = ['OPENAI', 'ANTHROPIC', 'GEMINI', 'AZURE', 'AZURE_AI', 'COHERE', 'MISTRAL', 'HOSTED_VLLM'];
  gateway = await startGateway(
    `
model_list:
  - model_name: fast
    litellm_params: { model: openai/upstream-model, api_base: ${provider.url}/v1, api_key: sk-provider }
  - model_name: cloud
    litellm_params: { model: vertex_ai/gemini-2.5-flash, api_base: ${provider.url}, api_key: a-key, vertex_project: p, use_in_pass_through: true }
  - model_name: ranks
    litellm_params: { model: cohere/rerank-v3.5, api_base: ${provider.url}, api_key: sk-provider }
`,
    {
      ...Object.fromEntries(accounts.flatMap((name) => [[`${name}_API_KEY`, 'a-key'], [`${name}_API_BASE`, provider.url]])), // prettier-ignore
      GITHUB_COPILOT_DEVICE_CODE_URL: `${provider.url}/login/device`,
      AWS_BEARER_TOKEN_BEDROCK: 'a-key',
      AWS_BEDROCK_RUNTIME_ENDPOINT: provider.url,
    },
  );
  credentials = await makeCallers(gateway);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Prefixes below which requests pass to a provider as they are. */
const PASSED = [
  'openai',
  'openai_passthrough',
  'anthropic',
  'gemini',
  'vertex_ai',
  'vertex-ai',
  'bedrock',
  'azure',
  'azure_ai',
  'cohere',
  'mistral',
  'vllm',
];

/** What a caller without a good credential gets on every route that is not public: status and `error.type`. */
const REFUSED_EVERYWHERE: Readonly<Partial<Record<CallerName, string>>> = {
  anonymous: 'auth_error',
  malformed: 'auth_error',
  unknown: 'token_not_found_in_db',
  blocked: 'auth_error',
  expired: 'expired_key',
  'other salt': 'auth_error',
  'ended session': 'auth_error',
};

/** What is said to a known key on a kind of route. */
type Verdict = 'served' | 'not admin' | 'not master' | 'not its route';

/** How a refusal of each kind looks: status, `error.type`, and words that clients look for. */
const REFUSALS = {
  'not admin': { status: 401, type: 'auth_error', says: 'Only proxy admin' },
  'not master': { status: 401, type: 'auth_error', says: 'Only the master key' },
  'not its route': { status: 403, type: 'auth_error', says: 'not allowed to call this route' },
} as const satisfies Record<Exclude<Verdict, 'served'>, object>;

type KeyName = 'ownerless' | 'llm key' | 'read-only key' | 'management key' | 'one-route key';

/** What each kind of route says to people, by key or by session (control-plane 2.3). */
const PEOPLE = {
  'key of a user': 'user',
  'session of a user': 'user',
  'key of a user who may only look': 'looking user',
  'key of a viewer': 'viewer',
  'session of a viewer': 'viewer',
  'key of an administrator': 'administrator',
  'session of an administrator': 'administrator',
  'session without the header': 'administrator',
} as const satisfies Partial<Record<CallerName, string>>;
type PersonName = keyof typeof PEOPLE;

/** Kinds of routes that are not for everybody, and who they are for besides administrators. */
const FOR: Readonly<Partial<Record<Expectation['kind'], readonly (typeof PEOPLE)[PersonName][]>>> = {
  manage: [],
  'admin info': [],
  'spend of all': ['viewer'],
  'own things': ['user'],
  'look at all': ['viewer'],
  'look at all info': ['viewer'],
};

/** What costs money, and what came of it, is asked with a key: the panel has a route of its own for it. */
const KEYS_ONLY: ReadonlySet<Expectation['kind']> = new Set(['call', 'the one call']);

/** What each kind of route says to each known key (control-plane 2.3, 2.4). The master key is served everywhere. */
const VERDICTS = {
  call: {
    ownerless: 'served',
    'llm key': 'served',
    'read-only key': 'not its route',
    'management key': 'not its route',
    'one-route key': 'not its route',
  },
  'the one call': {
    ownerless: 'served',
    'llm key': 'served',
    'read-only key': 'not its route',
    'management key': 'not its route',
    'one-route key': 'served',
  },
  info: {
    ownerless: 'served',
    'llm key': 'not its route',
    'read-only key': 'served',
    'management key': 'not its route',
    'one-route key': 'not its route',
  },
  'info of things that are managed': {
    ownerless: 'served',
    'llm key': 'not its route',
    'read-only key': 'served',
    'management key': 'served',
    'one-route key': 'not its route',
  },
  spend: {
    ownerless: 'served',
    'llm key': 'not its route',
    'read-only key': 'not its route',
    'management key': 'not its route',
    'one-route key': 'not its route',
  },
  manage: {
    ownerless: 'not admin',
    'llm key': 'not its route',
    'read-only key': 'not its route',
    'management key': 'not admin',
    'one-route key': 'not its route',
  },
  'own things': {
    ownerless: 'not admin',
    'llm key': 'not its route',
    'read-only key': 'not its route',
    'management key': 'not admin',
    'one-route key': 'not its route',
  },
  'look at all': {
    ownerless: 'not admin',
    'llm key': 'not its route',
    'read-only key': 'not its route',
    'management key': 'not admin',
    'one-route key': 'not its route',
  },
  'look at all info': {
    ownerless: 'not admin',
    'llm key': 'not its route',
    'read-only key': 'not admin',
    'management key': 'not admin',
    'one-route key': 'not its route',
  },
  'managed info': {
    ownerless: 'served',
    'llm key': 'not its route',
    'read-only key': 'not its route',
    'management key': 'served',
    'one-route key': 'not its route',
  },
  'master alone': {
    ownerless: 'not master',
    'llm key': 'not its route',
    'read-only key': 'not its route',
    'management key': 'not its route',
    'one-route key': 'not its route',
  },
  'admin info': {
    ownerless: 'not admin',
    'llm key': 'not its route',
    'read-only key': 'not admin',
    'management key': 'not its route',
    'one-route key': 'not its route',
  },
  'spend of all': {
    ownerless: 'not admin',
    'llm key': 'not its route',
    'read-only key': 'not its route',
    'management key': 'not its route',
    'one-route key': 'not its route',
  },
} as const satisfies Record<string, Record<KeyName, Verdict>>;

interface Expectation {
  readonly kind: keyof typeof VERDICTS | 'public';
  /** What the handler answers to {@link body} when it is reached. */
  readonly served: number;
  /** The same for a person who is no administrator, a key of nobody, the master key, where it differs. */
  readonly own?: number;
  readonly keyless?: number;
  readonly master?: number;
  /** The same for whoever asks from the panel. */
  readonly session?: number;
  readonly body?: unknown;
  /** Absent: JSON. */
  readonly type?: string;
  /** What stands behind the path. */
  readonly query?: string;
}

const chat = { model: 'fast', messages: [{ role: 'user', content: 'Hi' }] };
const generate = { contents: [{ parts: [{ text: 'Hi' }] }] };
const embed = { model: 'fast', input: 'Hi' };
const complete = { model: 'fast', prompt: 'Hi' };
const rank = { model: 'ranks', query: 'Hi', documents: ['a'] };
const speak = { model: 'fast', input: 'Hi', voice: 'alloy' };
const hear = { body: form(['model', 'fast'], ['file', 'sound', 'a.mp3']).toString('latin1'), type: FORM_TYPE };
const draw = { model: 'fast', prompt: 'A cat' };
const paint = { body: form(['model', 'fast'], ['prompt', 'Blue'], ['image', 'pixels', 'a.png']).toString('latin1'), type: FORM_TYPE };
const nobody = { key: 'sk-nobody-at-all', keys: ['sk-nobody-at-all'] };

/** Every route of the product. A route that is missing here fails the first test: say what it lets whom do. */
const ROUTES: Readonly<Record<string, Expectation>> = {
  'POST /v1/chat/completions': { kind: 'the one call', served: 200, body: chat },
  'POST /chat/completions': { kind: 'the one call', served: 200, body: chat },
  'POST /openai/v1/chat/completions': { kind: 'the one call', served: 200, body: chat },
  'POST /engines/:model/chat/completions': { kind: 'the one call', served: 200, body: chat },
  'POST /v1/engines/:model/chat/completions': { kind: 'the one call', served: 200, body: chat },
  'POST /openai/deployments/:model/chat/completions': { kind: 'the one call', served: 200, body: chat },
  'POST /v1/embeddings': { kind: 'call', served: 200, body: embed },
  'POST /embeddings': { kind: 'call', served: 200, body: embed },
  'POST /openai/v1/embeddings': { kind: 'call', served: 200, body: embed },
  'POST /engines/:model/embeddings': { kind: 'call', served: 200, body: embed },
  'POST /v1/engines/:model/embeddings': { kind: 'call', served: 200, body: embed },
  'POST /openai/deployments/:model/embeddings': { kind: 'call', served: 200, body: embed },
  'POST /v1/completions': { kind: 'call', served: 200, body: complete },
  'POST /completions': { kind: 'call', served: 200, body: complete },
  'POST /openai/v1/completions': { kind: 'call', served: 200, body: complete },
  'POST /engines/:model/completions': { kind: 'call', served: 200, body: complete },
  'POST /v1/engines/:model/completions': { kind: 'call', served: 200, body: complete },
  'POST /openai/deployments/:model/completions': { kind: 'call', served: 200, body: complete },
  'POST /v1/moderations': { kind: 'call', served: 200, body: embed },
  'POST /moderations': { kind: 'call', served: 200, body: embed },
  'POST /openai/v1/moderations': { kind: 'call', served: 200, body: embed },
  'POST /v1/rerank': { kind: 'call', served: 200, body: rank },
  'POST /rerank': { kind: 'call', served: 200, body: rank },
  'POST /v2/rerank': { kind: 'call', served: 200, body: rank },
  'POST /v1/audio/speech': { kind: 'call', served: 200, body: speak },
  'POST /audio/speech': { kind: 'call', served: 200, body: speak },
  'POST /openai/v1/audio/speech': { kind: 'call', served: 200, body: speak },
  'POST /openai/deployments/:model/audio/speech': { kind: 'call', served: 200, body: speak },
  'POST /v1/audio/transcriptions': { kind: 'call', served: 200, ...hear },
  'POST /audio/transcriptions': { kind: 'call', served: 200, ...hear },
  'POST /openai/v1/audio/transcriptions': { kind: 'call', served: 200, ...hear },
  'POST /openai/deployments/:model/audio/transcriptions': { kind: 'call', served: 200, ...hear },
  'POST /v1/images/generations': { kind: 'call', served: 200, body: draw },
  'POST /images/generations': { kind: 'call', served: 200, body: draw },
  'POST /openai/v1/images/generations': { kind: 'call', served: 200, body: draw },
  'POST /engines/:model/images/generations': { kind: 'call', served: 200, body: draw },
  'POST /v1/engines/:model/images/generations': { kind: 'call', served: 200, body: draw },
  'POST /openai/deployments/:model/images/generations': { kind: 'call', served: 200, body: draw },
  'POST /v1/images/edits': { kind: 'call', served: 200, ...paint },
  'POST /images/edits': { kind: 'call', served: 200, ...paint },
  'POST /openai/v1/images/edits': { kind: 'call', served: 200, ...paint },
  'POST /engines/:model/images/edits': { kind: 'call', served: 200, ...paint },
  'POST /v1/engines/:model/images/edits': { kind: 'call', served: 200, ...paint },
  'POST /openai/deployments/:model/images/edits': { kind: 'call', served: 200, ...paint },
  'POST /v1/messages': { kind: 'call', served: 200, body: { ...chat, max_tokens: 5 } },
  'POST /messages': { kind: 'call', served: 200, body: { ...chat, max_tokens: 5 } },
  'POST /v1/messages/count_tokens': { kind: 'call', served: 200, body: chat },
  'POST /messages/count_tokens': { kind: 'call', served: 200, body: chat },
  ...Object.fromEntries(
    ['/v1beta/models', '/v1/models', '/models'].flatMap((prefix) => [
      [`POST ${prefix}/*model:generateContent`, { kind: 'call', served: 200, body: generate }],
      [`POST ${prefix}/*model:streamGenerateContent`, { kind: 'call', served: 200, body: generate }],
      [`POST ${prefix}/*model:countTokens`, { kind: 'call', served: 200, body: generate }],
      [`POST ${prefix}/*model:embedContent`, { kind: 'call', served: 200, body: { content: { parts: [{ text: 'Hi' }] } } }],
      [
        `POST ${prefix}/*model:batchEmbedContents`,
        { kind: 'call', served: 200, body: { requests: [{ content: { parts: [{ text: 'Hi' }] } }] } },
      ],
    ]),
  ),
  'GET /v1beta/models': { kind: 'call', served: 200 },
  'GET /v1beta/models/*id': { kind: 'call', served: 200 },
  'POST /v1/responses': { kind: 'call', served: 200, body: embed },
  'POST /responses': { kind: 'call', served: 200, body: embed },
  'POST /openai/v1/responses': { kind: 'call', served: 200, body: embed },
  'POST /v1/responses/input_tokens': { kind: 'call', served: 200, body: embed },
  'POST /responses/input_tokens': { kind: 'call', served: 200, body: embed },
  'POST /openai/v1/responses/input_tokens': { kind: 'call', served: 200, body: embed },
  'POST /v1/responses/:id/cancel': { kind: 'call', served: 404 },
  'POST /responses/:id/cancel': { kind: 'call', served: 404 },
  'POST /openai/v1/responses/:id/cancel': { kind: 'call', served: 404 },
  'GET /v1/responses/:id': { kind: 'call', served: 404 },
  'GET /responses/:id': { kind: 'call', served: 404 },
  'GET /openai/v1/responses/:id': { kind: 'call', served: 404 },
  'GET /v1/responses/:id/input_items': { kind: 'call', served: 404 },
  'GET /responses/:id/input_items': { kind: 'call', served: 404 },
  'GET /openai/v1/responses/:id/input_items': { kind: 'call', served: 404 },
  'DELETE /v1/responses/:id': { kind: 'call', served: 404 },
  'DELETE /responses/:id': { kind: 'call', served: 404 },
  'DELETE /openai/v1/responses/:id': { kind: 'call', served: 404 },
  'GET /v1/models': { kind: 'call', served: 200 },
  'GET /models': { kind: 'call', served: 200 },
  'GET /openai/v1/models': { kind: 'call', served: 200 },
  'GET /v1/models/*id': { kind: 'call', served: 200 },
  'GET /models/*id': { kind: 'call', served: 200 },
  'GET /openai/v1/models/*id': { kind: 'call', served: 200 },
  'GET /v1/model/info': { kind: 'info of things that are managed', served: 200 },
  'GET /model/info': { kind: 'info of things that are managed', served: 200 },
  'GET /v2/model/info': { kind: 'info of things that are managed', served: 200 },
  'GET /model_group/info': { kind: 'info', served: 200 },
  'POST /model/new': {
    kind: 'manage',
    served: 200,
    body: { model_name: 'made', litellm_params: { model: 'openai/m', mock_response: 'x' } },
  },
  'POST /model/update': { kind: 'manage', served: 404, body: { model_info: { id: 'nobody' } } },
  'PATCH /model/:id/update': { kind: 'manage', served: 404, body: {} },
  'POST /model/block': { kind: 'manage', served: 404, body: { model_id: 'nobody' } },
  'POST /model/unblock': { kind: 'manage', served: 404, body: { model_id: 'nobody' } },
  'GET /panel/models/:id': { kind: 'manage', served: 404 },
  'POST /model/delete': { kind: 'manage', served: 404, body: { id: 'nobody' } },
  'POST /health/test_connection': {
    kind: 'manage',
    served: 200,
    body: { litellm_params: { model: 'openai/m', mock_response: 'x' } },
  },
  'GET /panel/home-assistant': { kind: 'look at all', served: 200 },
  'POST /panel/home-assistant': { kind: 'manage', served: 409, body: { action: 'restart_home_assistant' } },
  'GET /ha/v1/hello': { kind: 'manage', served: 200 },
  'GET /ha/v1/snapshot': { kind: 'manage', served: 200 },
  'GET /ha/v1/events': { kind: 'manage', served: 200 },
  'POST /ha/v1/actions/:action': { kind: 'manage', served: 404, body: {} },
  'GET /panel/providers': { kind: 'look at all', served: 200 },
  'GET /panel/local-servers': { kind: 'look at all', served: 200 },
  'POST /panel/local-servers/look': { kind: 'manage', served: 200, body: {} },
  'GET /credentials': { kind: 'manage', served: 200 },
  'GET /credentials/by_name/:name': { kind: 'manage', served: 404 },
  'GET /credentials/by_model/:model_id': { kind: 'manage', served: 404 },
  'POST /credentials': { kind: 'manage', served: 404, body: { credential_name: 'made', model_id: 'nobody' } },
  'POST /credentials/github_copilot/device': { kind: 'manage', served: 200 },
  'POST /credentials/github_copilot/device/:id': { kind: 'manage', served: 404, body: {} },
  'PATCH /credentials/:name': { kind: 'manage', served: 404, body: {} },
  'DELETE /credentials/:name': { kind: 'manage', served: 404 },
  'POST /key/generate': { kind: 'own things', served: 200, body: {} },
  'POST /key/update': { kind: 'own things', served: 404, body: nobody },
  'POST /key/bulk_update': { kind: 'own things', served: 200, body: { keys: [nobody] } },
  'POST /key/delete': { kind: 'own things', served: 404, body: nobody },
  'POST /key/block': { kind: 'own things', served: 404, body: nobody },
  'POST /key/unblock': { kind: 'own things', served: 404, body: nobody },
  'POST /key/regenerate': { kind: 'own things', served: 404, body: nobody },
  'POST /key/:key/regenerate': { kind: 'own things', served: 404, body: {} },
  'POST /key/:key/reset_spend': { kind: 'manage', served: 404, body: { reset_to: 0 } },
  // The master key and the panel are no virtual keys: without a name there is nothing to show.
  'GET /key/info': { kind: 'info of things that are managed', served: 200, master: 404, session: 404 },
  'GET /key/list': { kind: 'info of things that are managed', served: 200 },
  'GET /spend/logs': { kind: 'spend', served: 200 },
  'GET /spend/logs/v2': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /spend/logs/ui': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /spend/logs/ui/:request_id': { kind: 'spend', served: 200 },
  'GET /spend/logs/session/ui': { kind: 'spend', served: 200, query: '?session_id=nobody' },
  'GET /user/daily/activity': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /user/daily/activity/aggregated': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /team/daily/activity': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /team/daily/activity/aggregated': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /organization/daily/activity': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /organization/daily/activity/aggregated': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /customer/daily/activity': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /customer/daily/activity/aggregated': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /tag/daily/activity': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /tag/daily/activity/aggregated': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /agent/daily/activity': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /agent/daily/activity/aggregated': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /spend/keys': { kind: 'spend', served: 200 },
  'GET /spend/users': { kind: 'spend', served: 200 },
  'GET /spend/tags': { kind: 'spend', served: 200 },
  'POST /spend/calculate': {
    kind: 'spend',
    served: 200,
    body: { model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] },
  },
  'POST /cost/estimate': { kind: 'spend', served: 200, body: { model: 'openai/gpt-4o-mini' } },
  'GET /global/spend/logs': { kind: 'spend', served: 200 },
  'GET /global/spend/keys': { kind: 'spend', served: 200 },
  'GET /global/spend/models': { kind: 'spend', served: 200 },
  'GET /global/spend/provider': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /global/activity': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /global/activity/model': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /global/activity/exceptions': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /global/activity/exceptions/deployment': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /global/activity/cache_hits': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /global/spend/tags': { kind: 'spend', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'GET /global/spend/all_tag_names': { kind: 'spend of all', served: 200 },
  'GET /global/spend/teams': { kind: 'spend of all', served: 200 },
  'POST /global/spend/end_users': { kind: 'spend', served: 200, body: {} },
  'GET /global/all_end_users': { kind: 'spend of all', served: 200 },
  'GET /global/spend/report': { kind: 'spend of all', served: 200, query: '?start_date=2026-01-01&end_date=2026-01-31' },
  'POST /global/spend/reset': { kind: 'master alone', served: 200, body: {} },
  'POST /global/spend/refresh': { kind: 'spend of all', served: 200, body: {} },
  'GET /panel/summary': { kind: 'spend', served: 200 },
  'GET /panel/model-use': { kind: 'spend', served: 200 },
  'GET /panel/key': { kind: 'spend', served: 404, query: '?key=nobody' },
  'GET /global/spend': { kind: 'spend of all', served: 200 },
  'GET /audit': { kind: 'look at all', served: 200 },
  'GET /audit/:id': { kind: 'look at all', served: 404 },
  'POST /user/new': { kind: 'manage', served: 409, body: { user_id: 'internal_user' } },
  'POST /user/update': { kind: 'own things', served: 200, own: 403, body: { user_id: 'somebody', user_alias: 'Some' } },
  'POST /user/delete': { kind: 'manage', served: 400, body: { user_ids: ['nobody'] } },
  'GET /user/info': { kind: 'info of things that are managed', served: 200, keyless: 400 },
  'GET /v2/user/info': { kind: 'info of things that are managed', served: 200, keyless: 400, master: 404 },
  'GET /user/list': { kind: 'look at all', served: 200 },
  'GET /user/filter/ui': { kind: 'look at all info', served: 200 },
  'GET /user/available_roles': { kind: 'managed info', served: 200 },
  'GET /user/available_users': { kind: 'look at all', served: 200 },
  'POST /panel/chat': { kind: 'own things', served: 200, body: { body: chat } },
  'GET /v2/session': { kind: 'info', served: 200, keyless: 403 },
  'POST /v2/login': { kind: 'public', served: 422, body: {} },
  'POST /login': { kind: 'public', served: 400, body: 'username=nobody' },
  'GET /fallback/login': { kind: 'public', served: 200 },
  'GET /sso/key/generate': { kind: 'public', served: 200 },
  'GET /ui': { kind: 'public', served: 503 },
  'GET /ui/*path': { kind: 'public', served: 503 },
  'POST /config/update': { kind: 'manage', served: 200, body: {} },
  'POST /config/field/update': { kind: 'manage', served: 200, body: { field_name: 'strict_status', field_value: true } },
  'POST /config/field/delete': { kind: 'manage', served: 400, body: { field_name: 'nothing' } },
  'GET /config/list': { kind: 'look at all', served: 200 },
  'GET /config/field/info': { kind: 'look at all', served: 200, query: '?field_name=strict_status' },
  'GET /router/settings': { kind: 'look at all', served: 200 },
  'GET /router/fields': { kind: 'look at all', served: 200 },
  'GET /get/config/callbacks': { kind: 'look at all', served: 200 },
  'GET /callbacks/list': { kind: 'look at all', served: 200 },
  'GET /panel/display': { kind: 'info', served: 200 },
  'GET /panel/about': { kind: 'look at all', served: 200 },
  'GET /openapi.json': { kind: 'public', served: 200 },
  'GET /routes': { kind: 'public', served: 200 },
  'GET /public/endpoints': { kind: 'public', served: 200 },
  ...Object.fromEntries(
    PASSED.flatMap((prefix) =>
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [`${method} /${prefix}/*path`, { kind: 'call', served: 200 }] as const),
    ),
  ),
  'GET /.well-known/litellm-ui-config': { kind: 'public', served: 200 },
  'GET /sso/get/ui_settings': { kind: 'public', served: 200 },
  'GET /docs': { kind: 'public', served: 200 },
  'GET /redoc': { kind: 'public', served: 200 },
  'GET /docs/files/:name': { kind: 'public', served: 404 },
  'GET /config/yaml': { kind: 'public', served: 200 },
  'GET /': { kind: 'public', served: 200 },
  'GET /public/providers': { kind: 'public', served: 200 },
  'GET /public/providers/fields': { kind: 'public', served: 200 },
  'GET /public/providers/:id/models': { kind: 'public', served: 404 },
  'GET /health/liveliness': { kind: 'public', served: 200 },
  'GET /health/liveness': { kind: 'public', served: 200 },
  'GET /health/readiness': { kind: 'public', served: 200 },
  'GET /health/readiness/details': { kind: 'admin info', served: 200 },
  'GET /health': { kind: 'info', served: 200 },
  // The last: it ends the sessions.
  'POST /logout': { kind: 'public', served: 200, body: {} },
};

const VALUES: Readonly<Record<string, string>> = { ':model': 'fast', ':key': 'sk-nobody-at-all', '*id': 'fast', '*model': 'fast' };

async function ask(route: string, caller: CallerName): Promise<{ status: number; type: string | null; text: string }> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replaceAll(/:\w+|\*\w+/g, (name) => VALUES[name] ?? name);
  const { body, type: bodyType, query = '' } = ROUTES[route] as Expectation;
  const credential = credentials[caller];
  const [key, headers] = typeof credential === 'object' ? [null, { ...credential }] : [credential, {}];
  const answer = await gateway.call(method, path + query, body, key, { ...headers, ...(bodyType && { 'content-type': bodyType }) });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type') === 'application/json';
  const error = answer.status < 400 || !isJson ? undefined : (JSON.parse(text) as { error?: { type?: string; status?: string } }).error;
  const type = error?.type ?? error?.status ?? null;
  return { status: answer.status, type, text };
}

test('every route that is registered stands in this table, and nothing else does', () => {
  const registered = gateway.parts.routes.flatMap(({ method, paths }) => paths.map((path) => `${method} ${path}`));
  expect(registered.toSorted()).toEqual(Object.keys(ROUTES).toSorted());
});

const TYPES: Readonly<Record<number, string>> = {
  400: 'bad_request_error',
  401: 'auth_error',
  403: 'auth_error',
  404: 'not_found_error',
  409: 'bad_request_error',
};

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly says: string;
}

function answered(status: number): Answer {
  return { status, type: TYPES[status] ?? null, says: '' };
}

/** Refusals in Anthropic's words, on its surface. */
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = { 401: 'authentication_error', 403: 'permission_error' };

/** And in Google's. */
const GOOGLE_WORDS: Readonly<Record<number, string>> = { 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED' };
const GOOGLES = /\/v1beta\/|\*model:|\/(?:gemini|vertex[_-]ai)\/\*path/;
const ANTHROPICS = /\/messages|\/anthropic\/\*path/;

/** What this caller gets on this route, in the words of its surface. */
function expected(route: string, caller: CallerName): Answer {
  const answer = expectedOf(route, caller);
  const words = ANTHROPICS.test(route) ? ANTHROPIC_TYPES : GOOGLES.test(route) ? GOOGLE_WORDS : {};
  const type = words[answer.status];
  return type === undefined ? answer : { ...answer, type };
}

/** What the table says that this caller gets on this route. */
function expectedOf(route: string, caller: CallerName): Answer {
  const { kind, served, keyless, master } = ROUTES[route] as Expectation;
  if (kind === 'public') return answered(served);
  if (caller === 'master') return answered(master ?? served);
  const refused = REFUSED_EVERYWHERE[caller];
  if (refused !== undefined) return { status: 401, type: refused, says: '' };
  if (caller in PEOPLE) return expectedOfPerson(route, caller as PersonName);
  const verdict: Verdict = VERDICTS[kind][caller as KeyName];
  return verdict === 'served' ? answered(keyless ?? served) : REFUSALS[verdict];
}

/** Said to a session too: the panel asks which models there are. */
const LISTS_MODELS = /^GET .*\/models?(?:\/|$)/;

function expectedOfPerson(route: string, caller: PersonName): Answer {
  const { kind, served, own, session } = ROUTES[route] as Expectation;
  const bySession = caller.startsWith('session');
  const who = PEOPLE[caller];
  if (bySession && KEYS_ONLY.has(kind) && !LISTS_MODELS.test(route))
    return { status: 401, type: 'auth_error', says: 'No api key passed in' };
  if (caller === 'session without the header' && !route.startsWith('GET '))
    return { status: 403, type: 'auth_error', says: 'X-Requested-With' };
  if (kind === 'master alone') return bySession ? { ...REFUSALS['not master'], status: 403 } : REFUSALS['not master'];
  const others = FOR[kind];
  if (others && who !== 'administrator' && !others.includes(who))
    return bySession ? { ...REFUSALS['not admin'], status: 403 } : REFUSALS['not admin'];
  if (bySession && session !== undefined) return answered(session);
  return answered(who === 'administrator' ? served : (own ?? served));
}

const CALLERS: readonly CallerName[] = [
  'anonymous',
  'malformed',
  'unknown',
  'blocked',
  'expired',
  'other salt',
  'ownerless',
  'llm key',
  'read-only key',
  'management key',
  'one-route key',
  'key of a user',
  'key of a user who may only look',
  'key of a viewer',
  'key of an administrator',
  'session of a user',
  'session of a viewer',
  'session of an administrator',
  'session without the header',
  'ended session',
  'master',
];

describe.each(Object.keys(ROUTES))('%s', (route) => {
  test.each(CALLERS)('says to a caller who is %s what the specification says', async (caller) => {
    const answer = await ask(route, caller);
    const { status, type, says } = expected(route, caller);
    expect({ status: answer.status, type: answer.type }, answer.text).toEqual({ status, type });
    expect(answer.text).toContain(says);
  });
});
