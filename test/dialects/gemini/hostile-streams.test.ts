import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { cuts, readStream } from '../laws.ts';
import { write } from './hub.ts';

/** Anything where something was expected. */
const odd = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', 'x', '__proto__', [], {}, [null], { a: [] }),
  fc.jsonValue({ maxDepth: 2 }),
);
const orOdd = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: odd });
const record = (members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> => fc.record(members, { requiredKeys: [] });

const text = fc.constantFrom('', 'Hi', 'ü👋', '\ud800', '"}]', 'data: x\n\n');
const bit = record({
  jsonPath: orOdd(fc.constantFrom('$.a', '$.a[0].b', '$.__proto__.x', '$[99999999]', '$..', '$')),
  stringValue: orOdd(text),
  numberValue: odd,
});
const call = record({
  id: orOdd(fc.constantFrom('1', '1', 'x')),
  name: orOdd(fc.constantFrom('f', 'g', 'constructor')),
  args: odd,
  partialArgs: orOdd(fc.array(bit, { maxLength: 3 })),
  willContinue: orOdd(fc.boolean()),
});
const part = record({
  text: orOdd(text),
  thought: orOdd(fc.boolean()),
  thoughtSignature: orOdd(fc.constant('c2ln')),
  functionCall: orOdd(call),
  inlineData: orOdd(record({ mimeType: orOdd(fc.constantFrom('image/png', 'audio/L16;rate=24000')), data: orOdd(fc.constant('AAAA')) })),
  toolCall: odd,
});
const grounding = record({
  groundingChunks: orOdd(
    fc.array(orOdd(record({ web: orOdd(record({ uri: orOdd(fc.constant('https://a.example')), title: odd })) })), { maxLength: 3 }),
  ),
  groundingSupports: orOdd(
    fc.array(orOdd(record({ segment: orOdd(record({ startIndex: odd, endIndex: odd, text: orOdd(text) })), groundingChunkIndices: odd })), {
      maxLength: 3,
    }),
  ),
  webSearchQueries: odd,
});
const candidate = record({
  index: orOdd(fc.constantFrom(0, 1)),
  content: orOdd(record({ parts: orOdd(fc.array(orOdd(part), { maxLength: 4 })), role: odd })),
  finishReason: orOdd(fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'MALFORMED_FUNCTION_CALL')),
  finishMessage: odd,
  groundingMetadata: orOdd(grounding),
  logprobsResult: orOdd(record({ chosenCandidates: odd, topCandidates: odd })),
});
const frame = record({
  candidates: orOdd(fc.array(orOdd(candidate), { maxLength: 3 })),
  usageMetadata: orOdd(record({ promptTokenCount: odd, candidatesTokenCount: odd, thoughtsTokenCount: odd, promptTokensDetails: odd })),
  promptFeedback: orOdd(record({ blockReason: odd })),
  modelVersion: odd,
  responseId: odd,
});

it('a thousand hostile streams are read alike however they are cut, or fail as a provider’s failure', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 5 }).chain((frames) => {
        const bytes = Buffer.from(frames.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(''));
        return fc.tuple(fc.constant(bytes), cuts(bytes));
      }),
      ([bytes, pieces]) => {
        const whole = outcome([bytes]);
        expect(outcome(pieces)).toEqual(whole);
        if (Array.isArray(whole)) expectLawful(whole);
      },
    ),
    { numRuns: 1000 },
  );
});

function outcome(chunks: Iterable<Uint8Array>): StreamPart[] | string {
  try {
    return readStream(chunks, 'sse', write().reader());
  } catch (error) {
    if (error instanceof ProviderError) return `${error.status} ${error.message}`;
    throw error;
  }
}

function expectLawful(parts: readonly StreamPart[]): void {
  for (const { parts: content } of foldStream(parts).choices) {
    const calls = content.filter((one) => one.type === 'tool_call');
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
    for (const { id, arguments: args } of calls) {
      expect(id).not.toBe('');
      expect(() => JSON.parse(args) as unknown).not.toThrow();
    }
  }
  const choices = new Set(parts.flatMap((one) => (one.type === 'start' || one.type === 'usage' ? [] : [one.choice ?? 0])));
  for (const choice of choices) {
    const own = parts.filter((one) => one.type !== 'start' && one.type !== 'usage' && (one.choice ?? 0) === choice);
    expect(own.filter(({ type }) => type === 'finish')).toHaveLength(1);
    expect(own.at(-1)?.type).toBe('finish');
  }
  expect(({} as { x?: unknown }).x).toBeUndefined();
}
