import { describe, expect, test } from 'vitest';
import type { OutwardChat, Target } from '../../../src/core/dialect.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import type { JsonObject } from '../../../src/core/json-object.ts';
import { TruncatedStreamError, type ProviderError } from '../../../src/core/provider-error.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { prompted } from '../../../src/dialects/prompted/index.ts';
import { WIRES } from '../../../src/dialects/prompted/wires.ts';
import { exception, payloadParts } from '../../support/aws-frames.ts';
import { canonical, expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { target } from '../targets.ts';
import { wireCase } from '../wire-case.ts';

const HI = [{ role: 'user', content: 'Hi' }];
const TEXT = 'Grüße aus Zürich! 🌍';

function on(wire: string, model = 'm', drop = false): Target {
  return { ...target(wire, model, { drop }), wire };
}

function chat(wire: string, body: JsonObject = {}, model = 'm', drop = false): OutwardChat {
  return prompted.chat(readChatRequest({ messages: HI, ...body }, 'group'), on(wire, model, drop));
}

function completion(wire: string, prompt: string, body: JsonObject = {}, drop = false): OutwardChat {
  const { suffix, ...params } = body;
  const request = readChatRequest({ messages: [{ role: 'user', content: prompt }], ...params }, 'group');
  const asked = prompted.completion?.({ prompt, chat: request, ...(typeof suffix === 'string' ? { suffix } : {}) }, on(wire, 'm', drop));
  if (!asked) throw new Error('no completion');
  return asked;
}

const sent = (outward: OutwardChat): JsonObject => JSON.parse(JSON.stringify(outward.body)) as JsonObject;
const said = (outward: OutwardChat, answer: unknown): string =>
  outward.answer(answer).choices.flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : ''))).join(''); // prettier-ignore

/** What each is asked besides, and where. */
const ASKED: Readonly<Record<string, { readonly path: string; readonly streamed: string; readonly body?: JsonObject; readonly model?: string }>> = {
  tgi: { path: '', streamed: '' },
  sagemaker: { path: '/endpoints/my-endpoint/invocations', streamed: '/endpoints/my-endpoint/invocations-response-stream', model: 'my-endpoint' },
  sagemaker_chat: { path: '/endpoints/my-endpoint/invocations', streamed: '/endpoints/my-endpoint/invocations-response-stream', model: 'my-endpoint' },
  sagemaker_nova: { path: '/endpoints/nova/invocations', streamed: '/endpoints/nova/invocations-response-stream', model: 'nova', body: { top_k: 5 } },
  predibase: { path: '/v1/chat/completions', streamed: '/v1/chat/completions', body: { adapter_id: 'my-adapter/1' } },
  triton: { path: '/generate', streamed: '/generate_stream' },
  triton_infer: { path: '/infer', streamed: '/infer', body: { temperature: 0.5 } },
  nlp_cloud: { path: '/custom/llama-3/generation', streamed: '/custom/llama-3/generation', model: 'custom/llama-3' },
  aleph_alpha: { path: '/chat/completions', streamed: '/chat/completions', model: 'llama-3.1-8b-instruct' },
  bytez: { path: '/google/gemma-3-4b', streamed: '/google/gemma-3-4b', model: 'google/gemma-3-4b' },
}; // prettier-ignore

test('every wire is asked here', () => {
  expect(Object.keys(ASKED).toSorted()).toEqual(Object.keys(WIRES).toSorted());
});

describe.each(Object.entries(ASKED))('%s', (wire, { path, streamed, body, model }) => {
  const { request, response, stream } = wireCase(`${wire}/text`);
  // The family's template would be another; this is about the wire.
  const asked = (more: JsonObject = {}): OutwardChat => chat(wire, { max_tokens: 50, hf_model_name: 'unknown', ...body, ...more }, model);

  test('is asked as its documentation says', () => {
    const outward = asked();
    const { hf_model_name: _, ...rest } = sent(outward);
    expect([outward.path, rest]).toEqual([path, request]);
    expect(asked({ stream: true }).path).toBe(streamed);
  });

  test('is read', () => {
    expect(said(asked(), response)).toBe(TEXT);
  });

  test.runIf(stream.length > 0)('reads the same whole and streamed, wherever the stream is cut', () => {
    const outward = asked({ stream: true });
    const parts = readStream([stream], outward.framing, outward.reader());
    expectFoldEquals(parts, canonical({ ...outward.answer(response), ...withoutUsageUnlessTold(parts) }));
    if (outward.framing !== 'text') expectCutsChangeNothing(stream, outward.framing, () => asked({ stream: true }).reader());
    const single = Array.from(stream, (_, i) => stream.subarray(i, i + 1));
    expect(foldStream(readStream(single, outward.framing, outward.reader()))).toEqual(foldStream(parts));
  });
});

/** Triton's streams and plain texts tell no counts that the answer could be compared with. */
function withoutUsageUnlessTold(parts: ReturnType<typeof readStream>): object {
  return parts.some(({ type }) => type === 'usage') ? {} : { usage: undefined };
}

describe('Text Generation Inference', () => {
  test('says what was used, and how it ended', () => {
    expect(chat('tgi').answer(wireCase('tgi/text').response)).toMatchObject({
      usage: { inputTokens: 9, outputTokens: 5 },
      choices: [{ finish: { reason: 'stop', native: 'eos_token' } }],
    });
    const cut = wireCase('tgi/length');
    const outward = chat('tgi', { stream: true });
    for (const answer of [outward.answer(cut.response), foldStream(readStream([cut.stream], 'sse', outward.reader()))]) {
      expect(answer.choices[0]).toMatchObject({ parts: [{ text: 'One two' }], finish: { reason: 'length' } });
      // Half a count is none: it is counted here.
      expect(answer).not.toHaveProperty('usage');
    }
  });

  test('repeats the sequence that stopped it, which is cut off', () => {
    const { response, stream } = wireCase('tgi/stop-sequence');
    const outward = chat('tgi', { stream: true });
    expect(said(outward, response)).toBe('Yes.');
    const parts = readStream([stream], 'sse', outward.reader());
    expect(foldStream(parts)).toMatchObject({
      choices: [{ parts: [{ text: 'Yes.' }], finish: { reason: 'stop', native: 'stop_sequence' } }],
      usage: { inputTokens: 9, outputTokens: 4 },
    });
  });

  test('takes no temperature of 0 and no top_p of 1', () => {
    const { parameters } = sent(chat('tgi', { temperature: 0, top_p: 1, top_k: 3, seed: 7 })) as { parameters: JsonObject };
    expect(parameters).toMatchObject({ temperature: 0.01, top_k: 3, seed: 7 });
    expect(parameters).not.toHaveProperty('top_p');
    expect(sent(chat('sagemaker', { temperature: 0, aws_sagemaker_allow_zero_temp: true }))['parameters']).toMatchObject({
      temperature: 0,
    });
  });

  test('gets its own parameters where they belong, and they win', () => {
    const { parameters, ...rest } = sent(
      chat('tgi', { max_tokens: 5, repetition_penalty: 1.1, parameters: { max_new_tokens: 9, details: false } }),
    );
    expect(parameters).toMatchObject({ repetition_penalty: 1.1, max_new_tokens: 9, details: false });
    expect(rest).toEqual({ inputs: 'User: Hi\nAssistant:', stream: false });
  });

  test('is told four stop sequences, and stops at all of them', () => {
    const outward = completion('tgi', 'a', { stop: ['1', '2', '3', '4'] });
    expect((sent(outward)['parameters'] as JsonObject)['stop']).toEqual(['1', '2', '3', '4']);
    const talk = chat('tgi', { stop: ['1', '2', '3', '4'] });
    expect((sent(talk)['parameters'] as JsonObject)['stop']).toEqual(['1', '2', '3', '4']);
    expect(said(talk, { generated_text: ' ok\nUser: and 4' })).toBe('ok');
  });

  test('streams an error as what it is, also at once', () => {
    const late = wireCase('tgi/error-in-stream').stream;
    const early = wireCase('tgi/error-at-once').stream;
    expect(() => readStream([late], 'sse', chat('tgi', { stream: true }).reader())).toThrow('CUDA out of memory');
    expect(() => readStream([early], 'sse', chat('tgi', { stream: true }).reader())).toThrow(expect.objectContaining({ failure: expect.objectContaining({ status: 429, class: 'RateLimitError' }) })); // prettier-ignore
  });

  test('that breaks off did not finish', () => {
    const { stream } = wireCase('tgi/text');
    const half = stream.subarray(0, stream.indexOf('\n\n') + 2);
    expect(() => readStream([half], 'sse', chat('tgi', { stream: true }).reader())).toThrow(TruncatedStreamError);
    expect(() => readStream([], 'sse', chat('tgi', { stream: true }).reader())).toThrow(TruncatedStreamError);
  });

  test('with neither text nor error is no answer', () => {
    for (const answer of [{}, [], [{ generated_text: 5 }], 'text', null]) expect(() => chat('tgi').answer(answer)).toThrow('no text');
  });
});

describe('a prompt', () => {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: [{ type: 'text', text: 'Who' }, { type: 'text', text: 'are you?' }] },
  ]; // prettier-ignore
  const promptOf = (body: JsonObject, model = 'm', drop = false): unknown => sent(chat('tgi', body, model, drop))['inputs'];

  test('reads like a conversation where nothing is known of the model', () => {
    expect(promptOf({ messages })).toBe('Be brief.\n\nUser: Hi\nAssistant: Hello.\nUser: Who\n\nare you?\nAssistant:');
  });

  test.each([
    ['meta-llama/Llama-3.1-8B-Instruct', '<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWho\n\nare you?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n'],
    ['meta-llama/Llama-2-7b-chat-hf', '[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello. </s><s>[INST] Who\n\nare you? [/INST]'],
    ['mistralai/Mistral-7B-Instruct-v0.3', '[INST] Be brief.\n\nHi [/INST] Hello.</s>[INST] Who\n\nare you? [/INST]'],
    ['google/gemma-2-9b-it', '<start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n<start_of_turn>user\nWho\n\nare you?<end_of_turn>\n<start_of_turn>model\n'],
    ['Qwen/Qwen2.5-7B-Instruct', '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\nWho\n\nare you?<|im_end|>\n<|im_start|>assistant\n'],
  ])('is what %s was taught', (model, prompt) => {
    expect(promptOf({ messages }, model)).toBe(prompt);
    expect(promptOf({ messages, hf_model_name: model }, 'jumpstart-endpoint-1')).toBe(prompt);
  }); // prettier-ignore

  test('is what the deployment says, in the words of LiteLLM’s configuration', () => {
    const roles = { system: { pre_message: '<S>', post_message: '</S>' }, user: { pre_message: '<U>', post_message: '</U>' }, assistant: { pre_message: '<A>', post_message: '</A>' } }; // prettier-ignore
    const body = { messages, roles, initial_prompt_value: '^', final_prompt_value: '<A>' };
    expect(promptOf(body)).toBe('^<S>Be brief.</S><U>Hi</U><A>Hello.</A><U>Who\n\nare you?</U><A>');
    expect(Object.keys(sent(chat('tgi', body))['parameters'] as JsonObject).toSorted()).toEqual(['details', 'return_full_text']);
  });

  test('goes on from what the assistant began', () => {
    const begun = [...messages, { role: 'assistant', content: 'I am ' }];
    expect(promptOf({ messages: begun })).toMatch(/\nAssistant: I am$/);
    expect(promptOf({ messages: begun }, 'Qwen/Qwen3-8B')).toMatch(/<\|im_start\|>assistant\nI am$/);
  });

  test('of a system alone is a user’s where the model knows no system', () => {
    expect(promptOf({ messages: [{ role: 'system', content: 'Write.' }] }, 'google/gemma-2-9b-it')).toBe('<start_of_turn>user\nWrite.<end_of_turn>\n<start_of_turn>model\n'); // prettier-ignore
  });

  test('cannot say tools, pictures and schemas: it is refused, naming them', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const called = [
      ...HI,
      { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content: 'rain' },
    ];
    const picture = [{ role: 'user', content: [{ type: 'text', text: 'See' }, { type: 'image_url', image_url: { url: 'https://x/y.png' } }] }]; // prettier-ignore
    const schema = { type: 'json_schema', json_schema: { name: 'a', schema: {} } };
    expect(() => promptOf({ tools })).toThrow('"tools"');
    expect(() => promptOf({ messages: called })).toThrow('"tools"');
    expect(() => promptOf({ messages: picture })).toThrow('asked by text alone');
    expect(() => promptOf({ response_format: schema, n: 2 })).toThrow(/"response_format".*"n"|"n".*"response_format"/);
    expect(promptOf({ tools, response_format: schema, n: 2, messages: picture }, 'm', true)).toBe('User: See\nAssistant:');
    expect(promptOf({ messages: called }, 'm', true)).toBe('User: Hi\n\nrain\nAssistant:');
  });

  test('takes what asks for nothing', () => {
    expect(promptOf({ n: 1, tools: [], response_format: { type: 'text' }, user: 'u', logprobs: false })).toBe('User: Hi\nAssistant:');
  });
});

describe('text to go on from', () => {
  test('is sent as it is, and nothing is cut from its continuation', () => {
    const outward = completion('tgi', 'Once upon', { max_tokens: 5 });
    expect(sent(outward)).toMatchObject({ inputs: 'Once upon', parameters: { max_new_tokens: 5 } });
    expect(sent(outward)['parameters']).not.toHaveProperty('stop');
    expect(said(outward, { generated_text: ' a time\nUser: x' })).toBe(' a time\nUser: x');
  });

  test('is taken away where the answer begins with it, unless it is so short that it may be said by chance', () => {
    const long = 'There was once a mouse in Graz';
    expect(said(completion('sagemaker', long), [{ generated_text: `${long} and one in Vienna` }])).toBe(' and one in Vienna');
    expect(said(completion('sagemaker', 'ha'), [{ generated_text: 'ha ha' }])).toBe('ha ha');
  });

  test('has no end that is given', () => {
    expect(() => completion('tgi', 'a', { suffix: 'z' })).toThrow('"suffix"');
    expect(sent(completion('tgi', 'a', { suffix: 'z' }, true))['parameters']).not.toHaveProperty('suffix');
  });

  test('goes to the paths of completions where conversations have others', () => {
    const aleph = completion('aleph_alpha', 'An apple a day', { max_tokens: 50, stop: '\n' });
    const { request, response } = wireCase('aleph_alpha/complete');
    expect([aleph.path, sent(aleph)]).toEqual(['/complete', { ...request, model: 'm' }]);
    expect(aleph.answer(response)).toMatchObject({
      choices: [{ parts: [{ text: ' keeps the doctor away' }], finish: { reason: 'length', native: 'maximum_tokens' } }],
      usage: { inputTokens: 4, outputTokens: 5 },
    });
    const predibase = completion('predibase', 'a', { adapter_id: 'my/1', stream: true });
    expect([predibase.path, sent(predibase)]).toEqual(['/generate_stream', { inputs: 'a', parameters: { return_full_text: false, details: true, adapter_id: 'my/1' } }]); // prettier-ignore
    expect(sent(completion('bytez', 'a', { max_tokens: 3 }))).toEqual({ text: 'a', params: { max_new_tokens: 3 }, stream: false });
    expect(completion('sagemaker_chat', 'a').body).toMatchObject({ messages: [{ role: 'user', content: 'a' }] });
  });
});

describe('SageMaker', () => {
  const read = (bytes: Buffer, wire = 'sagemaker'): unknown => {
    const outward = chat(wire, { stream: true });
    return foldStream(readStream([bytes], outward.framing, outward.reader()));
  };

  test('takes the prompt away that its containers repeat', () => {
    expect(said(chat('sagemaker'), wireCase('sagemaker/text').response)).toBe(TEXT);
    expect(said(chat('sagemaker'), [{ generation: 'User: Hi\nAssistant: Yes' }])).toBe('Yes');
  });

  test('reads JSON lines as well as events', () => {
    const { stream, response } = wireCase('sagemaker/json-lines');
    expect(read(stream)).toMatchObject({ choices: [{ parts: [{ text: TEXT }], finish: { reason: 'length' } }] });
    expect(said(chat('sagemaker'), response)).toBe(TEXT);
    expectCutsChangeNothing(stream, 'aws-payload', () => chat('sagemaker', { stream: true }).reader());
  });

  test('reads an answer that was not streamed', () => {
    expect(read(payloadParts(Buffer.from('[{"generated_text": " Hello"}]')))).toMatchObject({ choices: [{ parts: [{ text: 'Hello' }] }] });
  });

  test('tells a container’s error by its own status and words', () => {
    const { response, about } = wireCase('sagemaker/error-424');
    const { failure } = prompted.error({ status: 424, headers: about.headers ?? {}, body: JSON.stringify(response) });
    expect(failure).toMatchObject({ class: 'UnprocessableEntityError', status: 422, message: 'Input validation error: `top_p` must be > 0.0 and < 1.0' }); // prettier-ignore
  });

  test('tells its own errors by their names', () => {
    const failed = (name: string, status: number, message: string): unknown =>
      prompted.error({ status, headers: { 'x-amzn-errortype': name }, body: JSON.stringify({ Message: message }) }).failure;
    expect(failed('ModelNotReadyException', 429, 'Not ready')).toMatchObject({ status: 429, class: 'RateLimitError' });
    expect(failed('ValidationError', 400, 'Endpoint e not found')).toMatchObject({ status: 400, class: 'BadRequestError' });
    expect(failed('ExpiredTokenException', 403, 'expired')).toMatchObject({ status: 401, class: 'AuthenticationError' });
    expect(failed('ServiceUnavailable', 503, 'busy')).toMatchObject({ status: 503 });
  });

  test.each(['sagemaker', 'sagemaker_chat'])('of %s breaks off with what AWS reports', (wire) => {
    const begun = wireCase(`${wire}/text`).stream.subarray(0, 500);
    const broken = Buffer.concat([begun.subarray(0, whole(begun)), exception('ModelStreamError', 'model invocation time exceeded')]);
    expect(() => read(broken, wire)).toThrow('model invocation time exceeded');
  });

  test('names no model to Nova, and refuses what Nova does not take', () => {
    expect(() => chat('sagemaker_nova', { stop: ['x'], tools: [] })).toThrow('"stop"');
    expect(sent(chat('sagemaker_nova', { stop: ['x'], reasoning_effort: 'low' }, 'm', true))).toEqual({ messages: HI, reasoning_effort: 'low' }); // prettier-ignore
  });
});

/** Length of the whole messages in front. */
function whole(bytes: Buffer): number {
  let at = 0;
  while (at + 4 <= bytes.length && at + bytes.readUInt32BE(at) <= bytes.length) at += bytes.readUInt32BE(at);
  return at;
}

describe('Triton', () => {
  test('repeats the prompt, which is taken away, in a stream too', () => {
    const { response, stream } = wireCase('triton/echo');
    const outward = chat('triton', { stream: true });
    expect(said(outward, response)).toBe(TEXT);
    expect(foldStream(readStream([stream], 'sse', outward.reader())).choices[0]?.parts).toEqual([{ type: 'text', text: TEXT }]);
  });

  test('writes on at a stop sequence that it was not told, and nobody waits for it', () => {
    const reader = chat('triton', { stream: true, stop: ['STOP'] }).reader();
    const told = (text: string) => reader.push({ event: null, data: JSON.stringify({ text_output: text }) });
    expect(told(' one ST')).toEqual([{ type: 'start' }, { type: 'text_delta', text: 'one ' }]);
    expect(told('OP two')).toEqual([{ type: 'finish', finish: { reason: 'stop' } }]);
    expect([reader.finished, told(' three'), reader.end()]).toEqual([true, [], []]);
  });

  test('streams an error', () => {
    const { stream } = wireCase('triton/error-in-stream');
    expect(() => readStream([stream], 'sse', chat('triton', { stream: true }).reader())).toThrow('engine died');
  });
});

describe('Bytez', () => {
  test('takes pictures and sound among its parts', () => {
    const content = [
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: 'https://x/y.png' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ];
    expect(sent(chat('bytez', { messages: [{ role: 'user', content }] }))['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'See' }, { type: 'image', url: 'https://x/y.png' }, { type: 'image', base64: 'data:image/png;base64,AAAA' }] },
    ]); // prettier-ignore
  });

  test('may answer with a text alone, or say in a 200 that it did not', () => {
    expect(said(chat('bytez'), { error: null, output: 'Hello' })).toBe('Hello');
    expect(() => said(chat('bytez'), wireCase('bytez/error-inside').response)).toThrow('Model is not available');
  });

  test('stops where it was asked to', () => {
    const outward = chat('bytez', { stream: true, stop: ['Zürich'] });
    expect(foldStream(readStream([wireCase('bytez/text').stream], 'text', outward.reader())).choices).toEqual([
      { index: 0, parts: [{ type: 'text', text: 'Grüße aus ' }], finish: { reason: 'stop' } },
    ]);
  });
});

describe('an error', () => {
  const failed = (name: string): ProviderError['failure'] => {
    const { about, response } = wireCase(name);
    return prompted.error({ status: about.status ?? 200, headers: about.headers ?? {}, body: JSON.stringify(response) }).failure;
  };

  test('of a prompt that is too long is one of context', () => {
    expect(failed('tgi/error-422')).toMatchObject({ class: 'ContextWindowExceededError', status: 400, code: 'context_length_exceeded' });
  });

  test('of a model that is being loaded says how long', () => {
    expect(failed('tgi/error-503')).toMatchObject({ class: 'ServiceUnavailableError', status: 503, retryAfterMs: 20_500 });
  });

  test('says what the server says', () => {
    expect(failed('nlp_cloud/error-401')).toMatchObject({ class: 'AuthenticationError', status: 401, message: 'Invalid token.' });
    expect(failed('triton/error-400')).toMatchObject({ class: 'BadRequestError', message: expect.stringContaining('text_input') });
    expect(prompted.error({ status: 424, headers: {}, body: '{"error":"Request failed","error_type":"generation"}' }).failure).toMatchObject({ status: 500, class: 'InternalServerError' }); // prettier-ignore
    expect(prompted.error({ status: 502, headers: {}, body: '<html>' }).failure.message).toContain('HTML page');
  });
});
