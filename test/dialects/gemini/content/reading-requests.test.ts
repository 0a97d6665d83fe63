import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/core/json-object.ts';
import type { Part } from '../../../../src/core/parts.ts';
import { readGenerateRequest } from '../../../../src/dialects/gemini/content/request.ts';
import { sealed } from '../../../../src/dialects/gemini/content/sealed.ts';

const HI = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };

const read = (body: JsonObject, stream = false) => readGenerateRequest(body, 'public', stream).request;
const messagesOf = (...contents: readonly JsonObject[]) => read({ contents }).messages;
const model = (...parts: readonly JsonObject[]): JsonObject => ({ role: 'model', parts });
const user = (...parts: readonly JsonObject[]): JsonObject => ({ role: 'user', parts });

describe('names', () => {
  const camel = {
    ...HI,
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    generationConfig: { maxOutputTokens: 9, topK: 5, stopSequences: ['x'], thinkingConfig: { thinkingBudget: 2048 } },
    tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
  };
  const snake = {
    ...HI,
    system_instruction: { parts: [{ text: 'Be brief.' }] },
    generation_config: { max_output_tokens: 9, top_k: 5, stop_sequences: ['x'], thinking_config: { thinking_budget: 2048 } },
    tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { type: 'object' } }] }],
    tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
  };

  test('may be those of JSON or of the protocol files', () => {
    expect(read(snake)).toEqual(read(camel));
    expect(read(camel)).toMatchObject({
      maxOutputTokens: 9,
      topK: 5,
      stop: ['x'],
      reasoning: { thinking: { type: 'enabled', budgetTokens: 2048 } },
      toolChoice: { type: 'function', name: 'f' },
      messages: [{ role: 'system' }, { role: 'user' }],
    });
  });

  test('inside what is the client’s own stay as they are', () => {
    const [, call] = messagesOf(user({ text: 'a' }), model({ function_call: { name: 'f', args: { some_name: { inner_name: 1 } } } }));
    expect(call?.parts).toMatchObject([{ arguments: '{"some_name":{"inner_name":1}}' }]);
    const { tools } = read({
      ...HI,
      tools: { functionDeclarations: { name: 'f', parameters: { type: 'OBJECT', properties: { some_name: { type: 'STRING' } } } } },
    });
    expect(tools).toMatchObject([{ parameters: { properties: { some_name: { type: 'string' } } } }]);
  });

  test('of functions that others do not take are changed, and found again', () => {
    const { request, names } = readGenerateRequest(
      {
        contents: [user({ text: 'a' }), model({ functionCall: { name: 'home.lights:on' } })],
        tools: [{ functionDeclarations: [{ name: 'home.lights:on' }] }],
      },
      'm',
      false,
    );
    const [tool] = request.tools ?? [];
    const wire = tool?.type === 'function' ? tool.name : '';
    expect(wire).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(request.messages[1]?.parts).toMatchObject([{ name: wire }]);
    expect(names.fromWire(wire)).toBe('home.lights:on');
  });
});

describe('calls and their results', () => {
  /** Kind, id, and arguments or what was given back. */
  type Told = readonly [kind: string, id: string, text: string];
  const toldOf = (part: Part): Told[] => {
    if (part.type === 'tool_call') return [['call', part.id, part.arguments]];
    if (part.type !== 'tool_result') return [];
    return [['result', part.callId, part.parts.map((one) => ('text' in one ? one.text : one.type)).join()]];
  };
  const pairs = (...contents: readonly JsonObject[]): Told[] => messagesOf(...contents).flatMap(({ parts }) => parts.flatMap(toldOf));

  test('are paired by their ids', () => {
    const told = pairs(
      user({ text: 'a' }),
      model({ functionCall: { id: '1', name: 'f', args: { a: 1 } } }, { functionCall: { id: '2', name: 'f' } }),
      user(
        { functionResponse: { id: '2', name: 'f', response: { output: 'two' } } },
        { functionResponse: { id: '1', name: 'f', response: { output: 'one' } } },
      ),
    );
    expect(told).toEqual([
      ['call', '1', '{"a":1}'],
      ['call', '2', '{}'],
      ['result', '2', 'two'],
      ['result', '1', 'one'],
    ]);
  });

  test('without ids are paired by name, in order', () => {
    const told = pairs(
      user({ text: 'a' }),
      model(
        { functionCall: { name: 'f', args: { n: 1 } } },
        { functionCall: { name: 'g' } },
        { functionCall: { name: 'f', args: { n: 2 } } },
      ),
      user(...['f', 'f', 'g'].map((name, at) => ({ functionResponse: { name, response: { output: `${at}` } } }))),
    );
    const [first, second, third, ...results] = told;
    const ids = [first, second, third].map((call) => call?.[1]);
    expect(new Set(ids).size).toBe(3);
    expect(results).toEqual([
      ['result', ids[0], '0'],
      ['result', ids[2], '1'],
      ['result', ids[1], '2'],
    ]);
  });

  test('of a second round are not taken for those of the first', () => {
    const round = [
      model({ functionCall: { name: 'f' } }),
      { role: 'function', parts: [{ functionResponse: { name: 'f', response: {} } }] },
    ];
    const ids = pairs(user({ text: 'a' }), ...round, ...round).map(([, id]) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).toBe(ids[3]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  test.each([
    [{ output: 'rain' }, 'rain', undefined],
    [{ result: { deg: 7 } }, '{"deg":7}', undefined],
    [{ error: 'no such city' }, 'no such city', true],
    [{ deg: 7, sky: 'grey' }, '{"deg":7,"sky":"grey"}', undefined],
    [{}, '{}', undefined],
  ])('say what the function gave: %j', (response, text, isError) => {
    const [, , result] = messagesOf(
      user({ text: 'a' }),
      model({ functionCall: { name: 'f' } }),
      user({ functionResponse: { name: 'f', response } }),
    );
    expect(result?.parts).toMatchObject([{ parts: [{ type: 'text', text }] }]);
    const [told] = result?.parts ?? [];
    expect(told?.type === 'tool_result' && told.isError).toBe(isError);
  });

  test('stand before the rest of the turn, and may hold media', () => {
    const media = { inlineData: { mimeType: 'image/png', data: 'aGk=' } };
    const told = messagesOf(
      user({ text: 'a' }),
      model({ functionCall: { name: 'f' } }),
      user({ text: 'and now?' }, { functionResponse: { name: 'f', response: { output: 'see' }, parts: [media] } }),
    );
    expect(told.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(told[2]?.parts).toMatchObject([{ parts: [{ type: 'text' }, { type: 'media', kind: 'image' }] }]);
  });
});

test('a turn that clients kept as a stream gave it is one again, with its proof on the thought', () => {
  const proof = sealed('anthropic', 'signed', 'c2ln');
  const [, said] = messagesOf(
    user({ text: 'a' }),
    model({ text: 'I th', thought: true }),
    model({ text: 'ink.', thought: true }),
    model({ text: '', thought: true, thoughtSignature: proof }),
    model({ text: 'Hel' }),
    model({ text: 'lo' }),
    model({ text: '' }),
  );
  expect(said?.parts).toEqual([
    { type: 'reasoning', text: 'I think.', signature: 'c2ln', origin: 'anthropic' },
    { type: 'text', text: 'Hello' },
  ]);
});

test('proofs of Google’s own stay Google’s, and hidden thoughts stay hidden', () => {
  const [, said] = messagesOf(
    user({ text: 'a' }),
    model(
      { text: 'hm', thought: true, thoughtSignature: 'R29vZ2xl' },
      { text: '', thought: true, thoughtSignature: sealed('openai', 'hidden', 'x:y') },
      { functionCall: { name: 'f' }, thoughtSignature: 'Y2FsbA==' },
      { executableCode: { code: '1' } },
    ),
  );
  expect(said?.parts).toMatchObject([
    { type: 'reasoning', text: 'hm', signature: 'R29vZ2xl', origin: 'gemini' },
    { type: 'reasoning', text: '', encrypted: 'x:y', origin: 'openai' },
    { type: 'tool_call', signature: 'Y2FsbA==' },
    { type: 'native', dialect: 'gemini', raw: { gemini_parts: [{ executableCode: { code: '1' } }] } },
  ]);
});

describe('media', () => {
  test.each([
    [
      { inlineData: { mimeType: 'image/png', data: 'a-_b' } },
      { kind: 'image', source: { type: 'data', data: 'a+/b' }, mediaType: 'image/png' },
    ],
    [{ inline_data: { mime_type: 'audio/wav', data: 'aGk=' } }, { kind: 'audio' }],
    [
      { fileData: { mimeType: 'application/pdf', fileUri: 'https://host/a.pdf', displayName: 'a.pdf' } },
      { kind: 'file', filename: 'a.pdf', source: { type: 'url', url: 'https://host/a.pdf' } },
    ],
    [
      { fileData: { fileUri: 'https://youtu.be/x' }, videoMetadata: { fps: 2, startOffset: '1s' } },
      { kind: 'video', clip: { fps: 2, start: '1s' } },
    ],
    [{ inlineData: { mimeType: 'image/png', data: 'aGk=' }, mediaResolution: { level: 'MEDIA_RESOLUTION_HIGH' } }, { detail: 'high' }],
  ])('%j', (part, expected) => {
    expect(messagesOf(user(part))[0]?.parts).toMatchObject([{ type: 'media', ...expected }]);
  });
});

describe('schemas', () => {
  test('of OpenAPI become JSON Schema', () => {
    const schema = {
      type: 'OBJECT',
      nullable: true,
      propertyOrdering: ['a'],
      properties: {
        type: { type: 'STRING', format: 'enum', enum: ['x'], nullable: true },
        many: { type: 'ARRAY', minItems: '1', items: { type: 'INTEGER', format: 'int64' } },
        when: { type: 'STRING', format: 'date-time', example: 'now' },
        either: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }], nullable: true },
      },
      required: ['type'],
    };
    const { responseFormat } = read({ ...HI, generationConfig: { responseMimeType: 'application/json', responseSchema: schema } });
    expect(responseFormat).toEqual({
      type: 'json_schema',
      name: 'response',
      schema: {
        type: ['object', 'null'],
        properties: {
          type: { type: ['string', 'null'], enum: ['x', null] },
          many: { type: 'array', minItems: 1, items: { type: 'integer' } },
          when: { type: 'string', format: 'date-time', examples: ['now'] },
          either: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
        },
        required: ['type'],
      },
    });
  });

  test('of JSON stay as they are', () => {
    const schema = { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: ['string', 'null'] } } };
    expect(read({ ...HI, generationConfig: { responseJsonSchema: schema } }).responseFormat).toMatchObject({ schema });
    expect(read({ ...HI, generationConfig: { responseMimeType: 'application/json' } }).responseFormat).toEqual({ type: 'json_object' });
    expect(read({ ...HI, generationConfig: { responseMimeType: 'text/plain' } }).responseFormat).toBeUndefined();
  });
});

describe('thinking', () => {
  test.each([
    [{ thinkingBudget: 0 }, { effort: 'none' }],
    [{ thinkingBudget: -1 }, undefined],
    [{ thinkingLevel: 'LOW' }, { effort: 'low' }],
    [{ thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }, undefined],
    [{ includeThoughts: true }, undefined],
  ])('%j', (thinkingConfig, reasoning) => {
    expect(read({ ...HI, generationConfig: { thinkingConfig } }).reasoning).toEqual(reasoning);
  });

  test('is shown to whoever asks for it', () => {
    const shows = (includeThoughts?: boolean) =>
      readGenerateRequest({ ...HI, generationConfig: { thinkingConfig: { includeThoughts } } }, 'm', false).showsThoughts;
    expect([shows(true), shows(false), shows()]).toEqual([true, false, false]);
  });
});

test('what else others understand is told in their words, and what they do not is left out', () => {
  const body = {
    ...HI,
    serviceTier: 'standard',
    safetySettings: [{ category: 'x' }],
    labels: { a: 'b' },
    user: 'lou',
    tools: [{ googleSearch: {} }, { codeExecution: {} }],
    generationConfig: { candidateCount: 2, seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2, responseLogprobs: true, logprobs: 3, imageConfig: {}, responseModalities: ['AUDIO'], speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } } }, // prettier-ignore
  };
  expect(read(body, true)).toEqual({
    model: 'public',
    stream: true,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    webSearch: {},
    serviceTier: 'default',
    user: 'lou',
    n: 2,
    seed: 7,
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    logprobs: true,
    topLogprobs: 3,
    others: { modalities: ['text', 'audio'], audio: { voice: 'Kore', format: 'pcm16' } },
    extras: {},
  });
});

test('tools that Google alone runs are told, a line each', () => {
  const tools = [
    { google_search: {} },
    { code_execution: {}, functionDeclarations: [{ name: 'f' }] },
    { urlContext: {}, googleMaps: null },
  ];
  expect(readGenerateRequest({ ...HI, tools }, 'm', false).leftOut).toEqual([
    "tools[1]: this provider cannot run 'codeExecution'",
    "tools[2]: this provider cannot run 'urlContext'",
  ]);
  expect(readGenerateRequest({ ...HI, tools: { functionDeclarations: { name: 'f' } } }, 'm', false).leftOut).toEqual([]);
});

describe('a wrong member is refused by its path', () => {
  test.each([
    ['contents', {}],
    ['contents', { contents: [] }],
    ['contents[0]', { contents: [5] }],
    ['contents[0].role', { contents: [{ role: 'system', parts: [{ text: 'x' }] }] }],
    ['contents[0].parts', { contents: [{ role: 'user' }] }],
    ['contents[0].parts[0]', { contents: [user({})] }],
    ['contents[0].parts[0]', { contents: [user({ text: null })] }],
    ['contents[0].parts', { contents: [user({ functionCall: { name: 'f' } })] }],
    ['contents[0].parts[0].functionResponse.name', { contents: [user({ functionResponse: { response: {} } })] }],
    ['contents[0].parts[0].fileData.fileUri', { contents: [user({ fileData: {} })] }],
    ['contents[1].parts[0].functionCall.args', { contents: [user({ text: 'a' }), model({ functionCall: { name: 'f', args: '{}' } })] }],
    ['systemInstruction.parts[0].text', { ...HI, systemInstruction: { parts: [{ inlineData: {} }] } }],
    ['tools[0].functionDeclarations[1].name', { ...HI, tools: [{ functionDeclarations: [{ name: 'f' }, {}] }] }],
    ['toolConfig.functionCallingConfig.mode', { ...HI, toolConfig: { functionCallingConfig: { mode: 'SOME' } } }],
    ['generationConfig.stopSequences[1]', { ...HI, generationConfig: { stopSequences: ['a', 1] } }],
    ['generationConfig.maxOutputTokens', { ...HI, generationConfig: { maxOutputTokens: 1.5 } }],
    ['generationConfig.responseMimeType', { ...HI, generationConfig: { responseMimeType: 'text/x.enum' } }],
    ['generationConfig.thinkingConfig.thinkingBudget', { ...HI, generationConfig: { thinkingConfig: { thinkingBudget: 'much' } } }],
    ['cachedContent', { ...HI, cachedContent: 'cachedContents/a' }],
  ])('%s', (param, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ param, message: expect.stringContaining(param) as string }) as Error);
  });
});
