import { describe, expect, test } from 'vitest';
import { ProviderError, TruncatedStreamError } from '../../../src/core/provider-error.ts';
import { readChatAnswer } from '../../../src/dialects/openai/chat/read-answer.ts';
import type { ReadingTraits } from '../../../src/dialects/openai/chat/reading-traits.ts';
import { ChatStreamReader } from '../../../src/dialects/openai/chat/stream-reader.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { wireCase, wireCases } from '../wire-case.ts';

const CASES = wireCases('openai').map((name) => Object.assign(wireCase(name), { name }));
const traitsOf = (name: string): ReadingTraits => (name === 'openai/think-tags' ? { thinkTags: true } : {});
const streamed = CASES.filter(({ stream, name }) => stream.length > 0 && !name.includes('error'));
const both = streamed.filter(({ response }) => response !== undefined);

describe('an answer of an OpenAI-shaped provider', () => {
  test.each(both)('$name: folding the stream gives the whole answer', ({ name, stream, response }) => {
    const parts = readStream([stream], 'sse', new ChatStreamReader(traitsOf(name)));
    expectFoldEquals(parts, readChatAnswer(response, traitsOf(name)));
  });

  test.each(streamed)('$name: cutting the bytes anywhere changes nothing', ({ name, stream }) => {
    expectCutsChangeNothing(stream, 'sse', () => new ChatStreamReader(traitsOf(name)));
  });

  test.each(streamed)('$name: a stream cut off before its end is an error and never an answer', ({ stream }) => {
    const text = stream.toString();
    const beforeFinish = text.slice(0, text.lastIndexOf('data:', text.indexOf(FINISH.exec(text)?.[0] ?? '')));
    expect(() => readStream([beforeFinish], 'sse', new ChatStreamReader())).toThrow(TruncatedStreamError);
  });

  test.each(['openai/error-in-stream', 'openai/openrouter-error-in-stream'])('%s: an error in the stream is thrown', (name) => {
    expect(() => readStream([wireCase(name).stream], 'sse', new ChatStreamReader())).toThrow(ProviderError);
  });

  test('every case says where it comes from', () => {
    for (const { about } of CASES)
      expect([about.page, about.date]).toEqual([expect.stringMatching(/^https:/), expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
  });
});

const FINISH = /"finish_reason":"\w+"/;
