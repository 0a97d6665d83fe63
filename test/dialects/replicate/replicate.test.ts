import { describe, expect, test } from 'vitest';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { replicate } from '../../../src/dialects/replicate/index.ts';
import { placeOf } from '../../../src/dialects/replicate/place.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';
import { chat, HI, input, LLAMA } from './asking.ts';

const VERSION = '5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa';
const LONG = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'One' },
  { role: 'assistant', content: 'Two' },
  { role: 'user', content: 'Three' },
];

describe('a model', () => {
  test.each([
    ['meta/meta-llama-3-70b-instruct', '/models/meta/meta-llama-3-70b-instruct/predictions', {}],
    [`owner/name:${VERSION}`, '/predictions', { version: VERSION }],
    [VERSION, '/predictions', { version: VERSION }],
    ['deployments/owner/my-model', '/deployments/owner/my-model/predictions', {}],
  ])('%s has its own place', (model, path, members) => {
    expect(placeOf(model)).toEqual({ path, members });
  });

  test.each(['llama', 'a/b/c', '../trainings', 'a/..', 'a/b:short', `a/b:${VERSION.toUpperCase()}`, 'a/b?c', 'a/b#c', 'a/b\\..'])(
    '%s is none',
    (model) => {
      expect(() => placeOf(model)).toThrow('is no model of Replicate');
    },
  );
});

describe('a request', () => {
  test('is the one of the documentation, and waits for a quick answer', () => {
    const outward = chat({ max_tokens: 50 });
    expect(outward.body).toEqual(wireCase('replicate/text').request);
    expect(outward.headers).toEqual({ prefer: 'wait=60' });
  });

  test('for a stream says so in the body and waits for nothing', () => {
    const { body, headers } = chat({ stream: true });
    expect([body, headers]).toEqual([{ input: { prompt: 'Hi' }, stream: true }, {}]);
  });

  test('of several turns stands between the marks of the model’s own template', () => {
    expect(input({ messages: LONG })).toEqual({
      prompt:
        'One<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nTwo<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nThree',
      system_prompt: 'Be brief.',
    });
    expect(input({ messages: LONG }, 'mistralai/mixtral-8x7b-instruct-v0.1')).toEqual({
      prompt: 'Be brief.\n\nOne [/INST] Two </s><s>[INST] Three',
    });
    expect(input({ messages: LONG }, 'somebody/new-model')).toEqual({
      prompt: 'User: One\n\nAssistant: Two\n\nUser: Three\n\nAssistant:',
      system_prompt: 'Be brief.',
    });
  });

  test('of several turns is a list where the model takes one, and a prompt where one turn is all', () => {
    expect(input({ messages: LONG, max_tokens: 9, reasoning_effort: 'low' }, 'openai/gpt-5')).toEqual({
      messages: LONG,
      max_completion_tokens: 9,
      reasoning_effort: 'low',
    });
    expect(input({ messages: LONG.slice(0, 2) }, 'openai/gpt-4o')).toEqual({ prompt: 'One', system_prompt: 'Be brief.' });
  });

  test('calls parameters as the model does', () => {
    const asked = { max_tokens: 60, temperature: 0.2, top_p: 0.5, top_k: 3, seed: 1, stop: ['END', '<x>'] };
    expect(input(asked)).toEqual({
      prompt: 'Hi',
      max_tokens: 60,
      temperature: 0.2,
      top_p: 0.5,
      top_k: 3,
      seed: 1,
      stop_sequences: 'END,<x>',
    });
    expect(input({ max_tokens: 60, seed: 1 }, 'meta/llama-2-70b-chat')).toEqual({ prompt: 'Hi', max_new_tokens: 60, seed: 1 });
    expect(input({ max_tokens: 60 }, 'anthropic/claude-4-sonnet')).toEqual({ prompt: 'Hi', max_tokens: 1024 });
    const gemini = { messages: LONG.slice(0, 2), max_tokens: 60, temperature: 1 };
    expect(input(gemini, 'google/gemini-2.5-flash')).toEqual({
      prompt: 'One',
      system_instruction: 'Be brief.',
      max_output_tokens: 60,
      temperature: 1,
    });
  });

  test('carries inputs that only the model knows', () => {
    expect(input({ prompt_template: '{prompt}', min_tokens: 3 })).toEqual({ prompt: 'Hi', prompt_template: '{prompt}', min_tokens: 3 });
  });

  test('takes images as the model does', () => {
    const url = 'https://example.org/cat.png';
    const seen = (count: number): object => ({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'What?' }, ...Array.from({ length: count }, () => ({ type: 'image_url', image_url: { url } }))] }],
    }); // prettier-ignore
    expect(input(seen(1), 'yorickvp/llava-13b')).toEqual({ prompt: 'What?', image: url });
    expect(input(seen(2), 'openai/gpt-4o')).toEqual({ prompt: 'What?', image_input: [url, url] });
    expect(() => input(seen(2), 'anthropic/claude-4-sonnet')).toThrow('takes one image');
    const file = { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' } };
    expect(() => input({ messages: [{ role: 'user', content: [file] }] })).toThrow('take text and images');
  });

  test('with what no model takes is refused, or goes without', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    expect(() => chat({ tools, n: 2 })).toThrow('["tools","n"]');
    expect(input({ tools, n: 2, logprobs: true }, LLAMA, true)).toEqual({ prompt: 'Hi' });
    expect(() => chat({ stop: ['a,b'] })).toThrow('["stop"]');
    expect(input({ stop: ['a,b', 'c'] }, LLAMA, true)).toEqual({ prompt: 'Hi', stop_sequences: 'c' });
    expect(() => chat({ temperature: 1 }, 'anthropic/claude-4-sonnet')).toThrow('["temperature"]');
  });

  test('tells calls of tools that came before in words', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Graz"}' } };
    const messages = [
      ...HI,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', name: 'weather', content: 'rain' },
    ];
    expect(input({ messages }, 'somebody/new-model')).toEqual({
      prompt: 'User: Hi\n\nAssistant: Called weather with {"city":"Graz"}\n\nUser: Result of weather: rain\n\nAssistant:',
    });
  });

  test('for JSON asks for it in words', () => {
    const asked = input({
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', title: 'wanted' } } },
    });
    expect(asked).toMatchObject({ prompt: 'Hi', system_prompt: expect.stringContaining('"title":"wanted"') });
  });

  test('to go on from a text sends it as it is', () => {
    const completed = replicate.completion?.(
      { prompt: 'Once upon', chat: readChatRequest({ messages: HI, max_tokens: 5 }, 'group') },
      target('replicate', 'meta/meta-llama-3-8b'),
    );
    expect(completed?.body).toEqual({ input: { prompt: 'Once upon', max_tokens: 5 } });
    const filled = { prompt: 'a', suffix: 'b', chat: readChatRequest({ messages: HI }, 'group') };
    expect(() => replicate.completion?.(filled, target('replicate', LLAMA))).toThrow('["suffix"]');
  });
});

/** What the stream of a case says, with what its prediction says at the end. */
function streamOf(name: string): Buffer {
  const { stream, response } = wireCase(`replicate/${name}`);
  return Buffer.concat([stream, Buffer.from(`event: job\ndata: ${JSON.stringify(response)}\n\n`)]);
}

describe.each(['text', 'thoughts'])('an answer with %s', (name) => {
  const { response } = wireCase(`replicate/${name}`);

  test('reads the same whole and streamed', () => {
    const outward = chat({ stream: true });
    outward.job?.next({ status: 201, headers: {}, told: () => ({ ...(response as object), status: 'starting', output: null }) }, 0);
    expectFoldEquals(readStream([streamOf(name)], 'sse', outward.reader()), outward.answer(response));
  });

  test('may be cut anywhere', () => {
    expectCutsChangeNothing(streamOf(name), 'sse', () => chat().reader());
  });
});

describe('an answer', () => {
  const { response, stream } = wireCase('replicate/text');

  test('tells its text, its id and what it used', () => {
    const answer = chat().answer(response);
    expect(answer).toMatchObject({
      id: 'gm3qorzdhgbfurvjtvhg6dckhu',
      created: 1_790_000_000,
      choices: [{ parts: [{ type: 'text', text: 'Grüße aus\n\nZürich! 🌍' }], finish: { reason: 'stop' } }],
      usage: { inputTokens: 11, outputTokens: 7 },
    });
  });

  test('parts thoughts from what is said, but not in a completion', () => {
    const { response: thought } = wireCase('replicate/thoughts');
    expect(chat().answer(thought).choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'The user says hi.\n' },
      { type: 'text', text: 'Hello!' },
    ]);
    const completed = replicate.completion?.({ prompt: 'a', chat: readChatRequest({ messages: HI }, 'g') }, target('replicate', LLAMA));
    expect(completed?.answer(thought).choices[0]?.parts).toMatchObject([{ text: expect.stringMatching(/^<think>/) }]);
  });

  test('as long as was allowed was cut', () => {
    expect(chat({ max_tokens: 7 }).answer(response).choices[0]?.finish).toEqual({ reason: 'length' });
    expect(chat({ max_tokens: 8 }).answer(response).choices[0]?.finish).toEqual({ reason: 'stop' });
  });

  test('may be one text, nothing, or anything', () => {
    const said = (output: unknown): unknown => chat().answer({ status: 'succeeded', output }).choices[0]?.parts;
    expect(said('Hello')).toEqual([{ type: 'text', text: 'Hello' }]);
    expect(said(null)).toEqual([]);
    expect(said({ answer: 1 })).toEqual([{ type: 'text', text: '{"answer":1}' }]);
  });

  test('whose counts can be none is counted here', () => {
    const odd = { status: 'succeeded', output: 'a', metrics: { input_token_count: -1, output_token_count: 3 } };
    expect(chat().answer(odd)).not.toHaveProperty('usage');
    expect(chat().answer({ ...odd, metrics: { token_input_count: 2, token_output_count: 3 } }).usage).toMatchObject({ inputTokens: 2 });
  });

  test('whose stream says nothing of its usage waits for it, and does without', () => {
    const reader = chat().reader();
    const events = stream
      .toString()
      .split('\n\n')
      .filter((event) => event.startsWith('event'));
    const parts = events.flatMap((event) => {
      const [, name = '', data = ''] = /^event: (\w+)\n[^]*?data: ([^]*)$/.exec(event) ?? [];
      return reader.push({ event: name, data: data.replaceAll('\ndata: ', '\n') });
    });
    expect([reader.finished, reader.unsettled]).toEqual([false, true]);
    const late = reader.end();
    expect(late).toEqual([{ type: 'finish', finish: { reason: 'stop' } }]);
    expect(foldStream([...parts, ...late]).usage).toBeUndefined();
  });

  test('that breaks off is no answer', () => {
    expect(() => readStream([stream.subarray(0, 90)], 'sse', chat().reader())).toThrow('before the answer was finished');
  });
});

describe('a failure', () => {
  test('of a prediction has the class that its words mean', () => {
    const failure = (name: string): unknown => {
      try {
        return chat().answer(wireCase(`replicate/${name}`).response);
      } catch (error) {
        return error;
      }
    };
    expect(failure('failed')).toMatchObject({
      status: 500,
      failure: { class: 'InternalServerError', message: expect.stringContaining('CUDA') },
    });
    expect(failure('flagged')).toMatchObject({
      status: 400,
      failure: { class: 'ContentPolicyViolationError', code: 'content_policy_violation' },
    });
  });

  test.each([
    ['Prompt is too long: exceeds the maximum context length', 400, 'ContextWindowExceededError'],
    ['The input was invalid. (E006)', 400, 'BadRequestError'],
    ['Service is currently unavailable due to high demand. (E003)', 503, 'ServiceUnavailableError'],
    ['NSFW content detected. Try running it again.', 400, 'ContentPolicyViolationError'],
    ['something broke', 500, 'InternalServerError'],
  ])('in a stream that says %s is %i', (detail, status, kind) => {
    const read = (): unknown => readStream([`event: error\ndata: ${JSON.stringify({ detail })}\n\n`], 'sse', chat().reader());
    expect(read).toThrow(expect.objectContaining({ status, failure: expect.objectContaining({ class: kind }) }));
  });

  test('at the end of a stream is told by its reason', () => {
    const read = (data: string) => (): unknown =>
      readStream([`event: output\ndata: a\n\nevent: done\ndata: ${data}\n\n`], 'sse', chat().reader());
    expect(read('{"reason":"canceled"}')).toThrow('ended the prediction: canceled');
    expect(read('{"reason":"error"}')).toThrow('ended the prediction: error');
  });

  test('of the request says what its detail says, and when to come again', () => {
    const { response } = wireCase('replicate/error-401');
    const read = (status: number, body: unknown): unknown => replicate.error({ status, headers: {}, body: JSON.stringify(body) }).failure;
    expect(read(401, response)).toMatchObject({ class: 'AuthenticationError', message: 'You did not pass a valid authentication token' });
    expect(read(429, { detail: 'Request was throttled.', status: 429, retry_after: 5 })).toMatchObject({
      class: 'RateLimitError',
      retryAfterMs: 5000,
    });
    expect(read(422, { title: 'Input validation failed', detail: '- input: prompt is required', status: 422 })).toMatchObject({
      status: 422,
    });
  });
});
