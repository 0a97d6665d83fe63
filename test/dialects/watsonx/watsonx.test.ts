import { describe, expect, test } from 'vitest';
import type { OutwardChat } from '../../../src/core/dialect.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { watsonx } from '../../../src/dialects/watsonx/index.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

const GRANITE = 'ibm/granite-4-h-small';
const HI = [{ role: 'user', content: 'Hi' }];

function chat(body: object = {}, model = GRANITE, drop = false): OutwardChat {
  return watsonx.chat(readChatRequest({ messages: HI, project_id: 'p-1', ...body }, 'granite'), target('watsonx', model, { drop }));
}

const sent = (outward: OutwardChat): unknown => JSON.parse(JSON.stringify(outward.body));

describe('a request', () => {
  test('names the model and the project as its documentation does', () => {
    expect(sent(chat({ max_tokens: 50 }))).toEqual(wireCase('watsonx/text').request);
    expect(chat().path).toBe('/ml/v1/text/chat');
  });

  test('asks for a stream by its path alone', () => {
    const outward = chat({ stream: true });
    expect(outward.path).toBe('/ml/v1/text/chat_stream');
    expect(sent(outward)).not.toHaveProperty('stream');
    expect(sent(outward)).not.toHaveProperty('stream_options');
  });

  test('may name a space in place of a project, and a project wins', () => {
    expect(sent(chat({ project_id: undefined, space_id: 's-1' }))).toMatchObject({ space_id: 's-1' });
    expect(sent(chat({ space_id: 's-1' }))).not.toHaveProperty('space_id');
  });

  test('to a deployment names neither model nor project', () => {
    const outward = chat({ space_id: 's-1' }, 'deployment/my-model', false);
    expect(outward.path).toBe('/ml/v1/deployments/my-model/text/chat');
    expect(sent(outward)).toEqual({ messages: HI });
  });

  test('says a word of tool choice under one name, and a tool under another', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    expect(sent(chat({ tools, tool_choice: 'required' }))).toMatchObject({ tool_choice_option: 'required', tools });
    expect(sent(chat({ tools, tool_choice: 'required' }))).not.toHaveProperty('tool_choice');
    const named = { type: 'function', function: { name: 'f' } };
    expect(sent(chat({ tools, tool_choice: named }))).toMatchObject({ tool_choice: named });
  });

  test('with what it does not take is refused, or goes without', () => {
    expect(() => chat({ parallel_tool_calls: false })).toThrow('parallel_tool_calls');
    expect(sent(chat({ parallel_tool_calls: false, time_limit: 1000 }, GRANITE, true))).toEqual({
      model_id: GRANITE,
      project_id: 'p-1',
      messages: HI,
      time_limit: 1000,
    });
  });
});

describe.each(['text', 'parallel-tools'])('an answer with %s', (name) => {
  const { response, stream } = wireCase(`watsonx/${name}`);

  test('reads the same whole and streamed', () => {
    expectFoldEquals(readStream([stream], 'sse', chat().reader()), chat().answer(response));
  });

  test('may be cut anywhere', () => {
    expectCutsChangeNothing(stream, 'sse', () => chat().reader());
  });
});

test('the answer’s usage is what it counted', () => {
  const { usage } = foldStream(readStream([wireCase('watsonx/text').stream], 'sse', chat().reader()));
  expect(usage).toMatchObject({ inputTokens: 21, outputTokens: 9 });
});

test('an error says what its first reason says', () => {
  const { response } = wireCase('watsonx/error-404');
  const { failure } = watsonx.error({ status: 404, headers: {}, body: JSON.stringify(response) });
  expect(failure).toMatchObject({ class: 'NotFoundError', status: 404, code: 'model_not_supported', fields: { trace: 'a1b2c3' } });
  expect(failure.message).toContain('is not supported');
  expect(watsonx.error({ status: 502, headers: {}, body: '<html>' }).failure.message).toContain('a page instead of JSON');
});

describe('embeddings', () => {
  const { request, response } = wireCase('watsonx/embeddings');
  const asked = (input: readonly string[]) =>
    watsonx.embeddings?.(
      { model: 'e', input, single: false, extras: { project_id: 'p-1' } },
      target('watsonx', 'ibm/slate-125m-english-rtrvr-v2'),
    );

  test('are asked for and read as the documentation says', () => {
    const outward = asked(['a', 'b']);
    expect(outward?.path).toBe('/ml/v1/text/embeddings');
    expect(JSON.parse(JSON.stringify(outward?.body))).toEqual(request);
    expect(outward?.answer(response)).toEqual({
      vectors: [
        [0.25, -0.5],
        [1, 2],
      ],
      usage: { inputTokens: 6, outputTokens: 0 },
    });
  });

  test('that are fewer than asked for are no answer', () => {
    expect(() => asked(['a', 'b', 'c'])?.answer(response)).toThrow('3 embeddings');
    expect(() => asked(['a'])?.answer({ results: [{ embedding: 'x' }] })).toThrow('1 embedding');
  });
});

describe('text to go on from', () => {
  const { request, response, stream } = wireCase('watsonx/generation');
  const chatOf = (body: object) => readChatRequest({ messages: HI, project_id: 'p-1', ...body }, 'granite');
  const complete = (body: object = {}, model = GRANITE, drop = false, suffix?: string): OutwardChat => {
    const outward = watsonx.completion?.(
      { prompt: 'Once upon', chat: chatOf(body), ...(suffix === undefined ? {} : { suffix }) },
      target('watsonx', model, { drop }),
    );
    if (!outward) throw new Error('no completions');
    return outward;
  };

  test('is asked for as the documentation says', () => {
    const outward = complete({ max_tokens: 20, temperature: 0.7, top_p: 0.9, seed: 7, stop: ['.'], min_new_tokens: 2 });
    expect(outward.path).toBe('/ml/v1/text/generation');
    expect(sent(outward)).toEqual(request);
    expect(complete({ stream: true }).path).toBe('/ml/v1/text/generation_stream');
  });

  test('of one’s own deployment names neither model nor project', () => {
    const outward = complete({}, 'deployment/d-1');
    expect(outward.path).toBe('/ml/v1/deployments/d-1/text/generation');
    expect(sent(outward)).toEqual({ input: 'Once upon', parameters: {} });
  });

  test('is sampled or not by its temperature, and what is said in its own words wins', () => {
    expect(sent(complete({ temperature: 0 }))).toMatchObject({ parameters: { decoding_method: 'greedy' } });
    const own = { temperature: 0.5, parameters: { decoding_method: 'greedy' }, moderations: { hap: { input: { enabled: true } } } };
    expect(sent(complete(own))).toMatchObject({
      parameters: { decoding_method: 'greedy', temperature: 0.5 },
      moderations: own.moderations,
    });
  });

  test('with what it does not take is refused, or goes without', () => {
    expect(() => complete({ n: 2 })).toThrow('n');
    expect(() => complete({}, GRANITE, false, 'the end')).toThrow('suffix');
    expect(sent(complete({ n: 2 }, GRANITE, true))).toEqual({
      model_id: GRANITE,
      project_id: 'p-1',
      input: 'Once upon',
      parameters: {},
    });
  });

  test('reads the same whole and streamed, and may be cut anywhere', () => {
    expectFoldEquals(readStream([stream], 'sse', complete().reader()), complete().answer(response));
    expectCutsChangeNothing(stream, 'sse', () => complete().reader());
    expect(complete().answer(response)).toMatchObject({
      choices: [{ parts: [{ text: ' a time in Zürich 🌍' }], finish: { reason: 'stop' } }],
      usage: { inputTokens: 3, outputTokens: 6 },
    });
  });

  test.each([
    ['max_tokens', 'length'],
    ['TOKEN_LIMIT', 'length'],
    ['time_limit', 'length'],
    ['eos_token', 'stop'],
  ])('that ended by %s ended by %s', (stop_reason, reason) => {
    const answer = complete().answer({ results: [{ generated_text: 'a', stop_reason }] });
    expect(answer.choices[0]?.finish.reason).toBe(reason);
    expect(answer.usage).toBeUndefined();
  });

  test('ends in the error that its stream tells, or in its being cut off', () => {
    const { stream: cut } = wireCase('watsonx/generation-cut');
    expect(() => readStream([cut], 'sse', complete().reader())).toThrow('Downstream vllm request failed');
    expect(() => readStream([stream.subarray(0, 700)], 'sse', complete().reader())).toThrow('closed the stream');
    expect(() => complete().answer({ results: [{ generated_text: 'a', stop_reason: 'error' }] })).toThrow('stopped with an error');
    expect(() => complete().answer({})).toThrow('holds no text');
  });
});
