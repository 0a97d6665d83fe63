import { describe, expect, test } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { MediaPart } from '../../../src/core/parts.ts';
import type { ChatRequest } from '../../../src/core/request.ts';
import { wireCase } from '../wire-case.ts';
import { bodyOf, call, chat, cohere, result, said, TIME, WEATHER, type Whom } from './asking.ts';

const PLAN = 'I will look up the weather in Zürich and the time.';
const notes: MediaPart = {
  type: 'media',
  kind: 'file',
  filename: 'habitats.txt',
  mediaType: 'text/plain',
  source: { type: 'data', data: Buffer.from('They live in Antarctica.').toString('base64') },
};
const zone: MediaPart = { ...notes, filename: 'zone.txt', source: { type: 'data', data: Buffer.from('CET').toString('base64') } };
const picture: MediaPart = {
  type: 'media',
  kind: 'image',
  mediaType: 'image/png',
  detail: 'low',
  source: { type: 'data', data: 'iVBORw0KGgo=' },
};
const page: MediaPart = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.org/a.png' } };
const penguins = {
  id: 'page',
  data: { title: 'Tall penguins', text: 'Emperor penguins are the tallest.', url: 'https://example.org/penguins' },
};

const DOCUMENTED: Record<string, readonly [Partial<ChatRequest>, Whom?]> = {
  'cohere/text': [
    {
      messages: [said('developer', 'You are terse.'), said('user', 'Why is the sky blue?')],
      stream: true,
      maxOutputTokens: 64,
      temperature: 0.2,
      topP: 0.9,
      topK: 40,
      seed: 7,
      frequencyPenalty: 0.5,
      presencePenalty: 0,
      stop: ['END', ''],
      extras: { safety_mode: 'STRICT' },
    },
  ],
  'cohere/tool-calls': [{ messages: [said('user', 'Weather in Zürich, and the time?')], stream: true, tools: [WEATHER, TIME] }],
  'cohere/tool-results': [
    {
      messages: [
        said('user', 'Weather in Zürich, and the time?'),
        said(
          'assistant',
          PLAN,
          call('get_weather_p1t92w7gfgq7', 'get_weather', '{"city":"Zürich"}'),
          call('get_time_ay6nmvjgp9vn', 'get_time'),
        ),
        said('tool', {
          type: 'tool_result',
          callId: 'get_time_ay6nmvjgp9vn',
          parts: [{ type: 'text', text: '08:00' }, zone],
        }),
        result('get_weather_p1t92w7gfgq7', '11 degrees'),
      ],
      tools: [WEATHER, TIME],
    },
  ],
  'cohere/thinking': [
    { messages: [said('user', 'How many r in strawberry?')], stream: true, reasoning: { effort: 'medium' } },
    { model: 'command-a-reasoning-08-2025' },
  ],
  'cohere/thinking-with-tools': [
    {
      messages: [
        said('user', 'And in Zürich?'),
        said(
          'assistant',
          { type: 'reasoning', text: 'The weather is asked for.' },
          call('get_weather_0', 'get_weather', '{"city":"Zürich"}'),
        ),
        result('get_weather_0', '11 degrees'),
      ],
      tools: [WEATHER],
    },
    { model: 'command-a-reasoning-08-2025' },
  ],
  'cohere/citations': [
    {
      messages: [said('user', 'Where do the tallest penguins live?', notes)],
      stream: true,
      extras: { documents: [penguins], citation_options: { mode: 'FAST' } },
    },
  ],
  'cohere/image': [{ messages: [said('user', 'What is this?', picture, page)] }, { model: 'command-a-vision-07-2025' }],
  'cohere/json-schema': [
    {
      messages: [said('user', 'A fruit as JSON')],
      responseFormat: {
        type: 'json_schema',
        name: 'fruit',
        schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
    },
  ],
  'cohere/logprobs': [{ stream: true, logprobs: true }],
};

test.each(Object.keys(DOCUMENTED))('the request of %s is said as documented', (name) => {
  const [request, whom] = DOCUMENTED[name] ?? [{}];
  const { path, framing, headers } = chat(request, whom);
  expect({ path, framing, headers }).toEqual({ path: '/v2/chat', framing: 'sse', headers: {} });
  expect(bodyOf(request, whom)).toEqual(wireCase(name).request);
});

describe('parameters', () => {
  test('nothing is sent that was not said', () => {
    expect(Object.keys(bodyOf())).toEqual(['model', 'messages', 'stream']);
    expect(Object.keys(bodyOf({ maxOutputTokens: -1, logprobs: false, stop: [], responseFormat: { type: 'text' } }))).toHaveLength(3);
  });

  test('what lies beyond a range is said as its nearest', () => {
    expect(bodyOf({ temperature: 1.7, topP: 1, topK: 900, presencePenalty: 2, frequencyPenalty: -1 })).toMatchObject({
      temperature: 1,
      p: 0.99,
      k: 500,
      presence_penalty: 1,
    });
    expect(bodyOf({ topP: 0, frequencyPenalty: -1 })).toMatchObject({ p: 0.01 });
    expect(bodyOf({ frequencyPenalty: -1 })).not.toHaveProperty('frequency_penalty');
  });

  test('of many stops five are sent', () => {
    expect(bodyOf({ stop: ['a', 'b', 'c', 'd', 'e', 'f'] })['stop_sequences']).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test.each<Partial<ChatRequest>>([
    { n: 2 },
    { logitBias: { '1': 1 } },
    { topLogprobs: 3 },
    { webSearch: {} },
    { others: { modalities: ['audio'] } },
  ])('%j is refused, left out when dropping is on, and sent when allowed by name', (request) => {
    expect(() => bodyOf(request)).toThrow(UnsupportedParamsError);
    expect(Object.keys(bodyOf(request, { params: { drop: true } }))).toEqual(['model', 'messages', 'stream']);
  });

  test('a parameter that is allowed by name goes out as it is', () => {
    expect(bodyOf({ n: 2, others: { verbosity: 'low' } }, { params: { allow: ['n', 'verbosity'] } })).toMatchObject({
      n: 2,
      verbosity: 'low',
    });
  });

  test('those without effect on the answer vanish without a word', () => {
    const { length } = Object.keys(
      bodyOf({ n: 1, user: 'ann', parallelToolCalls: false, others: { store: false, prompt_cache_key: 'k' } }),
    );
    expect(length).toBe(3);
  });

  test("what the client says in Cohere's words wins, but for what is the gateway's", () => {
    const body = bodyOf({ topP: 0.5, extras: { p: 0.75, strict_tools: true, priority: 3, model: 'x', messages: [], stream: true } });
    expect(body).toMatchObject({ p: 0.75, strict_tools: true, priority: 3, model: 'command-a-03-2025', stream: false });
    expect(body['messages']).toHaveLength(1);
  });
});

describe('JSON', () => {
  test('an object without a schema is asked for by the member alone', () => {
    expect(bodyOf({ responseFormat: { type: 'json_object' } })['response_format']).toEqual({ type: 'json_object' });
  });

  test.each<Partial<ChatRequest>>([{ tools: [WEATHER] }, { extras: { documents: ['a'] } }])(
    'beside %j it is asked for in words, which Cohere takes there',
    (request) => {
      const body = bodyOf({
        ...request,
        messages: [said('system', 'Be kind.'), said('user', 'Hi')],
        responseFormat: { type: 'json_schema', schema: { title: 'wanted' } },
      });
      expect(body).not.toHaveProperty('response_format');
      expect(body['messages']).toMatchObject([
        { role: 'system', content: expect.stringMatching(/^Be kind\.\n\n.*\n\{"title":"wanted"\}$/s) },
        {},
      ]);
    },
  );
});

describe('tools', () => {
  const tools = [WEATHER, TIME];
  const toolsOf = (request: Partial<ChatRequest>): unknown =>
    (bodyOf(request)['tools'] as { function: { name: string } }[]).map((tool) => tool.function.name);

  test.each([
    ['none', 'NONE'],
    ['required', 'REQUIRED'],
  ] as const)('tool_choice %s is %s', (type, word) => {
    expect(bodyOf({ tools, toolChoice: { type } })['tool_choice']).toBe(word);
    expect(bodyOf({ toolChoice: { type } })).not.toHaveProperty('tool_choice');
  });

  test('auto is not said, and a named tool is offered alone', () => {
    expect(bodyOf({ tools, toolChoice: { type: 'auto' } })).not.toHaveProperty('tool_choice');
    const named: Partial<ChatRequest> = { tools, toolChoice: { type: 'function', name: 'get_time' } };
    expect(bodyOf(named)['tool_choice']).toBe('REQUIRED');
    expect(toolsOf(named)).toEqual(['get_time']);
    expect(() => bodyOf({ tools, toolChoice: { type: 'function', name: 'fly' } })).toThrow(InvalidRequestError);
  });

  test('they are strict only together', () => {
    const strict = { ...WEATHER, strict: true };
    expect(bodyOf({ tools: [strict] })['strict_tools']).toBe(true);
    expect(bodyOf({ tools: [strict, TIME] })).not.toHaveProperty('strict_tools');
  });

  test('of two with one name the first counts', () => {
    expect(toolsOf({ tools: [TIME, { ...TIME, description: 'again' }] })).toEqual(['get_time']);
  });

  test('names that Cohere refuses are replaced and come back as the client gave them', () => {
    const odd = ['home.light-on', '2nd', 'home_light_on'].map((name) => ({ ...TIME, name }));
    const outward = chat({ tools: odd, messages: [said('assistant', call('x', 'home.light-on'))] });
    const wire = (outward.body['tools'] as { function: { name: string } }[]).map((tool) => tool.function.name);
    for (const name of wire) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
    expect(new Set(wire).size).toBe(3);
    expect(outward.body['messages']).toMatchObject([{ tool_calls: [{ function: { name: wire[0] } }] }, { role: 'tool' }]);
    const calls = wire.map((name, i) => ({ id: `c${i}`, type: 'function', function: { name, arguments: '{}' } }));
    const answer = outward.answer({ message: { tool_calls: calls }, finish_reason: 'TOOL_CALL' });
    expect(answer.choices[0]?.parts.map((part) => part.type === 'tool_call' && part.name)).toEqual([
      'home.light-on',
      '2nd',
      'home_light_on',
    ]);
  });

  test("another provider's own tools are refused, or left out when dropping is on", () => {
    const search = { type: 'native', dialect: 'anthropic', raw: { type: 'web_search_20250305', name: 'web_search' } } as const;
    expect(() => bodyOf({ tools: [search] })).toThrow(UnsupportedParamsError);
    expect(bodyOf({ tools: [search] }, { params: { drop: true } })).not.toHaveProperty('tools');
  });
});

describe('media', () => {
  test('of URLs only files are fetched for Cohere', () => {
    expect([page, { ...notes, source: page.source }, notes].map((media) => cohere.mustInline(media))).toEqual([false, true, false]);
  });

  test.each<[string, MediaPart]>([
    ['audio', { ...picture, kind: 'audio' }],
    ['video', { ...picture, kind: 'video' }],
    ['the id of a file', { ...picture, source: { type: 'file_id', fileId: 'f' } }],
    ['application/pdf', { ...notes, mediaType: 'application/pdf', filename: 'a.pdf' }],
    ['unknown type', { type: 'media', kind: 'file', source: { type: 'data', data: 'AAAA' } }],
  ])('%s is refused with a word', (word, media) => {
    expect(() => bodyOf({ messages: [said('user', media)] })).toThrow(word);
    expect(() => bodyOf({ messages: [said('user', media)] })).toThrow(InvalidRequestError);
  });

  test('an image that a tool found has no place', () => {
    const messages = [said('assistant', call('a')), said('tool', { type: 'tool_result', callId: 'a', parts: [picture] })];
    expect(() => bodyOf({ messages })).toThrow('results of tools');
  });
});
