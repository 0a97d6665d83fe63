import { ApiError, FunctionCallingConfigMode, GoogleGenAI, Type, type Content, type GenerateContentResponse } from '@google/genai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completion, json, stream, streamedEvents, type FakeProvider } from '../support/fake-provider.ts';
import { inTurn, wire } from '../support/wire-answers.ts';
import type { TestGateway } from '../support/gateway.ts';
import { wireCase } from '../dialects/wire-case.ts';
import { DIALECTS, house, type House } from './official-openai.ts';

let place: House;
let gateway: TestGateway;
let provider: FakeProvider;
let client: GoogleGenAI;

beforeAll(async () => {
  place = await house();
  ({ gateway, provider } = place);
  client = withKey(gateway.masterKey);
});

afterAll(() => place.stop());

function withKey(apiKey: string): GoogleGenAI {
  return new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl: gateway.url } });
}

const TOOL_NAMES = ['get_weather', 'get_time', 'GetState', 'HassTurnOn'];
const TOOLS = [
  {
    functionDeclarations: TOOL_NAMES.map((name) => ({
      name,
      parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING }, name: { type: Type.STRING } } },
    })),
  },
];
const TEXT_OF = {
  openai: 'Grüß Gott! 🌍 "How" can I\nhelp?',
  anthropic: 'Grüße aus Köln! 🌧️',
  ollama: 'Light scatters — blue most 🌍.',
  cohere: 'Light scatters — blue most 🌍.',
} as const;

async function all(running: Promise<AsyncGenerator<GenerateContentResponse>>): Promise<GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of await running) chunks.push(chunk);
  return chunks;
}

const textOf = (chunks: readonly GenerateContentResponse[]): string => chunks.map(({ text }) => text ?? '').join('');
const brief = (response: GenerateContentResponse | undefined) => response?.functionCalls?.map(({ name, args }) => ({ name, args })) ?? [];

describe.each(DIALECTS)('through the official client, %s', (dialect) => {
  test('answers', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const response = await client.models.generateContent({ model: dialect, contents: 'Hi' });
    expect(response.text).toBe(TEXT_OF[dialect]);
    expect(response).toMatchObject({ modelVersion: dialect, candidates: [{ index: 0, finishReason: 'STOP', content: { role: 'model' } }] });
    expect(response.responseId).toMatch(/^[0-9a-f-]{36}$/);
    const { promptTokenCount = 0, candidatesTokenCount = 0, totalTokenCount } = response.usageMetadata ?? {};
    expect(promptTokenCount).toBeGreaterThan(0);
    expect(candidatesTokenCount).toBeGreaterThan(0);
    expect(totalTokenCount).toBeGreaterThanOrEqual(promptTokenCount + candidatesTokenCount);
  });

  test('streams the same', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const whole = await client.models.generateContent({ model: dialect, contents: 'Hi' });
    const chunks = await all(client.models.generateContentStream({ model: dialect, contents: 'Hi' }));
    expect(textOf(chunks)).toBe(TEXT_OF[dialect]);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP');
    expect(chunks.at(-1)?.usageMetadata).toEqual(whole.usageMetadata);
    for (const { responseId, modelVersion } of chunks)
      expect({ responseId, modelVersion }).toEqual({ responseId: chunks[0]?.responseId, modelVersion: dialect });
  });

  test('calls tools in parallel, streamed and not, and takes their results', async () => {
    provider.behaviour = wire(dialect === 'ollama' || dialect === 'cohere' ? `${dialect}/tool-calls` : `${dialect}/parallel-tools`);
    const asked = { model: dialect, contents: 'Hi', config: { tools: TOOLS } };
    const whole = await client.models.generateContent(asked);
    const chunks = await all(client.models.generateContentStream(asked));
    expect(brief(whole).length).toBeGreaterThan(1);
    expect(chunks.flatMap(brief)).toEqual(brief(whole));

    provider.behaviour = wire(`${dialect}/text`);
    const results = (whole.functionCalls ?? []).map(({ id, name }) => ({
      functionResponse: { ...(id === undefined ? {} : { id }), name: name ?? '', response: { output: 'rain, 7 °C' } },
    }));
    const turn: Content = whole.candidates?.[0]?.content ?? {};
    const contents: Content[] = [{ role: 'user', parts: [{ text: 'Hi' }] }, turn, { role: 'user', parts: results }];
    await client.models.generateContent({ ...asked, contents });
    expect(JSON.stringify(provider.last.json).split('rain, 7 °C')).toHaveLength(brief(whole).length + 1);
  });

  test('calls a function by itself, and answers with what it gave', async () => {
    provider.behaviour = inTurn(
      wire(dialect === 'ollama' || dialect === 'cohere' ? `${dialect}/tool-calls` : `${dialect}/parallel-tools`),
      wire(`${dialect}/text`),
    );
    const called: string[] = [];
    const tools = TOOLS[0]?.functionDeclarations ?? [];
    const callable = {
      tool: () => Promise.resolve({ functionDeclarations: tools }),
      callTool: (calls: { id?: string; name?: string }[]) => {
        called.push(...calls.map(({ name = '' }) => name));
        return Promise.resolve(
          calls.map(({ id, name = '' }) => ({
            functionResponse: { ...(id === undefined ? {} : { id }), name, response: { result: 'sunny' } },
          })),
        );
      },
    };
    const response = await client.models.generateContent({ model: dialect, contents: 'Hi', config: { tools: [callable] } });
    expect(called.length).toBeGreaterThan(1);
    expect(response.text).toBe(TEXT_OF[dialect]);
    expect(JSON.stringify(provider.last.json)).toContain('sunny');
  });

  test('keeps a chat going', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const chat = client.chats.create({ model: dialect });
    await all(chat.sendMessageStream({ message: 'First' }));
    await chat.sendMessage({ message: 'Second' });
    expect(chat.getHistory(true).filter(({ role }) => role === 'user')).toHaveLength(2);
    const sent = JSON.stringify(provider.last.json);
    expect(sent).toContain('First');
    expect(sent).toContain(JSON.stringify(TEXT_OF[dialect]).slice(1, -1));
  });

  test('is shown an image and told its system prompt', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
    await client.models.generateContent({
      model: dialect,
      contents: [{ text: 'What is this?' }, { inlineData: { mimeType: 'image/png', data: pixel } }],
      config: { systemInstruction: 'Be brief.' },
    });
    const sent = JSON.stringify(provider.last.json);
    expect(sent).toContain(pixel);
    expect(sent).toContain('Be brief.');
    expect(provider.last.json['model']).not.toBe(dialect);
  });

  test('is charged like a chat, and the rows say which method they came by', async () => {
    provider.behaviour = wire(`${dialect}/text`);
    const key = await gateway.key({ key_alias: `generate-${dialect}` });
    await withKey(key).models.generateContent({ model: dialect, contents: 'Hi' });
    await all(withKey(key).models.generateContentStream({ model: dialect, contents: 'Hi' }));
    const answer = await gateway.call('GET', `/spend/logs?api_key=${key}`);
    const rows = (await answer.json()) as { call_type: string; prompt_tokens: number }[];
    expect(rows.map(({ call_type: type }) => type).toSorted()).toEqual(['agenerate_content', 'agenerate_content_stream']);
    for (const row of rows) expect(row).toMatchObject({ model_group: dialect, status: 'success', prompt_tokens: rows[0]?.prompt_tokens });
  });
});

describe('a model that thinks', () => {
  test.each([
    ['openai', 'openai/reasoning-content'],
    ['anthropic', 'anthropic/thinking'],
  ])('shows its thoughts to whoever asks for them: %s', async (model, one) => {
    provider.behaviour = wire(one);
    const config = { thinkingConfig: { includeThoughts: true } };
    const shown = await client.models.generateContent({ model, contents: 'Hi', config });
    const thoughts = (response: GenerateContentResponse | undefined) =>
      response?.candidates?.[0]?.content?.parts?.filter(({ thought }) => thought === true).map(({ text }) => text) ?? [];
    expect(thoughts(shown).join('')).not.toBe('');
    const streamed = await all(client.models.generateContentStream({ model, contents: 'Hi', config }));
    expect(streamed.flatMap(thoughts).join('')).toBe(thoughts(shown).join(''));
    const hidden = await client.models.generateContent({ model, contents: 'Hi' });
    expect(thoughts(hidden)).toEqual([]);
    expect(hidden.text).toBe(shown.text);
  });

  test('gets its own signed thoughts back, and nobody else does', async () => {
    provider.behaviour = wire('anthropic/thinking');
    const config = { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 }, maxOutputTokens: 4000 };
    const chat = client.chats.create({ model: 'anthropic', config });
    await all(chat.sendMessageStream({ message: 'First' }));
    await chat.sendMessage({ message: 'Second' });
    const { content } = wireCase('anthropic/thinking').response as { content: { type: string }[] };
    const signed = content.find(({ type }) => type === 'thinking');
    expect(JSON.stringify(provider.last.json['messages'])).toContain(JSON.stringify(signed));

    for (const [model, one] of [
      ['gemini', 'gemini/text'],
      ['openai', 'openai/text'],
    ] as const) {
      provider.behaviour = wire(one);
      await client.chats.create({ model, history: chat.getHistory(true) }).sendMessage({ message: 'Third' });
      const sent = JSON.stringify(provider.last.json);
      expect(sent).toContain('Second');
      expect(sent).not.toContain('houghtSignature');
      expect(sent).not.toContain('llm-gateway');
    }
  });
});

describe('asked for JSON', () => {
  test.each([
    ['by a schema of OpenAPI', { responseSchema: { type: Type.OBJECT, properties: { city: { type: Type.STRING, nullable: true } } } }],
    ['by a JSON Schema', { responseJsonSchema: { type: 'object', properties: { city: { type: ['string', 'null'] } } } }],
  ])('%s, the schema reaches the provider', async (_way, schema) => {
    provider.behaviour = json(completion('{"city":"Graz"}'));
    const response = await client.models.generateContent({
      model: 'openai',
      contents: 'Where?',
      config: { responseMimeType: 'application/json', ...schema },
    });
    expect(JSON.parse(response.text ?? '')).toEqual({ city: 'Graz' });
    expect(provider.last.json['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { schema: { type: 'object', properties: { city: { type: ['string', 'null'] } } } },
    });
  });
});

test('the modes of calling functions are told in the provider’s words', async () => {
  provider.behaviour = wire('openai/text');
  const choose = async (mode: FunctionCallingConfigMode, allowedFunctionNames?: string[]): Promise<unknown> => {
    const functionCallingConfig = { mode, ...(allowedFunctionNames && { allowedFunctionNames }) };
    await client.models.generateContent({
      model: 'openai',
      contents: 'Hi',
      config: { tools: TOOLS, toolConfig: { functionCallingConfig } },
    });
    return provider.last.json['tool_choice'];
  };
  expect(await choose(FunctionCallingConfigMode.AUTO)).toBe('auto');
  expect(await choose(FunctionCallingConfigMode.ANY)).toBe('required');
  expect(await choose(FunctionCallingConfigMode.NONE)).toBe('none');
  expect(await choose(FunctionCallingConfigMode.ANY, ['get_time'])).toEqual({ type: 'function', function: { name: 'get_time' } });
  expect(await choose(FunctionCallingConfigMode.ANY, ['get_time', 'GetState'])).toBe('required');
  expect(JSON.stringify(provider.last.json['tools'])).not.toContain('get_weather');
});

test('a list is asked of a model that gives objects alone, and is a list for the client', async () => {
  const config = { responseMimeType: 'application/json', responseSchema: { type: Type.ARRAY, items: { type: Type.STRING } } };
  const text = '{"value": ["Köln", "Bonn"]}';
  provider.behaviour = json(completion(text));
  const whole = await client.models.generateContent({ model: 'openai', contents: 'Hi', config });
  expect(JSON.parse(whole.text ?? '')).toEqual(['Köln', 'Bonn']);
  expect(provider.last.json['response_format']).toMatchObject({
    json_schema: { schema: { type: 'object', properties: { value: { type: 'array' } }, required: ['value'] } },
  });
  provider.behaviour = stream(streamedEvents(text.split('')));
  const pieces = await all(client.models.generateContentStream({ model: 'openai', contents: 'Hi', config }));
  expect(JSON.parse(pieces.map((piece) => piece.text ?? '').join(''))).toEqual(['Köln', 'Bonn']);
});

describe('before a provider of the same dialect', () => {
  test('everything passes as it came, but for the name of the model and what is for the gateway', async () => {
    const { request } = wireCase('gemini/two-steps') as unknown as { request: { contents: Content[] } };
    provider.behaviour = wire('gemini/two-steps');
    const body = { ...request, safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }], novelty: { a: 1.0 } };
    const answer = await gateway.call('POST', '/v1beta/models/gemini-3:generateContent', {
      ...body,
      model: 'models/gemini-3',
      user: 'lou',
      metadata: { tags: ['night'] },
      timeout: 30,
    });
    expect(provider.last.path).toBe('/v1beta/models/gemini-3-flash-preview:generateContent');
    expect(provider.last.headers['x-goog-api-key']).toBe('sk-provider');
    expect(provider.last.json).toEqual(body);
    expect(await answer.json()).toEqual({ ...(wireCase('gemini/two-steps').response as object), modelVersion: 'gemini-3' });
  });

  test('a stream passes frame by frame, with thoughts, signatures and whole calls', async () => {
    provider.behaviour = wire('gemini/parallel-tools');
    const chunks = await all(client.models.generateContentStream({ model: 'gemini-3', contents: 'Hi', config: { tools: TOOLS } }));
    const frames = wireCase('gemini/parallel-tools')
      .stream.toString()
      .trim()
      .split(/\r?\n\r?\n/)
      .map((frame) => JSON.parse(frame.slice(6)) as object);
    expect(chunks.map(({ candidates, usageMetadata }) => ({ candidates, usageMetadata }))).toEqual(
      frames.map((frame) => ({
        candidates: (frame as GenerateContentResponse).candidates,
        usageMetadata: (frame as GenerateContentResponse).usageMetadata,
      })),
    );
    expect(new Set(chunks.map(({ modelVersion }) => modelVersion))).toEqual(new Set(['gemini-3']));
  });

  test('calls that another provider made go on to a Gemini that wants signatures', async () => {
    provider.behaviour = wire('openai/parallel-tools');
    const begun = await client.models.generateContent({ model: 'openai', contents: 'Hi', config: { tools: TOOLS } });
    provider.behaviour = wire('gemini/text');
    const results = (begun.functionCalls ?? []).map(({ id = '', name = '' }) => ({
      functionResponse: { id, name, response: { output: 'rain' } },
    }));
    const contents: Content[] = [
      { role: 'user', parts: [{ text: 'Hi' }] },
      begun.candidates?.[0]?.content ?? {},
      { role: 'user', parts: results },
    ];
    await client.models.generateContent({ model: 'gemini-3', contents, config: { tools: TOOLS } });
    const calls = (provider.last.json['contents'] as Content[])[1]?.parts?.filter(({ functionCall }) => functionCall) ?? [];
    expect(calls.map(({ thoughtSignature }) => thoughtSignature !== undefined)).toEqual([true, ...calls.slice(1).map(() => false)]);
    await client.models.generateContent({ model: 'gemini', contents, config: { tools: TOOLS } });
    expect(provider.last.json['contents']).toEqual(contents);
  });

  test('what the owner sets holds where the client says nothing', async () => {
    provider.behaviour = wire('gemini/text');
    await client.models.generateContent({ model: 'tuned', contents: 'Hi', config: { temperature: 0.2 } });
    expect(provider.last.json['generationConfig']).toEqual({ maxOutputTokens: 77, temperature: 0.2 });
  });
});

describe('tokens are counted', () => {
  test('by the provider, where it counts', async () => {
    const counts = { totalTokens: 4711, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 4711 }] };
    provider.behaviour = json(counts);
    expect(await client.models.countTokens({ model: 'gemini', contents: 'Hi' })).toMatchObject({ totalTokens: 4711 });
    expect(provider.last).toMatchObject({
      path: '/v1beta/models/gemini-2.5-flash:countTokens',
      json: { contents: [{ parts: [{ text: 'Hi' }] }] },
    });
    const answer = await gateway.call('POST', '/v1beta/models/gemini:countTokens', {
      contents: [{ parts: [{ text: 'Hi' }] }],
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
    });
    expect(await answer.json()).toEqual(counts);
    expect(provider.last.json).toMatchObject({
      generateContentRequest: { model: 'models/gemini-2.5-flash', systemInstruction: { parts: [{ text: 'Be brief.' }] } },
    });
  });

  test('here, where it does not or fails, and nothing of it is charged', async () => {
    provider.behaviour = json({ error: { code: 500, message: 'no', status: 'INTERNAL' } }, 500);
    const key = await gateway.key({ key_alias: 'counting content' });
    for (const model of ['gemini', 'openai', 'anthropic']) {
      const short = await withKey(key).models.countTokens({ model, contents: 'Hi' });
      const long = await withKey(key).models.countTokens({ model, contents: 'Hi there, how are you today?' });
      expect(short.totalTokens).toBeGreaterThan(0);
      expect(long.totalTokens).toBeGreaterThan(short.totalTokens ?? 0);
    }
    expect(await (await gateway.call('GET', `/spend/logs?api_key=${key}`)).json()).toEqual([]);
  });
});

describe('vectors', () => {
  test('of any provider', async () => {
    provider.behaviour = json({
      object: 'list',
      data: [0.1, 0.2].map((value, index) => ({ index, embedding: [value] })),
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
    const config = { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 1 };
    const { embeddings } = await client.models.embedContent({ model: 'vectors', contents: ['one', 'two'], config });
    expect(embeddings?.map(({ values }) => values)).toEqual([[0.1], [0.2]]);
    expect(provider.last.json).toEqual({ model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 1 });
    const answer = await gateway.call('POST', '/v1beta/models/vectors:embedContent', { content: { parts: [{ text: 'one' }] } });
    expect(await answer.json()).toMatchObject({ embedding: { values: [0.1] }, usageMetadata: { promptTokenCount: 4 } });
  });

  test('of Google, as the client asked for them', async () => {
    provider.behaviour = json({ embeddings: [{ values: [0.5] }] });
    const key = await gateway.key({ key_alias: 'embedding content' });
    const config = { taskType: 'CLUSTERING', title: 'A title' };
    const { embeddings } = await withKey(key).models.embedContent({ model: 'google-vectors', contents: ['one'], config });
    expect(embeddings).toEqual([{ values: [0.5] }]);
    expect(provider.last.path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
    expect(provider.last.json['requests']).toMatchObject([
      { model: 'models/gemini-embedding-001', taskType: 'CLUSTERING', title: 'A title' },
    ]);
    const rows = (await (await gateway.call('GET', `/spend/logs?api_key=${key}`)).json()) as object[];
    expect(rows).toMatchObject([{ call_type: 'aembedding', model_group: 'google-vectors' }]);
  });
});

test('models are listed page by page, and shown', async () => {
  const pager = await client.models.list({ config: { pageSize: 3 } });
  const names: (string | undefined)[] = [];
  for await (const { name } of pager) names.push(name);
  expect(names).toContain('models/openai');
  expect(names).toContain('models/google-vectors');
  expect(new Set(names).size).toBe(names.length);
  expect(await client.models.get({ model: 'gemini' })).toMatchObject({ name: 'models/gemini', displayName: 'gemini' });
  await expect(client.models.get({ model: 'unheard-of' })).rejects.toMatchObject({ constructor: ApiError, status: 404 });
});

describe('each error raises Google’s class, in Google’s shape', () => {
  const ask = (model = 'openai', apiKey = gateway.masterKey) => withKey(apiKey).models.generateContent({ model, contents: 'Hi' });
  const told = (error: unknown): { error: { code: number; message: string; status: string } } =>
    JSON.parse((error as ApiError).message) as { error: { code: number; message: string; status: string } };

  test.each([
    [400, 'INVALID_ARGUMENT'],
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
    [429, 'RESOURCE_EXHAUSTED'],
    [500, 'INTERNAL'],
    [503, 'UNAVAILABLE'],
  ])('a provider that says %i', async (status, word) => {
    for (const model of ['openai', 'gemini']) {
      provider.behaviour = json({ error: { code: status, message: 'no', type: 'some_error' } }, status);
      const error = await ask(model).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ApiError);
      expect((error as ApiError).status).toBe(status);
      expect(told(error).error).toMatchObject({ code: status, status: word });
      expect(told(error).error.message).toContain('no');
    }
  });

  test('wrong and unknown keys, an unknown model, a model that the key may not use', async () => {
    await expect(ask('openai', 'sk-unknown')).rejects.toMatchObject({ status: 401 });
    await expect(ask('unheard-of')).rejects.toMatchObject({ status: 400 });
    const key = await gateway.key({ models: ['anthropic'] });
    await expect(ask('openai', key)).rejects.toMatchObject({ status: 403 });
    await expect(withKey(key).models.countTokens({ model: 'openai', contents: 'Hi' })).rejects.toMatchObject({ status: 403 });
    await expect(withKey(key).models.embedContent({ model: 'vectors', contents: 'Hi' })).rejects.toMatchObject({ status: 403 });
  });

  test.each([
    ['contents', {}],
    ['contents[0].role', { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }],
    ['contents[0].parts[1].text', { contents: [{ parts: [{ text: 'x' }, { text: 5 }] }] }],
    ['contents[0].parts[0].inlineData.mimeType', { contents: [{ parts: [{ inlineData: { data: 'eA==' } }] }] }],
    ['generationConfig.temperature', { contents: [{ parts: [{ text: 'x' }] }], generation_config: { temperature: 'hot' } }],
    ['tools[0].functionDeclarations[0].name', { contents: [{ parts: [{ text: 'x' }] }], tools: [{ function_declarations: [{}] }] }],
    ['cachedContent', { contents: [{ parts: [{ text: 'x' }] }], cachedContent: 'cachedContents/a' }],
  ])('a body whose %s is wrong is a 400 that names it', async (name, body) => {
    const answer = await gateway.call('POST', '/v1beta/models/openai:generateContent', body);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { message: string; status: string; details: object[] } };
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(name);
    expect(error.details).toContainEqual(expect.objectContaining({ fieldViolations: [expect.objectContaining({ field: name })] }));
  });

  test('a spent budget is refused before anybody is asked', async () => {
    provider.behaviour = json(completion('Hello'));
    const key = await gateway.key({ max_budget: 0.01 });
    await ask('priced', key).catch(() => undefined);
    const before = provider.seen.length;
    const error = await ask('priced', key).catch((thrown: unknown) => thrown);
    expect(told(error).error).toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
    expect(told(error).error.message).toContain('udget');
    expect(provider.seen.length).toBe(before);
  });

  test('a rate limit says when it passes', async () => {
    provider.behaviour = json(completion('Hello'));
    const key = await gateway.key({ rpm_limit: 1 });
    await ask('openai', key);
    const error = await ask('openai', key).catch((thrown: unknown) => thrown);
    expect(told(error).error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect((error as ApiError).message).toMatch(/"retryDelay":"\d+s"/);
  });

  test.each([
    ['gemini', 'gemini/error-in-mid-stream'],
    ['anthropic', 'anthropic/error-in-mid-stream'],
    ['openai', 'openai/error-in-stream'],
  ])('an error in mid-stream of %s is told as the last frame', async (model, one) => {
    provider.behaviour = wire(one);
    const error = await all(client.models.generateContentStream({ model, contents: 'Hi' })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    provider.behaviour = wire(one);
    const answer = await gateway.call('POST', `/v1beta/models/${model}:streamGenerateContent`, { contents: [{ parts: [{ text: 'Hi' }] }] });
    expect(answer.headers.get('content-type')).toContain('application/json');
    const frames = (await answer.json()) as { error?: object; candidates?: object[] }[];
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.map(({ error: told }) => told !== undefined)).toEqual([...frames.slice(1).map(() => false), true]);
  });

  test('a stream that breaks off is an error and no end', async () => {
    provider.behaviour = stream(streamedEvents(['Hel', 'lo']).slice(0, 2));
    await expect(all(client.models.generateContentStream({ model: 'openai', contents: 'Hi' }))).rejects.toBeInstanceOf(ApiError);
    const [first = ''] = wireCase('gemini/text')
      .stream.toString()
      .split(/\r?\n\r?\n/);
    provider.behaviour = stream([`${first}\n\n`]);
    await expect(all(client.models.generateContentStream({ model: 'gemini', contents: 'Hi' }))).rejects.toBeInstanceOf(ApiError);
  });

  test('a provider that is not there', async () => {
    await expect(ask('gone')).rejects.toMatchObject({ constructor: ApiError, status: 502 });
  });
});
