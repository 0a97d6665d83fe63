import { describe, expect, test } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import type { MediaPart, Part } from '../../../src/core/parts.ts';
import { mustInline } from '../../../src/dialects/bedrock/chat/media.ts';
import { wireCase } from '../wire-case.ts';
import { bodyOf, call, chat, GPT_OSS, LLAMA, messagesOf, NOVA, NOVA_2, result, said, SONNET_4, SONNET_4_5, WEATHER } from './asking.ts';

const SCHEMA = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'] };
const asked = (name: string) => wireCase(`bedrock/${name}`).request;

function contentOf(turn: JsonObject | undefined): JsonObject[] {
  return (turn?.['content'] ?? []) as JsonObject[];
}

test('the path names the model and the operation, encoded', () => {
  expect(chat().path).toBe('/model/us.anthropic.claude-sonnet-4-20250514-v1%3A0/converse');
  const arn = 'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc123';
  expect(chat({ stream: true }, { model: arn }).path).toBe(`/model/${encodeURIComponent(arn)}/converse-stream`);
});

test('text, system, length, sampling and stop sequences', () => {
  const request = {
    messages: [said('system', 'Be brief.'), said('user', 'Why is the sky blue?')],
    maxOutputTokens: 200,
    temperature: 0.5,
    topP: 0.9,
    stop: ['END'],
  };
  const model = 'anthropic.claude-3-5-sonnet-20241022-v2:0';
  expect(bodyOf(request, { model: LLAMA })).toEqual(asked('text'));
  expect(bodyOf(request, { model })).toEqual({
    ...asked('text'),
    additionalModelResponseFieldPaths: ['/stop_sequence', '/delta/stop_sequence'],
  });
});

test('tools and the choice among them', () => {
  const tools = [WEATHER, { type: 'function', name: 'get_time', description: ' ' } as const];
  expect(bodyOf({ messages: [said('user', 'Weather and time?')], tools, toolChoice: { type: 'required' } })).toEqual(asked('tool-calls'));
});

test('thoughts with their proof go back before the call that they led to', () => {
  const thought: Part = { type: 'reasoning', text: 'The weather is asked for.', signature: 'EqoBCkgIARAB', origin: 'anthropic' };
  const messages = [
    said('user', 'Hi'),
    said('assistant', call('tooluse_A1', 'get_weather', '{"city":"Zürich"}'), thought),
    result('tooluse_A1', '11 degrees'),
  ];
  const request = { messages, tools: [WEATHER], reasoning: { effort: 'medium' } };
  expect(bodyOf(request)).toEqual(asked('thinking-with-tools'));
  expect(JSON.stringify(bodyOf({ messages, tools: [WEATHER] }, { model: NOVA }))).not.toContain('reasoningContent');
});

describe('cache points', () => {
  const messages = [
    { ...said('system', 'Rules.'), cache: { ttl: '1h' } },
    said('user', { type: 'text', text: 'A long text.', cache: {} }, 'Is it long?'),
  ];
  const tools = [{ ...WEATHER, cache: {} }];

  test('stand behind what is marked', () => {
    expect(bodyOf({ messages, tools })).toEqual(asked('cached-prompt'));
  });

  test('of Nova have no life and do not stand among tools, and models that do not cache get none', () => {
    const body = bodyOf({ messages, tools }, { model: NOVA });
    expect(body['system']).toEqual([{ text: 'Rules.' }, { cachePoint: { type: 'default' } }]);
    expect((body['toolConfig'] as JsonObject)['tools']).toHaveLength(1);
    for (const model of [LLAMA, 'anthropic.claude-3-haiku-20240307-v1:0'])
      expect(JSON.stringify(bodyOf({ messages, tools }, { model }))).not.toContain('cachePoint');
  });

  test('are at most four: the first and the last ones', () => {
    const marked = Array.from({ length: 6 }, (_, i): Part => ({ type: 'text', text: `${i}`, cache: {} }));
    const content = contentOf(messagesOf([said('user', ...marked)])[0]);
    expect(content.map(({ text }) => text ?? '|')).toEqual(['0', '|', '1', '2', '3', '|', '4', '|', '5', '|']);
  });
});

describe('reasoning', () => {
  const fields = (model: string, reasoning: { effort?: string; thinking?: { type: string; budgetTokens?: number; raw: JsonObject } }) => {
    const { additionalModelRequestFields: own, inferenceConfig } = bodyOf({ reasoning, maxOutputTokens: 100, temperature: 0.5 }, { model });
    return { own, inferenceConfig };
  };

  test.each([
    ['none', undefined],
    ['minimal', 1024],
    ['low', 1024],
    ['medium', 2048],
    ['high', 4096],
  ])('%s is a budget for Claude 4, with room beside it and without a temperature', (effort, budget) => {
    const { own, inferenceConfig } = fields(SONNET_4, { effort });
    expect(own).toEqual(budget === undefined ? undefined : { thinking: { type: 'enabled', budget_tokens: budget } });
    expect(inferenceConfig).toEqual(budget === undefined ? { maxTokens: 100, temperature: 0.5 } : { maxTokens: budget + 4096 });
  });

  test('is an effort for Claude that adapts, and a flag where that came first', () => {
    expect(fields('us.anthropic.claude-opus-4-6-v1', { effort: 'max' }).own).toEqual({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'max' },
    });
    expect(fields('us.anthropic.claude-opus-4-5-20251101-v1:0', { effort: 'low' }).own).toEqual({
      thinking: { type: 'enabled', budget_tokens: 1024 },
      output_config: { effort: 'low' },
      anthropic_beta: ['effort-2025-11-24'],
    });
  });

  test('is a word for gpt-oss and for Nova 2, which takes neither limit nor temperature at its highest', () => {
    expect(fields(GPT_OSS, { effort: 'minimal' })).toEqual({
      own: { reasoning_effort: 'low' },
      inferenceConfig: { maxTokens: 100, temperature: 0.5 },
    });
    expect(fields(NOVA_2, { effort: 'medium' }).own).toEqual({ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' } });
    expect(fields(NOVA_2, { effort: 'xhigh' })).toEqual({
      own: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } },
      inferenceConfig: undefined,
    });
    expect(fields(NOVA_2, { effort: 'none' }).own).toEqual({ reasoningConfig: { type: 'disabled' } });
    expect(fields(GPT_OSS, { thinking: { type: 'enabled', budgetTokens: 12_000, raw: {} } }).own).toEqual({ reasoning_effort: 'high' });
  });

  test('at a level that is none is refused', () => {
    for (const model of [SONNET_4, GPT_OSS, NOVA_2])
      expect(() => fields(model, { effort: 'disabled' })).toThrow(expect.objectContaining({ param: 'reasoning_effort' }));
  });

  test('ends for a round whose thoughts are lost, and forces no tool', () => {
    const lost = [said('user', 'Hi'), said('assistant', call('a')), result('a')];
    expect(bodyOf({ messages: lost, tools: [WEATHER], reasoning: { effort: 'low' } })['additionalModelRequestFields']).toBeUndefined();
    const body = bodyOf({ tools: [WEATHER], toolChoice: { type: 'required' }, reasoning: { effort: 'low' } });
    expect(body['toolConfig']).not.toHaveProperty('toolChoice');
  });
});

describe('JSON', () => {
  const format = { type: 'json_schema', name: 'number', schema: SCHEMA } as const;

  test('is a format for newer Claude, its schema as text', () => {
    const { outputConfig, toolConfig } = bodyOf({ responseFormat: format }, { model: SONNET_4_5 });
    expect(toolConfig).toBeUndefined();
    const { structure } = (outputConfig as { textFormat: { structure: { jsonSchema: { name: string; schema: string } } } }).textFormat;
    expect(structure.jsonSchema.name).toBe('number');
    expect(JSON.parse(structure.jsonSchema.schema)).toMatchObject({ additionalProperties: false, required: ['n'] });
  });

  test('is a tool that must be called for others, and one of several beside tools of the client', () => {
    const alone = bodyOf({ responseFormat: format })['toolConfig'] as JsonObject;
    expect(alone).toMatchObject({
      tools: [{ toolSpec: { name: 'json_tool_call', inputSchema: { json: SCHEMA } } }],
      toolChoice: { tool: { name: 'json_tool_call' } },
    });
    expect(bodyOf({ responseFormat: format, tools: [WEATHER] })['toolConfig']).toMatchObject({
      tools: [{ toolSpec: { name: 'get_weather' } }, { toolSpec: { name: 'json_tool_call' } }],
      toolChoice: { any: {} },
    });
  });

  test('is asked for in words where no call can be forced', () => {
    const { system, toolConfig } = bodyOf({ responseFormat: format }, { model: LLAMA });
    expect(toolConfig).not.toHaveProperty('toolChoice');
    expect(system).toEqual([{ text: expect.stringContaining('json_tool_call') }]);
    const words = bodyOf({ responseFormat: { type: 'json_object' } }, { model: LLAMA, abilities: { tools: false } });
    expect(words).toMatchObject({ system: [{ text: expect.stringContaining('one JSON object') }] });
    expect(words['toolConfig']).toBeUndefined();
  });
});

describe('tools', () => {
  test('that must not be called stay out, unless the history speaks of some', () => {
    const none = { tools: [WEATHER], toolChoice: { type: 'none' } } as const;
    expect(bodyOf(none)['toolConfig']).toBeUndefined();
    const messages = [said('user', 'Hi'), said('assistant', call('a', 'get_weather')), result('a')];
    expect(bodyOf({ ...none, messages })['toolConfig']).toMatchObject({ tools: [{ toolSpec: { name: 'get_weather' } }] });
    expect(bodyOf({ messages })['toolConfig']).toMatchObject({ tools: [{ toolSpec: { name: 'no_tool_available' } }] });
  });

  test('one at a time is said in the words of Claude', () => {
    const request = { tools: [WEATHER], parallelToolCalls: false };
    const choice = (more: object, model = SONNET_4) => bodyOf({ ...request, ...more }, { model })['additionalModelRequestFields'];
    expect(choice({})).toEqual({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } });
    expect(choice({ toolChoice: { type: 'function', name: 'get_weather' } })).toEqual({
      tool_choice: { type: 'tool', name: 'get_weather', disable_parallel_tool_use: true },
    });
    expect(choice({}, NOVA)).toBeUndefined();
  });

  test('of another provider are refused or dropped, and those that Bedrock runs go as they are', () => {
    const search = { type: 'native', dialect: 'openai', raw: { type: 'web_search' } } as const;
    expect(() => bodyOf({ tools: [search] })).toThrow(UnsupportedParamsError);
    expect(bodyOf({ tools: [search] }, { params: { drop: true } })['toolConfig']).toBeUndefined();
    const own = { type: 'native', dialect: 'openai', raw: { type: 'system', systemTool: { name: 'nova_code_interpreter' } } } as const;
    expect(bodyOf({ tools: [own] }, { model: NOVA_2 })['toolConfig']).toEqual({
      tools: [{ systemTool: { name: 'nova_code_interpreter' } }],
    });
  });

  test('have results with a status only where the model knows it, and ids of nine signs for Mistral', () => {
    const messages = [said('user', 'Hi'), said('assistant', call('call_1')), result('call_1', 'no', { isError: true })];
    const answered = (model: string) => contentOf(messagesOf(messages, { model })[2])[0]?.['toolResult'] as JsonObject;
    expect(answered(SONNET_4)).toEqual({ toolUseId: 'call_1', content: [{ text: 'no' }], status: 'error' });
    expect(answered(LLAMA)).toEqual({ toolUseId: 'call_1', content: [{ text: 'no' }] });
    expect(answered('mistral.mistral-large-2407-v1:0')['toolUseId']).toMatch(/^[a-zA-Z0-9]{9}$/);
  });
});

describe('media', () => {
  const PNG = 'iVBORw0KGgoAAAA=';
  const PDF = 'JVBERi0xLjQ=';
  const block = (media: Omit<MediaPart, 'type'>): JsonObject | undefined =>
    contentOf(messagesOf([said('user', { type: 'media', ...media })])[0])[0];

  test('are images by their bytes, whatever the client calls them', () => {
    const image = { image: { format: 'png', source: { bytes: PNG } } };
    expect(block({ kind: 'image', source: { type: 'data', data: PNG }, mediaType: 'image/jpg' })).toEqual(image);
    expect(block({ kind: 'file', source: { type: 'data', data: PNG } })).toEqual(image);
  });

  test('are documents whose name is lawful and the same for the same content', () => {
    const file = { kind: 'file', source: { type: 'data', data: PDF }, filename: 'Réport: 2026_(final).pdf' } as const;
    const { document } = block(file) as { document: { name: string } };
    expect(document).toMatchObject({ format: 'pdf', source: { bytes: PDF } });
    expect(document.name).toMatch(/^R port 2026 \(final\) [0-9a-f]{8}$/);
    expect(block(file)).toEqual({ document });
    expect(messagesOf([said('user', { type: 'media', ...file })])[0]?.['content']).toEqual([{ document }, { text: '.' }]);
  });

  test('are videos and buckets', () => {
    expect(block({ kind: 'video', source: { type: 'url', url: 's3://bucket/film.mp4' } })).toEqual({
      video: { format: 'mp4', source: { s3Location: { uri: 's3://bucket/film.mp4' } } },
    });
    expect(block({ kind: 'audio', source: { type: 'data', data: 'AAAA' }, mediaType: 'audio/wav' })).toEqual({
      audio: { format: 'wav', source: { bytes: 'AAAA' } },
    });
  });

  test('are fetched unless they stand in a bucket', () => {
    const at = (url: string): MediaPart => ({ type: 'media', kind: 'image', source: { type: 'url', url } });
    expect(['https://example.org/a.png', 'http://example.org/a.png', 's3://b/a.png'].map((url) => mustInline(at(url)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('that have no block are refused', () => {
    expect(() => block({ kind: 'file', source: { type: 'data', data: 'AAAA' }, mediaType: 'application/zip' })).toThrow(
      InvalidRequestError,
    );
    expect(() => block({ kind: 'file', source: { type: 'file_id', fileId: 'file-1' }, mediaType: 'application/pdf' })).toThrow(
      InvalidRequestError,
    );
  });
});

describe('parameters', () => {
  test('that Converse has not are refused, unless they may be dropped or are to be sent', () => {
    for (const [field, value] of Object.entries({ n: 2, seed: 7, logprobs: true, presencePenalty: 1, logitBias: { 1: 1 } }))
      expect(() => bodyOf({ [field]: value }), field).toThrow(UnsupportedParamsError);
    expect(bodyOf({ n: 2, seed: 7 }, { params: { drop: true } })).not.toHaveProperty('additionalModelRequestFields');
    expect(bodyOf({ seed: 7 }, { params: { allow: ['seed'] } })['additionalModelRequestFields']).toEqual({ seed: 7 });
    expect(() => bodyOf({ reasoning: { effort: 'low' } }, { model: LLAMA })).toThrow(UnsupportedParamsError);
  });

  test('stand where each maker has them', () => {
    const own = (model: string) => bodyOf({ topK: 20 }, { model })['additionalModelRequestFields'];
    expect([own(SONNET_4), own(NOVA)]).toEqual([{ top_k: 20 }, { inferenceConfig: { topK: 20 } }]);
    expect(bodyOf({ temperature: 1.7 })['inferenceConfig']).toEqual({ temperature: 1 });
    expect(bodyOf({ temperature: 0.5, topP: 0.9 }, { model: SONNET_4_5, params: { drop: true } })['inferenceConfig']).toEqual({
      temperature: 0.5,
    });
    expect(bodyOf({ serviceTier: 'auto' })['serviceTier']).toEqual({ type: 'default' });
    expect(bodyOf({ stop: [' ', 'END'] })['inferenceConfig']).toEqual({ stopSequences: ['END'] });
  });

  test('of Converse itself stand at the top, those it does not know are for the model', () => {
    const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' };
    const extras = {
      guardrailConfig,
      requestMetadata: { a: 'b' },
      inferenceConfig: { maxTokens: 5 },
      min_p: 0.1,
      output_config: { effort: 'low' },
    };
    expect(bodyOf({ extras }, { model: 'us.anthropic.claude-opus-4-6-v1' })).toMatchObject({
      guardrailConfig,
      requestMetadata: { a: 'b' },
      inferenceConfig: { maxTokens: 5 },
      additionalModelRequestFields: { min_p: 0.1, output_config: { effort: 'low' } },
    });
  });

  test('that are flags of Anthropic go where Bedrock knows them', () => {
    const extras = { anthropic_beta: ['context-1m-2025-08-07', 'files-api-2025-04-14'] };
    expect(bodyOf({ extras })['additionalModelRequestFields']).toEqual({ anthropic_beta: ['context-1m-2025-08-07'] });
    expect(bodyOf({ extras }, { model: NOVA })['additionalModelRequestFields']).toBeUndefined();
  });
});

test('text that a guardrail is to look at is told from other text', () => {
  const guarded: Part = { type: 'native', dialect: 'openai', raw: { type: 'guarded_text', text: 'Look at me' } };
  expect(messagesOf([said('user', 'Hi', guarded)])[0]?.['content']).toEqual([
    { text: 'Hi' },
    { guardContent: { text: { text: 'Look at me' } } },
  ]);
});

test('a model without a system prompt is told by the user, and a note between turns stands in its place', () => {
  const messages = [said('system', 'Be brief.'), said('user', 'Hi'), said('assistant', 'Hello'), said('developer', 'Now in verse.')];
  expect(messagesOf(messages, { model: 'amazon.titan-text-express-v1' })[0]?.['content']).toEqual([{ text: 'Be brief.' }, { text: 'Hi' }]);
  expect(messagesOf(messages)[2]).toEqual({ role: 'user', content: [{ text: 'Now in verse.' }] });
});

test('an ARN that does not tell its model is spoken to as Claude, one that does as that', () => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/k3j2h1';
  const known = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0';
  const request = { reasoning: { effort: 'low' } };
  expect(bodyOf(request, { model: arn })['additionalModelRequestFields']).toEqual({ thinking: { type: 'enabled', budget_tokens: 1024 } });
  expect(() => bodyOf(request, { model: known })).toThrow(UnsupportedParamsError);
});
