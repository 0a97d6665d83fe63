import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConnectionTestAnswer } from '../../src/contract/connection-test.ts';
import { silentWav } from '../../src/dialects/silence.ts';
import { received } from '../gateway/audio/forms.ts';
import { completion, FakeProvider, json, type Behaviour } from '../support/fake-provider.ts';
import { MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

const KEY = 'plain-upstream-secret-0123456789';

let provider: FakeProvider;
let gateway: AskedGateway;

beforeAll(async () => {
  provider = await FakeProvider.start();
  gateway = await startAsked(`${MOCKED}
credential_list:
  - credential_name: of-file
    credential_values: { api_key: key-of-the-file-0123 }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
  provider.behaviour = json(completion('Pong'), 200, { 'x-ratelimit-remaining-requests': '41', 'set-cookie': 'a=b' });
});

/** Tries `litellm_params` at the fake provider. */
async function tried(params: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<ConnectionTestAnswer> {
  const answer = await gateway.post('/health/test_connection', {
    litellm_params: { model: 'openai/upstream', api_base: `${provider.url}/v1`, api_key: KEY, ...params },
    ...more,
  });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text).not.toContain(KEY);
  return ConnectionTestAnswer.parse(answer.body);
}

function page(status: number): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html><title>Welcome</title></html>');
  };
}

describe('a model that answers', () => {
  test('is asked for very little, with its key, and is told as a success', async () => {
    const { status, result } = await tried();
    expect(status).toBe('success');
    expect(result).toMatchObject({ provider: 'openai', model: 'upstream', error: null, cause: null, field: null, provider_status: 200 });
    expect(result.elapsed_ms).toBeGreaterThanOrEqual(0);
    expect(provider.seen).toHaveLength(1);
    expect(provider.last.path).toBe('/v1/chat/completions');
    expect(provider.last.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(provider.last.json['max_tokens']).toBeLessThanOrEqual(16);
  });

  test('shows what was sent without the key, and the rate limits that came back', async () => {
    const { result } = await tried({ extra_headers: { 'x-tenant': 'house' }, temperature: 0.5 });
    expect(result.raw_request_typed_dict).toMatchObject({
      raw_request_api_base: `${provider.url}/v1/chat/completions`,
      raw_request_body: { model: 'upstream', temperature: 0.5, messages: [{ role: 'user' }] },
      raw_request_headers: { authorization: '***', 'x-tenant': '***', 'content-type': 'application/json' },
      error: null,
    });
    expect(result.headers).toEqual({ 'x-ratelimit-remaining-requests': '41' });
  });

  test('is asked to complete, to judge or to rank when that is its mode, or its name says so', async () => {
    provider.behaviour = json({
      choices: [{ text: 'pong', index: 0, finish_reason: 'stop' }],
      results: [{ flagged: false, index: 0, relevance_score: 1 }],
    });
    const completes = { model: 'text-completion-openai/upstream' };
    expect((await tried(completes, { mode: 'completion' })).status).toBe('success');
    expect(provider.last).toMatchObject({ path: '/v1/completions', json: { model: 'upstream', prompt: 'ping', max_tokens: 16 } });
    expect((await tried({ model: 'openai/omni-moderation-latest' })).status).toBe('success');
    expect(provider.last).toMatchObject({ path: '/v1/moderations', json: { model: 'omni-moderation-latest', input: 'ping' } });
    expect((await tried({}, { mode: 'moderation' })).status).toBe('success');
    expect((await tried({ model: 'hosted_vllm/bge-reranker' })).status).toBe('success');
    expect(provider.last).toMatchObject({
      path: '/v1/rerank',
      json: { model: 'bge-reranker', query: 'ping', documents: ['ping', 'pong'] },
    });
    expect((await tried({}, { mode: 'rerank' })).result).toMatchObject({ cause: 'invalid_settings', field: 'model' });
  });

  test('is asked for an embedding when that is its mode, or its name says so', async () => {
    provider.behaviour = json({ object: 'list', data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 1, total_tokens: 1 } });
    expect((await tried({}, { mode: 'embedding' })).status).toBe('success');
    expect((await tried({ model: 'openai/text-embedding-3-small' })).status).toBe('success');
    expect(provider.seen.map(({ path }) => path)).toEqual(['/v1/embeddings', '/v1/embeddings']);
  });

  test('is asked to hear a second of silence when it listens, and what was sent is shown without the sound', async () => {
    provider.behaviour = json({ text: '' });
    const { status, result } = await tried({ language: 'de' }, { mode: 'audio_transcription' });
    expect([status, result.error]).toEqual(['success', null]);
    expect((await tried({ model: 'openai/whisper-1' })).status).toBe('success');
    expect(provider.seen.map(({ path }) => path)).toEqual(['/v1/audio/transcriptions', '/v1/audio/transcriptions']);
    const { fields, file } = await received(provider.last);
    expect(fields).toContainEqual(['model', 'whisper-1']);
    expect(file.bytes).toEqual(silentWav(1));
    expect(result.raw_request_typed_dict).toMatchObject({
      raw_request_body: { model: 'upstream', language: 'de', file: 'silence.wav (audio/wav, 48044 bytes)' },
      raw_request_headers: { authorization: '***', 'content-type': expect.stringContaining('multipart/form-data') },
    });
  });

  test('is asked to speak two words when it speaks, in the voice that it has', async () => {
    provider.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('sound');
    };
    expect((await tried({}, { mode: 'audio_speech' })).status).toBe('success');
    expect(provider.last.json).toEqual({ model: 'upstream', input: 'Good evening', voice: 'alloy' });
    expect((await tried({ model: 'openai/tts-1', voice: 'nova' })).status).toBe('success');
    expect(provider.last).toMatchObject({ path: '/v1/audio/speech', json: { model: 'tts-1', voice: 'nova' } });
    await tried({}, { mode: 'audio_speech', model_info: { health_check_voice: 'thorsten' } });
    expect(provider.last.json['voice']).toBe('thorsten');
    provider.behaviour = json({ error: { message: 'Incorrect API key provided' } }, 401);
    expect((await tried({}, { mode: 'audio_speech' })).result.cause).toBe('key_refused');
  });

  test('speaks or hears by its name, where its provider does nothing else', async () => {
    provider.behaviour = (request, response) => {
      if (request.path.startsWith('/v1/listen'))
        return json({ metadata: { duration: 1 }, results: { channels: [{ alternatives: [{ transcript: '', words: [] }] }] } })(
          request,
          response,
        );
      response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('sound');
    };
    const heard = await tried({ model: 'deepgram/nova-3' });
    expect([heard.status, heard.result.error]).toEqual(['success', null]);
    expect(heard.result.raw_request_typed_dict).toMatchObject({ raw_request_body: { file: 'silence.wav (audio/wav, 48044 bytes)' } });
    const spoken = await tried({ model: 'azure_speech/de-DE-KatjaNeural' });
    expect([spoken.status, spoken.result.error]).toEqual(['success', null]);
    expect(spoken.result.raw_request_typed_dict).toMatchObject({
      raw_request_body: { body: expect.stringContaining('Good evening') as unknown },
      raw_request_headers: { 'ocp-apim-subscription-key': '***' },
    });
    expect(provider.seen.map(({ path }) => path.split('?')[0])).toEqual(['/v1/listen', '/v1/cognitiveservices/v1']);
  });

  test('is asked in the words of its own dialect', async () => {
    provider.behaviour = json({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [{ type: 'text', text: 'Pong' }],
      stop_reason: 'max_tokens',
      usage: { input_tokens: 1, output_tokens: 1 },
    });
    const { status, result } = await tried({ model: 'anthropic/claude-sonnet-4-5', api_base: provider.url });
    expect([status, result.provider, provider.last.path]).toEqual(['success', 'anthropic', '/v1/messages']);
    expect(provider.last.headers['x-api-key']).toBe(KEY);
  });

  test('costs nothing, leaves no row and registers nothing', async () => {
    const before = (await gateway.rows()).length;
    await tried({ input_cost_per_token: 1, output_cost_per_token: 1 });
    expect(await gateway.rows()).toHaveLength(before);
    expect((await gateway.get('/v1/models')).text).not.toContain('upstream');
    expect((await gateway.post('/v1/chat/completions', { model: 'openai/upstream', messages: [] })).status).toBe(400);
  });

  test('has answered too when it would have liked to think longer', async () => {
    const message = 'Could not finish the message because max_tokens or model output limit was reached.';
    provider.behaviour = json({ error: { message, type: 'invalid_request_error' } }, 400);
    expect((await tried()).status).toBe('success');
  });
});

describe('a model that does not answer is told with cause, field and the words of its provider', () => {
  const error = (message: string, more: object = {}) => ({ error: { message, ...more } });
  test.each<[string, string | null, Behaviour, string]>([
    ['key_refused', 'api_key', json(error('Invalid token'), 401), 'Invalid token'],
    ['key_refused', 'api_key', json(error('This key lacks the scope chat'), 403), 'lacks the scope'],
    ['key_refused', 'api_key', json(error('API key not valid. Please pass a valid API key.'), 400), 'not valid'],
    ['unknown_model', 'model', json(error('The model `upstream` does not exist', { code: 'model_not_found' }), 404), 'does not exist'],
    ['unknown_model', 'model', json(error("model 'upstream' not found"), 400), 'not found'],
    ['unknown_model', 'model', json({ error: 'Model Not Exist' }, 400), 'Model Not Exist'],
    ['unknown_model', 'model', json(error('You do not have access to model upstream: no access'), 403), 'no access'],
    ['quota', null, json(error('Rate limit reached', { type: 'requests' }), 429), 'Rate limit'],
    ['quota', null, json(error('Your credit balance is too low to access the API'), 400), 'credit balance'],
    ['quota', null, json(error('Insufficient Balance'), 402), 'Insufficient'],
    ['wrong_address', 'api_base', json({ detail: 'Not Found' }, 404), 'Not Found'],
    ['wrong_address', 'api_base', page(404), 'Welcome'],
    ['wrong_address', 'api_base', page(200), ''],
    ['wrong_address', 'api_base', json({ hello: 'world' }), ''],
    ['wrong_address', 'api_base', json(error('Unknown request URL: POST /v1/chat/completions'), 404), 'Unknown request URL'],
    ['wrong_address', 'api_base', json({ error: 'Unexpected endpoint or method. (POST /chat/completions)' }), 'Unexpected endpoint'],
    ['wrong_address', 'api_base', json({}, 307, { location: 'https://example.org/a?key=x' }), 'to https://example.org)'],
    ['provider_error', null, json(error('Overloaded'), 503), 'Overloaded'],
  ])('%s at %s (%#)', async (cause, field, behaviour, words) => {
    provider.behaviour = behaviour;
    const { status, result } = await tried();
    expect([status, result.cause, result.field]).toEqual(['error', cause, field]);
    expect(result.error).toContain(words);
    expect(result.provider_status).toBeGreaterThanOrEqual(200);
    expect(result.raw_request_typed_dict?.error).toBe(result.error);
  });

  test('a setting that the provider refuses is named', async () => {
    provider.behaviour = json(error('temperature: must be between 0 and 1', { param: 'temperature' }), 400);
    expect((await tried({ temperature: 2 })).result).toMatchObject({ cause: 'invalid_settings', field: 'temperature' });
  });

  test('a provider that repeats the key is not believed', async () => {
    provider.behaviour = json(error(`Incorrect API key provided: ${KEY}`), 401);
    expect((await tried()).result.error).toBe('Incorrect API key provided: ***');
  });

  test('nobody listens', async () => {
    const { result } = await tried({ api_base: 'http://127.0.0.1:9/v1' });
    expect(result).toMatchObject({ cause: 'no_answer', field: 'api_base', provider_status: null });
    expect(result.error).toContain('refused');
  });

  test('the host does not exist', async () => {
    const { result } = await tried({ api_base: 'http://nobody-here.invalid/v1' });
    expect(result).toMatchObject({ cause: 'no_answer', field: 'api_base' });
  });

  test('TLS is spoken to a server without it', async () => {
    const { result } = await tried({ api_base: provider.url.replace('http:', 'https:') });
    expect(result).toMatchObject({ cause: 'no_answer', field: 'api_base' });
  });

  test('it takes longer than its time-out', async () => {
    provider.behaviour = async ({ gone }) => gone;
    const { result } = await tried({ timeout: 0.2 });
    expect(result.cause).toBe('timeout');
    expect(result.elapsed_ms).toBeGreaterThanOrEqual(200);
    await provider.last.gone;
  });
});

describe('what cannot be tried is said before anything is sent', () => {
  test.each<[string, string | null, Record<string, unknown>, string]>([
    ['refused_address', 'api_base', { api_base: 'http://169.254.169.254/v1' }, 'must not be called'],
    ['refused_address', 'api_base', { api_base: 'http://supervisor/core/api' }, 'must not be called'],
    ['invalid_settings', 'api_base', { api_base: 'not an address' }, 'address'],
    ['invalid_settings', 'api_key', { model: 'groq/llama-3.3-70b', api_key: null, api_base: null }, 'needs a key'],
    ['invalid_settings', 'model', { model: 'nowhere-at-all', api_base: null }, 'nowhere-at-all'],
    ['invalid_settings', 'model', { model: '' }, 'model'],
    ['invalid_settings', 'model', { model: 'openai/*' }, 'health_check_model'],
    ['invalid_settings', 'rpm', { rpm: 'many' }, 'rpm'],
    ['invalid_settings', 'litellm_credential_name', { litellm_credential_name: 'nobody' }, 'nobody'],
    ['invalid_settings', 'api_key', { api_key: 'sk****89' }, 'enter it again'],
  ])('%s at %s (%#)', async (cause, field, params, words) => {
    const { status, result } = await tried(params);
    expect([status, result.cause, result.field, result.raw_request_typed_dict]).toEqual(['error', cause, field, null]);
    expect(result.error).toContain(words);
    expect(provider.seen).toEqual([]);
  });

  test('a mode that no tiny call can try', async () => {
    const { result } = await tried({}, { mode: 'video_generation' });
    expect(result).toMatchObject({ cause: 'invalid_settings', provider: 'openai' });
    expect(provider.seen).toEqual([]);
  });
});

describe('secrets that the form does not know', () => {
  let id = '';

  beforeAll(async () => {
    const params = { model: 'openai/upstream', api_base: `${provider.url}/v1`, api_key: 'key-of-the-model-0123' };
    const made = await gateway.post('/model/new', { model_name: 'stored', litellm_params: params });
    id = String(made.body['model_id']);
    await gateway.post('/credentials', { credential_name: 'stored', credential_values: { api_key: 'key-of-the-base-01234' } });
  });

  const sentKey = () => provider.last.headers.authorization;

  test('are those of the stored model, for its mask and for nothing at all', async () => {
    expect((await tried({ api_key: 'ke****23' }, { model_info: { id } })).status).toBe('success');
    expect(sentKey()).toBe('Bearer key-of-the-model-0123');
    expect((await tried({ api_key: undefined }, { model_info: { id } })).status).toBe('success');
    expect(sentKey()).toBe('Bearer key-of-the-model-0123');
  });

  test('are those of the named credential, of database or file', async () => {
    await tried({ api_key: 'ke****34', litellm_credential_name: 'stored' });
    expect(sentKey()).toBe('Bearer key-of-the-base-01234');
    await tried({ api_key: undefined, litellm_credential_name: 'of-file' }, { model_info: { id } });
    expect(sentKey()).toBe('Bearer key-of-the-file-0123');
  });

  test('give way to what the form brings', async () => {
    await tried({ api_key: 'entered-anew-01234' }, { model_info: { id } });
    expect(sentKey()).toBe('Bearer entered-anew-01234');
  });
});

test('a virtual key tries nothing', async () => {
  const answer = await gateway.post('/health/test_connection', { litellm_params: { model: 'openai/m' } }, await gateway.key());
  expect(answer.status).toBe(401);
});

test('a body that is none names the member', async () => {
  const answer = await gateway.post('/health/test_connection', { litellm_params: 'x', mode: 'song' });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('litellm_params');
  expect(answer.text).toContain('mode');
});

describe('an agent of A2A', () => {
  const CARD = {
    name: 'Weather',
    protocolVersion: '0.3.0',
    url: 'http://agents.example/weather',
    preferredTransport: 'JSONRPC',
    capabilities: { streaming: true },
    skills: [],
  };
  const at =
    (path: string, body: unknown): Behaviour =>
    (request, response) =>
      request.path === path ? json(body)(request, response) : json({ detail: 'Not Found' }, 404)(request, response);
  const asked = (more: Record<string, unknown> = {}): Promise<ConnectionTestAnswer> =>
    tried({ model: 'a2a/weather', api_base: `${provider.url}/agents/weather`, ...more });

  test('is tried by its card, and not run', async () => {
    provider.behaviour = at('/agents/weather/.well-known/agent-card.json', CARD);
    const { status, result } = await asked();
    expect(status).toBe('success');
    expect(result).toMatchObject({ provider: 'a2a', model: 'weather', warnings: [], provider_status: 200 });
    expect(provider.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /agents/weather/.well-known/agent-card.json']);
    expect(provider.last.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(result.raw_request_typed_dict).toMatchObject({ raw_request_headers: { authorization: '***' } });
  });

  test('may have its card at the root of its server, under the older name too', async () => {
    provider.behaviour = at('/.well-known/agent.json', CARD);
    expect((await asked()).status).toBe('success');
    expect(provider.seen).toHaveLength(4);
  });

  test('without a stream is told of', async () => {
    provider.behaviour = at('/.well-known/agent-card.json', { ...CARD, capabilities: {} });
    expect((await asked()).result.warnings).toEqual([
      'Weather has no stream: set a2a_streaming to false, so that streams are made of whole answers.',
    ]);
    expect((await asked({ a2a_streaming: false })).result.warnings).toEqual([]);
  });

  test('that speaks otherwise than the row says is told with the setting', async () => {
    provider.behaviour = at('/.well-known/agent-card.json', {
      name: 'Weather',
      supportedInterfaces: [{ url: 'x', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
      capabilities: { streaming: true },
    });
    expect((await asked()).result).toMatchObject({
      cause: 'invalid_settings',
      field: 'a2a_version',
      error: 'Weather speaks version 1.0 of A2A: set a2a_version to "1.0".',
    });
    expect(provider.last.headers['a2a-version']).toBeUndefined();
    expect((await asked({ a2a_version: 1 })).status).toBe('success');
    expect(provider.last.headers['a2a-version']).toBe('1.0');
    provider.behaviour = at('/.well-known/agent-card.json', { ...CARD, preferredTransport: 'GRPC' });
    expect((await asked()).result.error).toContain('is asked over GRPC');
  });

  test('without a card, or behind a wrong key, is no agent to be asked', async () => {
    provider.behaviour = json({ detail: 'Not Found' }, 404);
    expect((await asked()).result).toMatchObject({ cause: 'wrong_address', field: 'api_base', provider_status: 404 });
    provider.behaviour = page(200);
    expect((await asked()).result).toMatchObject({ cause: 'wrong_address' });
    provider.behaviour = json({ error: { code: -32600, message: 'Unauthorized' } }, 401);
    expect((await asked()).result).toMatchObject({
      cause: 'key_refused',
      field: 'api_key',
      error: expect.stringContaining('Unauthorized') as string,
    });
    expect((await asked({ api_base: 'http://127.0.0.1:9' })).result).toMatchObject({ cause: 'no_answer', field: 'api_base' });
  });
});
