import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/core/answer.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import type { NativePart } from '../../../src/core/parts.ts';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { expectCutsChangeNothing, expectFoldEquals } from '../laws.ts';
import { wireCase } from '../wire-case.ts';
import { asked, nameOf, readEvents, streamOf } from './asking.ts';

const BOTH = [
  'a2a/text',
  'a2a/newer-version',
  'a2a/message',
  'a2a/input-required',
  'dify/text',
  'langgraph/text',
  'langgraph/tools-inside',
  'langflow/text',
  'langflow/older-server',
];
const STREAMED = [...BOTH, 'dify/agent', 'dify/replaced', 'coze/text'];

const answerOf = (one: string): Answer => asked(nameOf(one)).answer(wireCase(one).response);
const folded = (one: string): Answer => foldStream(streamOf(one));
const said = ({ choices }: Answer, type: 'text' | 'reasoning' = 'text'): string =>
  (choices[0]?.parts ?? []).map((part) => (part.type === type ? part.text : '')).join('');
const beside = ({ choices }: Answer): object =>
  Object.assign(
    {},
    ...(choices[0]?.parts ?? []).filter((part): part is NativePart => part.type === 'native').map(({ raw }) => raw),
  ) as object;

test.each(BOTH)('%s: folding the stream gives the whole answer', (one) => {
  expectFoldEquals(streamOf(one), answerOf(one));
});

test.each(STREAMED)('%s: cutting the bytes anywhere changes nothing', (one) => {
  const outward = asked(nameOf(one));
  expectCutsChangeNothing(wireCase(one).stream, outward.framing, () => asked(nameOf(one)).reader());
});

describe('an A2A agent', () => {
  test('answers by artifacts, and its notes on the way are thoughts', () => {
    const answer = folded('a2a/text');
    expect(answer).toMatchObject({ id: 'task-7', choices: [{ finish: { reason: 'stop' } }] });
    expect(said(answer)).toBe('Light scatters — blue most 🌍.');
    expect(said(answer, 'reasoning')).toBe('Looking at the sky.\n');
    expect(beside(answer)).toEqual({ context_id: 'ctx-3', task_id: 'task-7' });
    expect(answer.usage).toBeUndefined();
  });

  test('may send pictures and data', () => {
    const answer = folded('a2a/newer-version');
    expect(answer.choices[0]?.parts).toContainEqual({
      type: 'media',
      kind: 'image',
      source: { type: 'data', data: 'iVBORw0KGgo=' },
      mediaType: 'image/png',
      filename: 'circle.png',
    });
    expect(beside(answer)).toMatchObject({ data: [{ radius: 3 }] });
  });

  test('that asks back has answered, and says why it stopped', () => {
    const answer = answerOf('a2a/input-required');
    expect(said(answer)).toBe('From where to where?');
    expect(answer.choices[0]?.finish).toEqual({ reason: 'stop', native: 'input-required' });
  });

  const result = (more: object): { data: object } => ({ data: { jsonrpc: '2.0', id: 1, result: more } });
  const status = (state: string, text = '', final = false): { data: object } =>
    result({ kind: 'status-update', taskId: 't', status: { state, message: { parts: [{ kind: 'text', text }] } }, final });
  const artifact = (artifactId: string, text: string, append = false): { data: object } =>
    result({ kind: 'artifact-update', taskId: 't', artifact: { artifactId, parts: [{ kind: 'text', text }] }, append });

  test('that says nothing but notes has answered by them, and data alone are told as JSON', () => {
    expect(said(foldStream(readEvents('a2a', status('working', 'One.'), status('working', 'Two.'), status('completed'))))).toBe(
      'One.\n\nTwo.',
    );
    const data = result({ kind: 'message', messageId: 'm', parts: [{ kind: 'data', data: { a: 1 } }] });
    expect(said(foldStream(readEvents('a2a', data)))).toBe('{"a":1}');
  });

  test('may repeat in its last state what an artifact said, and is heard once', () => {
    expect(said(foldStream(readEvents('a2a', artifact('a', 'Yes.'), status('completed', 'Yes.'))))).toBe('Yes.');
    expect(said(foldStream(readEvents('a2a', artifact('a', 'Yes.'), status('completed', 'Done.'))))).toBe('Yes.\n\nDone.');
  });

  test('may send an artifact again as far as it is written, and several are paragraphs', () => {
    const events = [artifact('a', 'It '), artifact('a', 'It rains'), artifact('a', '.', true), artifact('b', 'Bye.'), status('completed')];
    expect(said(foldStream(readEvents('a2a', ...events)))).toBe('It rains.\n\nBye.');
  });

  test('that says its last event is the end is believed', () => {
    expect(said(foldStream(readEvents('a2a', status('working', 'Hm.', true))))).toBe('Hm.');
  });

  test('that answers before the end of its task gave no answer, and is not asked again', () => {
    const early = { jsonrpc: '2.0', id: 1, result: { kind: 'task', id: 't', status: { state: 'working' } } };
    expect(() => asked('a2a').answer(early)).toThrow(expect.objectContaining({ status: 422, retryable: false }));
  });

  test('fails as its task does', () => {
    expect(() => answerOf('a2a/failed-task')).toThrow(expect.objectContaining({ status: 500, message: 'The weather service is away.' }));
    expect(() => streamOf('a2a/failed-task')).toThrow('The weather service is away.');
    expect(() => readEvents('a2a', status('rejected'))).toThrow(
      expect.objectContaining({ status: 400, message: 'The agent rejected the task.' }),
    );
    expect(() => readEvents('a2a', status('canceled'))).toThrow(ProviderError);
  });

  test.each([
    [-32602, 400],
    [-32601, 404],
    [-32603, 500],
    [-32001, 404],
    [-32042, 500],
  ])('refuses by code %i of JSON-RPC with status 200', (code, meant) => {
    const body = { jsonrpc: '2.0', id: 1, error: { code, message: 'No', data: 'parts is empty' } };
    expect(() => asked('a2a').answer(body)).toThrow(expect.objectContaining({ status: meant, message: 'No: parts is empty' }));
    expect(() => readEvents('a2a', { data: body })).toThrow(expect.objectContaining({ status: meant }));
  });

  test('without a stream says so, and what to do', () => {
    const body = { jsonrpc: '2.0', id: 1, error: { code: -32004, message: 'This operation is not supported' } };
    expect(() => asked('a2a').answer(body)).toThrow('set a2a_streaming: false');
  });

  test('that answers something else is malformed', () => {
    for (const odd of [{}, { result: 'x' }, { result: { kind: 'letter' } }, [], 'x'])
      expect(() => asked('a2a').answer(odd)).toThrow(MalformedAnswerError);
  });
});

describe('an app of Dify', () => {
  test('answers with its thoughts apart, what it was told to cost, and its sources beside', () => {
    const answer = folded('dify/text');
    expect(answer).toMatchObject({
      id: '9da23599-e713-473b-982c-4328d4f5c78a',
      created: 1_790_000_000,
      usage: { inputTokens: 33, outputTokens: 12, reportedCost: '0.000057' },
    });
    expect([said(answer, 'reasoning'), said(answer)]).toEqual(['Scattering.\n', 'Light scatters — blue most 🌍.']);
    expect(beside(answer)).toMatchObject({
      conversation_id: '45701982-8118-4bc5-8e9b-64562b4555f2',
      retriever_resources: [{ document_name: 'Light' }],
    });
  });

  test('may make pictures, and its tools are its own', () => {
    const answer = folded('dify/agent');
    expect(said(answer)).toBe('I draw. Here is your cat.');
    expect(answer.choices[0]?.parts).toContainEqual({
      type: 'media',
      kind: 'image',
      source: { type: 'url', url: 'https://upload.dify.ai/files/f-1/preview.png' },
    });
    expect(answer.choices[0]?.parts.some(({ type }) => type === 'tool_call')).toBe(false);
  });

  test('whose moderation steps in ends as filtered', () => {
    expect(said(folded('dify/replaced'))).toBe('Take the \n\nI cannot talk about that.');
    expect(folded('dify/replaced').choices[0]?.finish).toEqual({ reason: 'content_filter', native: 'message_replace' });
  });

  test('that fails in its stream fails with the status it names', () => {
    expect(() => streamOf('dify/error-in-stream')).toThrow(expect.objectContaining({ status: 400 }));
    expect(() => readEvents('dify', { data: { event: 'error', message: 'x' } })).toThrow(expect.objectContaining({ status: 500 }));
  });

  test('that counts in another currency, or oddly, tells no cost and no usage', () => {
    const end = (usage: object): Answer => foldStream(readEvents('dify', { data: { event: 'message_end', metadata: { usage } } }));
    expect(end({ prompt_tokens: 1, completion_tokens: 2, total_price: '3', currency: 'RMB' }).usage).not.toHaveProperty('reportedCost');
    expect(end({ prompt_tokens: -1, completion_tokens: 2 }).usage).toBeUndefined();
    expect(end({}).usage).toBeUndefined();
  });
});

describe('a graph', () => {
  test('answers with what its models said after the question, a paragraph each, and counts them together', () => {
    const answer = folded('langgraph/tools-inside');
    expect(said(answer)).toBe('I look.\n\nIt rains.');
    expect(said(answer, 'reasoning')).toBe('Wet.');
    expect(answer).toMatchObject({
      id: 'run--1',
      choices: [{ finish: { reason: 'length', native: 'max_tokens' } }],
      usage: { inputTokens: 110, outputTokens: 25 },
    });
    expect(folded('langgraph/text').usage).toEqual({ inputTokens: 26, outputTokens: 12, cacheReadTokens: 4 });
  });

  test('whose models do not all count has no usage', () => {
    const told = (id: string, usage_metadata?: object): object => ({ type: 'ai', id, content: 'x', usage_metadata });
    const counted = told('a', { input_tokens: 1, output_tokens: 1 });
    expect(asked('langgraph').answer({ messages: [{ type: 'human' }, counted, told('b')] }).usage).toBeUndefined();
    expect(asked('langgraph').answer({ messages: [{ type: 'human' }, counted] }).usage).toEqual({ inputTokens: 1, outputTokens: 1 });
  });

  test('that cleared its history is heard by its last message, and one without messages says nothing', () => {
    expect(
      said(
        asked('langgraph').answer({
          messages: [
            { type: 'ai', content: 'old' },
            { type: 'ai', content: 'new' },
          ],
        }),
      ),
    ).toBe('new');
    expect(said(asked('langgraph').answer({ topic: 'x' }))).toBe('');
  });

  test('that sends a message whole after its pieces says it once', () => {
    const piece = { event: 'messages', data: [{ type: 'AIMessageChunk', id: 'a', content: 'Hi' }, {}] };
    const whole = { event: 'messages', data: [{ type: 'ai', id: 'a', content: 'Hi' }, {}] };
    const other = { event: 'messages', data: [{ type: 'ai', id: 'b', content: 'there' }, {}] };
    expect(said(foldStream(readEvents('langgraph', piece, whole, other)))).toBe('Hi\n\nthere');
  });

  test('fails as an event or in its state', () => {
    expect(() => answerOf('langgraph/graph-error')).toThrow('ValueError: no such city');
    expect(() => streamOf('langgraph/graph-error')).toThrow('ValueError: no such city');
    expect(() => readEvents('langgraph', { event: 'error', data: null })).toThrow('did not say why');
  });
});

describe('a flow', () => {
  test('answers by its tokens and by what its outputs add', () => {
    const answer = folded('langflow/text');
    expect(said(answer)).toBe('Light scatters — blue most 🌍.');
    expect(answer.usage).toMatchObject({ inputTokens: 26, outputTokens: 12 });
    expect(beside(answer)).toEqual({ session_id: 'id-1' });
    expect(said(folded('langflow/older-server'))).toBe('Hello.');
    expect(folded('langflow/older-server').usage).toBeUndefined();
  });

  test('that fails in its stream says why', () => {
    expect(() => streamOf('langflow/error-in-stream')).toThrow('Error building Component OpenAI: no API key');
  });
});

describe('a bot of Coze', () => {
  test('answers apart from its calls, suggestions and marks', () => {
    const answer = folded('coze/text');
    expect(answer).toMatchObject({ id: 'chat-1', created: 1_790_000_000, usage: { inputTokens: 28, outputTokens: 12 } });
    expect([said(answer, 'reasoning'), said(answer)]).toEqual(['Scattering.', 'Light scatters — blue most 🌍.']);
    expect(beside(answer)).toEqual({ conversation_id: 'conv-1' });
  });

  test('may give several answers, in pieces or whole', () => {
    const message = (event: string, id: string, content: string) => ({
      event: `conversation.message.${event}`,
      data: { id, type: 'answer', content },
    });
    const end = { event: 'conversation.chat.completed', data: {} };
    const events = [message('delta', '1', 'One'), message('completed', '1', 'One.'), message('completed', '2', 'Two.'), end];
    expect(said(foldStream(readEvents('coze', ...events)))).toBe('One.\n\nTwo.');
  });

  test.each([
    [4100, 401],
    [4101, 403],
    [4013, 429],
    [4000, 400],
    [5000, 500],
    [700012006, 401],
  ])('refuses by code %i', (code, status) => {
    const body = { code, msg: 'no', detail: { logid: 'l' } };
    expect(() => asked('coze').answer(body)).toThrow(expect.objectContaining({ status, message: 'no' }));
    expect(() => readEvents('coze', { event: 'error', data: body })).toThrow(expect.objectContaining({ status }));
  });

  test('that fails, waits for a tool of its client, or sends no stream gave no answer', () => {
    expect(() => streamOf('coze/failed')).toThrow('model timed out');
    expect(() => readEvents('coze', { event: 'conversation.chat.requires_action', data: {} })).toThrow('waits for the result of a tool');
    expect(() => asked('coze').answer({ code: 0, data: { status: 'in_progress' } })).toThrow(MalformedAnswerError);
  });
});

test.each(['a2a/text', 'dify/text', 'langflow/text', 'coze/text'])('%s: a stream that breaks off is not finished', (one) => {
  const outward = asked(nameOf(one));
  const reader = outward.reader();
  expect(() => reader.end()).toThrow(TruncatedStreamError);
});

test('a graph’s stream that closes before anything was said is not finished either', () => {
  expect(() => readEvents('langgraph')).toThrow(TruncatedStreamError);
});
