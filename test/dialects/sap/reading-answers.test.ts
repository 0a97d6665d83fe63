import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import { foldStream } from '../../../src/core/fold-stream.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { sap } from '../../../src/dialects/sap/index.ts';
import { expectCutsChangeNothing, expectFoldEquals, readStream } from '../laws.ts';
import { expectLawfulParts } from '../lawful-parts.ts';
import { wireCase } from '../wire-case.ts';
import { chat, streamOf } from './asking.ts';

describe.each(['text', 'parallel-tools', 'reasoning', 'filtered-answer'])('an answer with %s', (name) => {
  const { response, stream } = wireCase(`sap/${name}`);

  test('reads the same whole and streamed', () => {
    expectFoldEquals(streamOf(name), chat().answer(response));
  });

  test('may be cut anywhere', () => {
    expectCutsChangeNothing(stream, 'sse', () => chat().reader());
  });
});

describe('an answer', () => {
  test('is the final result, and is counted by it', () => {
    expect(foldStream(streamOf('text'))).toMatchObject({
      id: 'chatcmpl-9rO0aL',
      model: 'gpt-4o-2024-08-06',
      choices: [{ parts: [{ type: 'text', text: 'Grüße aus Zürich! 🌍' }], finish: { reason: 'stop' } }],
      usage: { inputTokens: 21, outputTokens: 9, cacheReadTokens: 4 },
    });
  });

  test('has thoughts with the signature that goes back with them', () => {
    expect(foldStream(streamOf('reasoning')).choices[0]?.parts).toEqual([
      { type: 'reasoning', text: '7 times 6 is 42.', signature: 'c2lnbmVk', origin: 'sap' },
      { type: 'text', text: '42' },
    ]);
  });

  test('tells its sources', () => {
    const { final_result: result } = wireCase('sap/text').response as { final_result: object };
    const citations = [{ ref_id: 1, title: 'A page', url: 'https://a.example', start_index: 0, end_index: 5 }];
    expect(chat().answer({ final_result: { ...result, citations } }).choices[0]?.parts[1]).toEqual({
      type: 'citation',
      url: 'https://a.example',
      title: 'A page',
      start: 0,
      end: 5,
    });
  });

  test('that breaks off, or holds an error, is none', () => {
    const begun = 'data: {"final_result":{"id":"1","choices":[{"index":0,"delta":{"content":"a"}}]}}\n\n';
    expect(() => readStream([begun], 'sse', chat().reader())).toThrow('finished');
    const failed = 'data: {"error":{"code":500,"message":"The model is away","location":"LLM Module"}}\n\n';
    expect(() => readStream([begun, failed], 'sse', chat().reader())).toThrow('LLM Module: The model is away');
    expect(() => chat().answer({ request_id: 'r' })).toThrow('no final_result');
    expect(() => readStream(['data: {"final\n\n'], 'sse', chat().reader())).toThrow('not JSON');
  });
});

describe('an error', () => {
  const failureOf = (name: string) => {
    const { about, response } = wireCase(`sap/${name}`);
    return sap.error({ status: about.status ?? 0, headers: {}, body: JSON.stringify(response) }).failure;
  };

  test('says where it happened, and not what was asked', () => {
    const failure = failureOf('error-model');
    expect(failure).toMatchObject({ class: 'BadRequestError', status: 400, fields: { location: 'LLM Module' } });
    expect(failure.message).toContain('LLM Module: Model name must be one of');
    expect(JSON.stringify(failureOf('error-filter'))).not.toContain('"Hi"');
  });

  test('of the filter is one of content', () => {
    expect(failureOf('error-filter')).toMatchObject({ class: 'ContentPolicyViolationError', status: 400, code: 'content_filter' });
  });

  test('passes on how long the model behind asks to wait', () => {
    expect(failureOf('error-busy')).toMatchObject({ class: 'RateLimitError', status: 429, retryAfterMs: 7000 });
  });

  test.each([
    ['stands before the service', 403, 'RBAC: access denied', 'PermissionDeniedError', 'RBAC: access denied'],
    ['OAuth writes', 401, '{"error":"invalid_token","error_description":"expired"}', 'AuthenticationError', 'expired'],
    ['a page is', 502, '<html>', 'BadGatewayError', 'a page instead of JSON'],
  ])('may be what %s', (_who, status, body, name, message) => {
    expect(sap.error({ status, headers: {}, body }).failure).toMatchObject({
      class: name,
      message: expect.stringContaining(message) as string,
    });
  });
});

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', '{}', 'text', -1, 0, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
);
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', '', '{"x":1}'));
const call = mostly(
  fc.record(
    { index: mostly(fc.nat({ max: 1 })), id: text, function: mostly(fc.record({ name: text, arguments: text })) },
    { requiredKeys: [] },
  ),
);
const delta = mostly(
  fc.record(
    {
      content: text,
      tool_calls: mostly(fc.array(call, { maxLength: 2 })),
      reasoning_content: mostly(fc.array(mostly(fc.record({ content: text, signature: text })), { maxLength: 2 })),
    },
    { requiredKeys: [] },
  ),
);
const choice = mostly(fc.record({ index: fc.constant(0), delta, finish_reason: mostly(fc.constantFrom('', 'stop', 'tool_calls')) }));
const frame = mostly(
  fc.record(
    {
      request_id: text,
      final_result: mostly(fc.record({ id: text, choices: mostly(fc.array(choice, { maxLength: 1 })), usage: odd, citations: odd })),
    },
    { requiredKeys: [] },
  ),
);

/** What a reader made of a stream before it failed, if it did. */
function read(events: readonly unknown[], done: boolean): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const reader = chat().reader();
  const parts: StreamPart[] = [];
  const noted = (made: StreamPart[]): StreamPart[] => {
    parts.push(...made);
    return made;
  };
  const bytes = [...events.map((one) => JSON.stringify(one) ?? '""'), ...(done ? ['[DONE]'] : [])]
    .map((data) => `data: ${data}\n\n`)
    .join('');
  try {
    readStream([bytes], 'sse', { push: (one) => noted(reader.push(one)), end: () => noted(reader.end()), finished: false });
    return { parts, failed: false };
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return { parts, failed: true };
  }
}

test('whatever SAP sends, what is told obeys the order of a stream, and a failure is one of the provider', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 10 }), fc.boolean(), (events, done) => {
      const { parts, failed } = read(events, done);
      // Calls are told by the reader of OpenAI's chunks, which has tests of its own.
      expectLawfulParts(parts.filter(({ type }) => !type.startsWith('tool_call')));
      expect(parts.some(({ type }) => type === 'finish')).toBe(!failed);
      expect(read(events, done)).toEqual({ parts, failed });
    }),
    { numRuns: 1000 },
  );
});
