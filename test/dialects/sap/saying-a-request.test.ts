import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sap } from '../../../src/dialects/sap/index.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';
import { HI, rendered, sent, type Sent } from './asking.ts';

const modelOf = ({ config }: Sent) => config.modules.prompt_templating.model;
const promptOf = ({ config }: Sent) => config.modules.prompt_templating.prompt;

const TOOLS = [{ type: 'function', function: { name: 'f', description: 'F', parameters: { type: 'object', properties: {} } } }];
const CALLS = [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"q":"{{?secret}}"}' } }];

describe('a request', () => {
  test('is a configuration of modules', () => {
    const body = sent({ max_tokens: 50, temperature: 0.5, tools: TOOLS, tool_choice: 'required' });
    const [name = ''] = Object.keys(body.placeholder_values ?? {});
    expect(body).toEqual({
      config: {
        modules: {
          prompt_templating: {
            prompt: { template: [{ role: 'user', content: `{{?${name}}}` }], tools: TOOLS },
            model: { name: 'gpt-4o', params: { max_tokens: 50, temperature: 0.5, tool_choice: 'required' } },
          },
        },
      },
      placeholder_values: { [name]: 'Hi' },
    });
  });

  test('asks for a stream in the configuration, and for its usage among the model’s parameters', () => {
    const body = sent({ stream: true });
    expect(body.config.stream).toEqual({ enabled: true });
    expect(modelOf(body)).toEqual({ name: 'gpt-4o', params: { stream_options: { include_usage: true } } });
  });

  test('says what form the answer has beside the messages', () => {
    const format = { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } };
    expect(promptOf(sent({ response_format: format })).response_format).toEqual(format);
  });

  test('may name a version of the model and further modules, and gives the model what it does not know', () => {
    const filtering = { input: { filters: [{ type: 'azure_content_safety' }] } };
    const body = sent({ model_version: '2024-08-06', filtering, safe_prompt: true });
    expect(modelOf(body)).toEqual({ name: 'gpt-4o', version: '2024-08-06', params: { safe_prompt: true } });
    expect(body.config.modules['filtering']).toEqual(filtering);
  });

  test('names the limit as the model knows it', () => {
    expect(modelOf(sent({ max_tokens: 5 }, {}, 'gpt-5-mini'))).toMatchObject({ params: { max_completion_tokens: 5 } });
    expect(modelOf(sent({ max_tokens: 5 }, {}, 'anthropic--claude-4.5-sonnet'))).toMatchObject({ params: { max_tokens: 5 } });
  });

  test('with what has no place is refused, or goes without', () => {
    expect(() => sent({ web_search_options: {} })).toThrow('web_search_options');
    expect(modelOf(sent({ web_search_options: {}, user: 'u', metadata: { a: 'b' } }, { drop: true }))).toEqual({ name: 'gpt-4o' });
  });

  test.each(['grounding', 'placeholder_values', 'messages_history'])('does not take %s, which would make a text a template', (name) => {
    expect(() => sent({ [name]: {} })).toThrow(`${name} needs placeholders`);
  });
});

describe('the messages', () => {
  const CONVERSATION = [
    { role: 'system', content: 'You know {{?secret}}.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Say {{?secret}}' },
        { type: 'image_url', image_url: { url: 'https://a.example/{{?x}}.png' } },
      ],
    },
    { role: 'assistant', content: null, tool_calls: CALLS },
    { role: 'tool', tool_call_id: 'c1', content: 'Found {{?secret}} {% raw %} {{ 7*7 }}' },
  ];

  test('are history but for the last, whose texts stand beside it', () => {
    const body = sent({ messages: CONVERSATION, tools: TOOLS });
    expect(body.messages_history).toEqual([CONVERSATION[0], CONVERSATION[1], { role: 'assistant', content: '', tool_calls: CALLS }]);
    expect(promptOf(body).template).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: expect.stringMatching(/^\{\{\?text_[0-9a-f]{24}_1\}\}$/) as string },
    ]);
    expect(Object.values(body.placeholder_values ?? {})).toEqual(['Found {{?secret}} {% raw %} {{ 7*7 }}']);
  });

  test('reach the model word by word, whatever their texts are', () => {
    const piece = fc.constantFrom('{{?', '}}', '{{?secret}}', 'text_', '1', '{%', '{#', '\\', '"', '\n', 'x', '{{?text_1}}');
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const content = fc.oneof(
      text,
      fc.array(
        text.map((one) => ({ type: 'text', text: one })),
        { minLength: 2, maxLength: 3 },
      ),
    );
    const message = fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), (messages) => {
        const body = sent({ messages });
        expect(promptOf(body).template).toHaveLength(1);
        expect(rendered(body)).toEqual(messages);
        const names = Object.keys(body.placeholder_values ?? {});
        const said = JSON.stringify([body.messages_history, Object.values(body.placeholder_values ?? {})]);
        for (const name of names) expect(said).not.toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  test('have addresses in which no placeholder stands', () => {
    const picture = { type: 'image_url', image_url: { url: 'https://a.example/{{?x}}.png' } };
    const [template] = promptOf(sent({ messages: [{ role: 'user', content: [picture, { type: 'text', text: 'What?' }] }] })).template;
    expect(template?.['content']).toMatchObject([{ image_url: { url: 'https://a.example/%7B%7B?x%7D%7D.png' } }, { type: 'text' }]);
  });

  test('bring back thoughts that were signed here, and no others', () => {
    const blocks = [
      { type: 'thinking', thinking: 'So', signature: 'sap:c2lnbmVk' },
      { type: 'thinking', thinking: 'No', signature: 'of-anthropic' },
    ];
    const messages = [...HI, { role: 'assistant', content: 'A', thinking_blocks: blocks }, ...HI];
    expect(sent({ messages }).messages_history?.[1]).toEqual({
      role: 'assistant',
      content: 'A',
      reasoning_content: [{ content: 'So', signature: 'c2lnbmVk' }],
    });
  });

  test('keep marks for the cache on their parts, and no names', () => {
    const messages = [
      { role: 'system', name: 's', content: 'Long', cache_control: { type: 'ephemeral' } },
      { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
    ];
    const body = sent({ messages });
    expect(body.messages_history).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Long', cache_control: { type: 'ephemeral' } }] },
    ]);
    expect(rendered(body)[1]).toEqual(messages[1]);
  });

  test('take no sound, and there must be one', () => {
    const sound = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    expect(() => sent({ messages: [{ role: 'user', content: [sound] }] })).toThrow('no audio');
    expect(() => sap.chat({ model: 'm', messages: [], stream: false, others: {}, extras: {} }, target('sap', 'm'))).toThrow('at least one');
  });
});

describe('embeddings', () => {
  const { request, response } = wireCase('sap/embeddings');
  const asked = (input: readonly string[] | readonly number[][]) =>
    sap.embeddings?.(
      { model: 'e', input, single: false, dimensions: 2, extras: { input_type: 'query' } },
      target('sap', 'text-embedding-3-small'),
    );

  test('are asked for and read as the documentation says', () => {
    const outward = asked(['a', 'b']);
    expect(outward?.path).toBe('/v2/embeddings');
    expect(outward?.body).toEqual(request);
    expect(outward?.answer(response)).toMatchObject({
      vectors: [
        [0.25, -0.5],
        [1, 2],
      ],
      usage: { inputTokens: 7, outputTokens: 0 },
    });
  });

  test('are of text alone, and an error is none', () => {
    expect(() => asked([[1, 2]])).toThrow('token lists');
    expect(() => asked(['a'])?.answer({ error: { code: 400, message: 'No such model' } })).toThrow('No such model');
    expect(() => asked(['a'])?.answer({})).toThrow('something other than a JSON object');
  });
});
