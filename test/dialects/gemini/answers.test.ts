import { describe, expect, it } from 'vitest';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { MalformedAnswerError, ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { answer, call, chatRequest, fields, folded, FLASH_3, gemini, streamParts, target, user, WEATHER, write } from './hub.ts';

const partsOf = (name: string) => answer(name).choices[0]?.parts ?? [];

function failureOf(act: () => unknown): ProviderError {
  try {
    act();
  } catch (error) {
    if (error instanceof ProviderError) return error;
  }
  throw new Error('did not fail');
}

describe('an answer', () => {
  it('has its id, its model and its text', () => {
    expect(answer('text')).toMatchObject({
      id: 'r-1',
      model: 'gemini-2.5-flash',
      choices: [{ index: 0, parts: [{ type: 'text', text: 'Grüezi from Zürich! 👋' }], finish: { reason: 'stop' } }],
      usage: { inputTokens: 11, outputTokens: 5 },
    });
  });

  it('tells thoughts apart from text', () => {
    expect(partsOf('thinking')).toEqual([
      { type: 'reasoning', text: '27 is 3 times 9.' },
      { type: 'text', text: 'No: 27 = 3³.' },
    ]);
  });

  it('that calls tools ends with tool_calls in whichever frame the call stood, and keeps id and signature', () => {
    expect(folded('tools').choices).toEqual([
      {
        index: 0,
        parts: [call('fc-7h2k', 'get_weather', '{"city":"Zürich"}', 'c2lnLWE=')],
        finish: { reason: 'tool_calls' },
      },
    ]);
  });

  it('signs the first of parallel calls alone', () => {
    expect(partsOf('parallel-tools')).toMatchObject([{ id: 'a1', signature: 'c2lnLXA=' }, { id: 'a2' }]);
    expect(partsOf('parallel-tools')[1]).not.toHaveProperty('signature');
  });

  it('keeps the signature of a text, also when it stands on an empty one at the end of a stream', () => {
    expect(folded('two-steps').choices[0]?.parts).toEqual([
      { type: 'text', text: 'Your taxi is booked.' },
      fields({ thought_signatures: ['dGV4dC1zaWc='] }),
    ]);
  });

  it('tells steps of tools that Google ran as they are', () => {
    expect(partsOf('code-execution')).toMatchObject([
      { type: 'native', raw: { gemini_parts: [{ executableCode: { code: 'print(2**64)' }, thoughtSignature: 'Y29kZQ==' }] } },
      { type: 'native', raw: { gemini_parts: [{ codeExecutionResult: { outcome: 'OUTCOME_OK' } }] } },
      { type: 'text', text: '18446744073709551616' },
    ]);
  });

  it('made as JSON by a function is text, and no call', () => {
    const chat = write({ responseFormat: { type: 'json_object' }, tools: [WEATHER] });
    expect(answer('json-beside-tools', chat).choices[0]).toMatchObject({
      parts: [{ type: 'text', text: '{"name":"Ada","age":36}' }],
      finish: { reason: 'stop' },
    });
  });

  it('gives each candidate a choice of its own', () => {
    expect(answer('two-candidates').choices.map(({ index, parts }) => [index, parts])).toEqual([
      [0, [{ type: 'text', text: 'Red' }]],
      [1, [{ type: 'text', text: 'Blue' }]],
    ]);
  });

  it('gives odds in the form of OpenAI', () => {
    expect(folded('logprobs').choices[0]?.logprobs).toEqual({
      content: [
        {
          token: 'H',
          logprob: -0.1,
          bytes: [72],
          top_logprobs: [
            { token: 'H', logprob: -0.1, bytes: [72] },
            { token: 'J', logprob: -2.5, bytes: [74] },
          ],
        },
        { token: 'ü', logprob: -0.2, bytes: [195, 188], top_logprobs: [{ token: 'ü', logprob: -0.2, bytes: [195, 188] }] },
      ],
    });
  });

  it('gives pictures with their signatures', () => {
    expect(partsOf('image-made')).toMatchObject([
      { type: 'text', text: 'Here:' },
      { type: 'native', raw: { thought_signatures: ['aW1nLXQ='] } },
      { type: 'media', kind: 'image', mediaType: 'image/png', signature: 'aW1nLWk=' },
    ]);
  });

  it('gives sound as a WAV file, and as bare samples where those were asked for or in a stream', () => {
    const soundOf = (format: string, stream: boolean): string => {
      const read = answer('speech-made', write({ stream, others: { modalities: ['audio'], audio: { format } } }));
      const [part] = read.choices[0]?.parts ?? [];
      return part?.type === 'media' && part.source.type === 'data' ? part.source.data : '';
    };
    const samples = 'AAABAAIAAwA=';
    expect(soundOf('pcm16', false)).toBe(samples);
    expect(soundOf('wav', true)).toBe(samples);
    const file = Buffer.from(soundOf('wav', false), 'base64');
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    expect(file.readUInt32LE(24)).toBe(24_000);
    expect(file.subarray(44).toString('base64')).toBe(samples);
  });

  it('leaves out pictures that the model drew while it thought', () => {
    const content = { parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' }, thought: true }, { text: 'Done' }] };
    expect(write().answer({ candidates: [{ content, finishReason: 'STOP' }] }).choices[0]?.parts).toEqual([{ type: 'text', text: 'Done' }]);
  });

  it('without ids of its calls gets some, the same for the same bytes and none twice in a conversation', () => {
    const body = {
      responseId: 'r',
      candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'f' } }] }, finishReason: 'STOP' }],
    };
    const idsIn = (messages = [user('Hi')]): string[] =>
      (gemini.chat(chatRequest({ messages }), target()).answer(body).choices[0]?.parts ?? []).flatMap((part) =>
        part.type === 'tool_call' ? [part.id] : [],
      );
    const [first = '', second = ''] = idsIn();
    expect(first).toMatch(/^call_[0-9a-f]{24}$/);
    expect(second).not.toBe(first);
    expect(idsIn()).toEqual([first, second]);
    const later = idsIn([user('Hi'), { role: 'assistant', parts: [call(first), call(second)] }, user('Again')]);
    expect(new Set([first, second, ...later]).size).toBe(4);
  });

  it('keeps every digit of the numbers in a call', () => {
    const body =
      '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"id":12345678901234567890}}}]},"finishReason":"STOP"}]}';
    const reader = write({}, target(FLASH_3)).reader();
    const [, , delta] = [...reader.push({ event: null, data: body }), ...reader.end()];
    expect(delta).toEqual({ type: 'tool_call_delta', index: 0, arguments: '{"id":12345678901234567890}' });
  });

  it('puts together arguments that come bit by bit', () => {
    expect(folded('partial-arguments').choices[0]?.parts).toEqual([
      call('p1', 'book', '{"rooms":[{"name":"blue"}],"guests":2,"late":true,"note":null}'),
    ]);
  });
});

describe('the end of an answer', () => {
  const finishOf = (finishReason: string) =>
    write().answer({ candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason }] }).choices[0]?.finish;

  it.each([
    ['STOP', { reason: 'stop' }],
    ['MAX_TOKENS', { reason: 'length' }],
    ['OTHER', { reason: 'stop', native: 'OTHER' }],
    ['MALFORMED_FUNCTION_CALL', { reason: 'stop', native: 'MALFORMED_FUNCTION_CALL' }],
    ['A_NEW_REASON', { reason: 'stop', native: 'A_NEW_REASON' }],
  ])('%s is told in the words of OpenAI', (native, finish) => {
    expect(finishOf(native)).toEqual(finish);
  });

  it.each(['SAFETY', 'RECITATION', 'LANGUAGE', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'IMAGE_SAFETY', 'MODEL_ARMOR'])(
    '%s is a filter',
    (native) => {
      expect(finishOf(native)).toEqual({ reason: 'content_filter', native });
    },
  );

  it('that a filter made keeps what was said, and why', () => {
    expect(folded('safety').choices[0]).toMatchObject({
      parts: [
        { type: 'text', text: 'Well, ' },
        { type: 'native', raw: { safety_ratings: [{ blocked: true }] } },
      ],
      finish: { reason: 'content_filter', native: 'SAFETY' },
    });
    expect(answer('safety').choices[0]).toMatchObject({ finish: { reason: 'content_filter' } });
  });

  it('of a prompt that was blocked is a filter too, with the reason beside it', () => {
    expect(answer('blocked-prompt')).toMatchObject({
      choices: [
        {
          parts: [{ type: 'native', raw: { block_reason: 'PROHIBITED_CONTENT', safety_ratings: [{ probability: 'HIGH' }] } }],
          finish: { reason: 'content_filter', native: 'PROHIBITED_CONTENT' },
        },
      ],
      usage: { inputTokens: 8, outputTokens: 0 },
    });
  });

  it('by a slip of the model without content is a failure that another try may mend', () => {
    const expected = { status: 500, retryable: true, failure: { type: 'MALFORMED_FUNCTION_CALL' } };
    expect(failureOf(() => answer('malformed-call'))).toMatchObject(expected);
    expect(failureOf(() => streamParts('malformed-call'))).toMatchObject(expected);
    expect(failureOf(() => answer('malformed-call')).message).toContain('Malformed function call: call:f(');
  });
});

describe('a stream that fails', () => {
  it('with its first event is an error with a status', () => {
    expect(failureOf(() => streamParts('error-as-first-event'))).toMatchObject({ status: 429, failure: { class: 'RateLimitError' } });
  });

  it('in its middle is an error', () => {
    expect(failureOf(() => streamParts('error-in-mid-stream'))).toMatchObject({
      status: 503,
      failure: { class: 'ServiceUnavailableError' },
    });
  });

  it('by being cut off is an error, never a stop', () => {
    expect(() => streamParts('cut-off')).toThrow(TruncatedStreamError);
    expect(() => write().reader().end()).toThrow(TruncatedStreamError);
  });

  it('with data that is no frame is an error', () => {
    const push = (data: string) => () => write().reader().push({ event: null, data });
    expect(failureOf(push('{"candidates":'))).toMatchObject({ status: 500 });
    expect(failureOf(push('"hello"'))).toBeInstanceOf(MalformedAnswerError);
    expect(failureOf(push('[1]'))).toBeInstanceOf(MalformedAnswerError);
  });
});

it('an answer without a candidate and without a reason is no answer', () => {
  expect(failureOf(() => write().answer({ usageMetadata: { promptTokenCount: 1 } }))).toBeInstanceOf(MalformedAnswerError);
  expect(failureOf(() => write().answer('<html>'))).toBeInstanceOf(MalformedAnswerError);
  expect(failureOf(() => write().answer([{ error: { code: 503, message: 'Busy', status: 'UNAVAILABLE' } }])).status).toBe(503);
});

it('usage so far is known before the end', () => {
  const reader = write().reader();
  reader.push({ event: null, data: '{"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":7}}' });
  expect(reader.usageSoFar).toMatchObject({ inputTokens: 7, outputTokens: 0 });
  expect(reader.finished).toBe(false);
});

it('a frame that says nothing new changes nothing', () => {
  const reader = write().reader();
  const frames = [
    '{}',
    '{"candidates":[]}',
    '{"candidates":[{"content":{}}]}',
    '{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}',
    '{"candidates":[{"index":0}]}',
  ];
  const parts = [...frames.flatMap((data) => reader.push({ event: null, data })), ...reader.end()];
  expect(foldStream(parts).choices).toEqual([{ index: 0, parts: [{ type: 'text', text: 'a' }], finish: { reason: 'stop' } }]);
});
