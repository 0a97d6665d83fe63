import { describe, expect, test } from 'vitest';
import { InvalidRequestError, UnsupportedParamsError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import type { AgentDialect } from '../../../src/dialects/agents/index.ts';
import { wireCase } from '../wire-case.ts';
import { asked, bodyOf } from './asking.ts';

const QUESTION = { role: 'user', content: 'Why is the sky blue?' };
const BRIEF = [{ role: 'system', content: 'Be brief.' }, QUESTION];
const ALL: readonly AgentDialect[] = ['a2a', 'coze', 'dify', 'langflow', 'langgraph'];

test.each([
  ['a2a/text', {}],
  ['a2a/newer-version', { a2a_version: '1.0', messages: [{ role: 'user', content: 'Draw and tell.' }] }],
  ['dify/text', { user: 'ann' }],
  ['langgraph/text', { messages: BRIEF }],
  ['langflow/text', {}],
  ['coze/text', { messages: BRIEF, user: 'ann' }],
] as const)('the request of %s is said as documented', (one, body) => {
  expect(bodyOf(one.split('/', 1)[0] as AgentDialect, body)).toEqual(wireCase(one).request);
});

test.each([
  ['a2a', false, ''],
  ['langgraph', false, '/runs/wait'],
  ['langgraph', true, '/runs/stream'],
  ['dify', false, '/chat-messages'],
  ['langflow', false, '/api/v1/run/flow%201?stream=false'],
  ['langflow', true, '/api/v1/run/flow%201?stream=true'],
  ['coze', true, '/v3/chat'],
] as const)('%s is asked at its own path (stream: %s)', (name, stream, path) => {
  expect(asked(name, { stream }).path).toBe(path);
});

test('a stream of an A2A agent is another method, unless the agent has none', () => {
  expect(bodyOf('a2a', { stream: true })).toMatchObject({ method: 'message/stream' });
  expect(bodyOf('a2a', { stream: true, a2a_streaming: false })).toMatchObject({ method: 'message/send' });
  expect(bodyOf('a2a', { stream: true, a2a_version: '1.0' })).toMatchObject({ method: 'SendStreamingMessage' });
  expect(asked('a2a', { a2a_version: '1.0' }).headers).toEqual({ 'a2a-version': '1.0' });
  expect(asked('a2a', { stream: true }).headers).toEqual({ accept: 'text/event-stream' });
});

test('agents that know no whole answer are asked for a stream in any case', () => {
  expect(bodyOf('dify')).toMatchObject({ response_mode: 'streaming' });
  expect(bodyOf('coze')).toMatchObject({ stream: true });
  expect(asked('dify').streamsOnly).toBe(true);
  expect(asked('coze').streamsOnly).toBe(true);
});

describe('a conversation', () => {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather in Graz?' },
    {
      role: 'assistant',
      content: 'I look.',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Graz"}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'rain' },
    { role: 'assistant', content: 'It rains.' },
    { role: 'user', content: 'And in Wien?' },
  ];
  const transcript = [
    'Be brief.',
    'The conversation so far:',
    'User: Weather in Graz?',
    'Assistant: I look.',
    '(called get_weather with {"city":"Graz"})',
    'User: (get_weather answered: rain)',
    'Assistant: It rains.',
    'Now:',
    'And in Wien?',
  ].join('\n\n');

  test.each(['dify', 'langflow'] as const)('is told to %s as one text', (name) => {
    expect(bodyOf(name, { messages })[name === 'dify' ? 'query' : 'input_value']).toBe(transcript);
  });

  test('is told to an A2A agent as one message', () => {
    expect(bodyOf('a2a', { messages })).toMatchObject({ params: { message: { parts: [{ kind: 'text', text: transcript }] } } });
  });

  test('is told to Coze as turns of two sides', () => {
    expect(bodyOf('coze', { messages })['additional_messages']).toEqual([
      { role: 'user', type: 'question', content: 'Be brief.\n\nWeather in Graz?', content_type: 'text' },
      { role: 'assistant', type: 'answer', content: 'I look.\n\n(called get_weather with {"city":"Graz"})', content_type: 'text' },
      { role: 'user', type: 'question', content: '(get_weather answered: rain)', content_type: 'text' },
      { role: 'assistant', type: 'answer', content: 'It rains.', content_type: 'text' },
      { role: 'user', type: 'question', content: 'And in Wien?', content_type: 'text' },
    ]);
  });

  test('brings Coze its last hundred turns', () => {
    const long = Array.from({ length: 151 }, (_, at) => ({ role: at % 2 ? 'assistant' : 'user', content: String(at) }));
    const sent = bodyOf('coze', { messages: long })['additional_messages'] as JsonObject[];
    expect([sent.length, sent.at(-1)?.['content']]).toEqual([100, '150']);
  });

  test('is told to a graph whole, in OpenAI’s words', () => {
    expect(bodyOf('langgraph', { messages, input: { topic: 'rain' } })['input']).toEqual({ topic: 'rain', messages });
  });

  test('that ends with an answer asks to go on', () => {
    expect(bodyOf('dify', { messages: messages.slice(0, -1) })['query']).toMatch(/Assistant: It rains\.\n\nNow:\n\nGo on\.$/);
  });

  describe('that the other side keeps', () => {
    const NAMES: Readonly<Record<AgentDialect, string>> = { a2a: 'context_id', coze: 'conversation_id', dify: 'conversation_id', langflow: 'session_id', langgraph: 'thread_id' }; // prettier-ignore
    const sentFor = (name: AgentDialect, more: JsonObject): string => {
      const { path, body } = asked(name, { messages, ...more });
      return `${path} ${JSON.stringify(body)}`;
    };

    test.each(ALL)('gets what is new alone: %s', (name) => {
      const sent = sentFor(name, { [NAMES[name]]: 'kept/1' });
      expect(sent).toContain('And in Wien?');
      expect(sent).not.toContain('It rains');
      expect(sent).toMatch(/kept(\/|%2F)1/);
    });

    test.each(ALL)('may be named for all agents alike: %s', (name) => {
      const sent = sentFor(name, { [NAMES[name]]: 'kept/1' });
      expect(sentFor(name, { conversation: 'kept/1' })).toBe(sent);
      expect(sentFor(name, { conversation_id: 'kept/1' })).toBe(sent);
    });

    test('is a thread of the graph, a question of the conversation, a context of the agent', () => {
      expect(asked('langgraph', { thread_id: 't 1', stream: true }).path).toBe('/threads/t%201/runs/stream');
      expect(bodyOf('langgraph', { thread_id: 't 1' })).toMatchObject({ if_not_exists: 'create' });
      expect(asked('coze', { conversation_id: 'c1' }).path).toBe('/v3/chat?conversation_id=c1');
      expect(bodyOf('coze', { conversation_id: 'c1' })).not.toHaveProperty('auto_save_history');
      expect(bodyOf('dify', { conversation_id: 'c1' })).toMatchObject({ conversation_id: 'c1' });
      expect(bodyOf('langflow', { session_id: 's1' })).toMatchObject({ session_id: 's1' });
      expect(bodyOf('a2a', { context_id: 'x1', task_id: 't1' })).toMatchObject({ params: { message: { contextId: 'x1', taskId: 't1' } } });
    });

    test('of a graph that waits is resumed by a command, without an input', () => {
      const body = bodyOf('langgraph', { thread_id: 't1', command: { resume: true } });
      expect(body).toMatchObject({ command: { resume: true } });
      expect(body).not.toHaveProperty('input');
    });
  });
});

describe('a file', () => {
  const byUrl = { type: 'image_url', image_url: { url: 'https://example.org/cat.png' } };
  const byBytes = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
  const paper = { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' } };
  const with_ = (...parts: JsonObject[]): JsonObject => ({
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What?' }, ...parts] }],
  });

  test('goes to Dify and Coze by its address', () => {
    expect(
      bodyOf('dify', { ...with_(byUrl), files: [{ type: 'image', transfer_method: 'local_file', upload_file_id: 'u1' }] }),
    ).toMatchObject({
      query: 'What?',
      files: [{ upload_file_id: 'u1' }, { type: 'image', transfer_method: 'remote_url', url: 'https://example.org/cat.png' }],
    });
    const [message] = bodyOf('coze', with_(byUrl))['additional_messages'] as JsonObject[];
    expect(message).toMatchObject({ content_type: 'object_string' });
    expect(JSON.parse(String(message?.['content']))).toEqual([
      { type: 'text', text: 'What?' },
      { type: 'image', file_url: 'https://example.org/cat.png' },
    ]);
  });

  test('goes to an A2A agent either way, in the words of its version', () => {
    expect(bodyOf('a2a', with_(byUrl, paper))).toMatchObject({
      params: {
        message: {
          parts: [
            { kind: 'text', text: 'What?' },
            { kind: 'file', file: { uri: 'https://example.org/cat.png' } },
            { kind: 'file', file: { bytes: 'JVBERi0=', mimeType: 'application/pdf', name: 'a.pdf' } },
          ],
        },
      },
    });
    expect(bodyOf('a2a', { a2a_version: '1.0', ...with_(byUrl, paper) })).toMatchObject({
      params: {
        message: {
          parts: [
            { text: 'What?' },
            { url: 'https://example.org/cat.png' },
            { raw: 'JVBERi0=', mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
        },
      },
    });
  });

  test('goes to a graph as it came', () => {
    expect(bodyOf('langgraph', with_(byBytes))).toMatchObject({ input: { messages: [{ content: [{ text: 'What?' }, byBytes] }] } });
  });

  test('that an agent has no place for is refused, never left out', () => {
    expect(() => bodyOf('dify', with_(byBytes))).toThrow(InvalidRequestError);
    expect(() => bodyOf('coze', with_(byBytes))).toThrow('by their address alone');
    expect(() => bodyOf('langflow', with_(byUrl))).toThrow('Langflow takes text');
  });
});

describe('parameters of a model', () => {
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const schema = { type: 'json_schema', json_schema: { name: 'a', schema: {} } };

  test.each(ALL)('are refused by %s, or left out', (name) => {
    for (const more of [
      { tools },
      { temperature: 0 },
      { max_tokens: 5 },
      { response_format: schema },
      { n: 2 },
      { reasoning_effort: 'low' },
    ])
      expect(() => bodyOf(name, more)).toThrow(UnsupportedParamsError);
    const all = { tools, temperature: 0.5, max_tokens: 5, response_format: schema, stop: ['x'] };
    expect(bodyOf(name, all, { drop: true })).toEqual(bodyOf(name));
  });

  test.each(ALL)('without effect vanish without a word: %s', (name) => {
    const more = { n: 1, response_format: { type: 'text' }, parallel_tool_calls: true, store: false };
    expect(bodyOf(name, more)).toEqual(bodyOf(name));
  });

  test('that the owner wants sent are sent, and members of the provider’s own as well', () => {
    expect(bodyOf('dify', { temperature: 0.5, inputs: { tone: 'dry' }, workflow_id: 'w1' }, { allow: ['temperature'] })).toMatchObject({
      temperature: 0.5,
      inputs: { tone: 'dry' },
      workflow_id: 'w1',
    });
    expect(bodyOf('langgraph', { config: { recursion_limit: 5 } })).toMatchObject({ config: { recursion_limit: 5 } });
    expect(bodyOf('langflow', { tweaks: { a: 1 }, output_type: 'any' })).toMatchObject({
      tweaks: { a: 1 },
      output_type: 'any',
      input_type: 'chat',
    });
    expect(bodyOf('coze', { custom_variables: { a: 'b' }, auto_save_history: true })).toMatchObject({
      custom_variables: { a: 'b' },
      auto_save_history: true,
    });
    expect(bodyOf('a2a', { tenant: 'x' })).toMatchObject({ params: { metadata: { tenant: 'x' } } });
  });

  test('cannot take the place of what the dialect writes', () => {
    expect(bodyOf('dify', { query: 'other', response_mode: 'blocking' })).toMatchObject({
      query: QUESTION.content,
      response_mode: 'streaming',
    });
    expect(bodyOf('langgraph', { assistant_id: 'other' })).toMatchObject({ assistant_id: 'agent' });
    expect(bodyOf('coze', { bot_id: 'other', stream: false })).toMatchObject({ bot_id: 'bot-1', stream: true });
    expect(bodyOf('langflow', { input_value: 'other' })).toMatchObject({ input_value: QUESTION.content });
  });
});

test('every call of a flow has a session of its own unless the client names one', () => {
  expect(bodyOf('langflow')['session_id']).toBe('id-1');
});
