import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StreamPart } from '../../../src/core/answer.ts';
import type { OutwardChat } from '../../../src/core/dialect.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { prompted } from '../../../src/dialects/prompted/index.ts';
import { exception, payloadParts } from '../../support/aws-frames.ts';
import { cuts, readStream } from '../laws.ts';
import { target } from '../targets.ts';

const odd: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom(null, '', 'text', -1, 0, 1e300, true, [], {}), fc.jsonValue({ maxDepth: 2 }));
const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: odd });
const text = mostly(fc.constantFrom('Hello', ' ', '', '\nUser:', '\nUs', 'er:', 'User: Hi\nAssistant:', 'ST', 'OP', '🌍'));
const details = mostly(
  fc.record(
    {
      finish_reason: mostly(fc.constantFrom('length', 'eos_token', 'stop_sequence')),
      generated_tokens: odd,
      input_length: odd,
      prefill: odd,
    },
    { requiredKeys: [] },
  ),
);
const event = mostly(
  fc.record(
    {
      token: mostly(fc.record({ text, special: mostly(fc.boolean()) }, { requiredKeys: [] })),
      generated_text: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: text }),
      details,
      text_output: text,
      error: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: odd }),
      error_type: odd,
    },
    { requiredKeys: [] },
  ),
);

function chat(wire: string): OutwardChat {
  const request = readChatRequest({ stream: true, stop: ['STOP'], messages: [{ role: 'user', content: 'Hi' }] }, 'group');
  return prompted.chat(request, { ...target(wire, 'm'), wire });
}

/** The bytes of a stream, as the wire frames them. */
const FRAMED: Readonly<Record<string, (events: readonly unknown[]) => Buffer>> = {
  tgi: sse,
  triton: sse,
  sagemaker: (events) => payloadParts(sse(events), 13),
  bytez: (events) => Buffer.from(events.map((one) => JSON.stringify(one)).join('')),
};

function sse(events: readonly unknown[]): Buffer {
  return Buffer.from(events.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(''));
}

function read(wire: string, chunks: Iterable<Uint8Array>): { readonly parts: StreamPart[]; readonly failed: boolean } {
  const outward = chat(wire);
  const reader = outward.reader();
  const parts: StreamPart[] = [];
  const kept = (made: StreamPart[]): StreamPart[] => {
    parts.push(...made);
    return made;
  };
  try {
    readStream(chunks, outward.framing, { push: (one) => kept(reader.push(one)), end: () => kept(reader.end()), finished: false });
    return { parts, failed: false };
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    return { parts, failed: true };
  }
}

/** What was said, whatever the pieces. */
function meant({ parts, failed }: ReturnType<typeof read>): unknown {
  const said = parts.map((part) => (part.type === 'text_delta' ? part.text : '')).join('');
  return { said, failed, rest: parts.filter(({ type }) => type !== 'text_delta') };
}

describe.each(Object.entries(FRAMED))('%s', (wire, framed) => {
  test('whatever a server sends, what is told obeys the order of a stream, and a failure is one of the provider', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const told = read(wire, [framed(events)]);
        const { parts, failed } = told;
        expect(parts.slice(1).some(({ type }) => type === 'start')).toBe(false);
        if (parts.length > 0) expect(parts[0]?.type).toBe('start');
        const finish = parts.findIndex(({ type }) => type === 'finish');
        expect(finish === -1).toBe(failed);
        if (finish !== -1) expect(parts.slice(finish + 1).every(({ type }) => type === 'usage')).toBe(true);
        for (const part of parts) if (part.type === 'text_delta') expect(part.text).not.toContain('STOP');
        expect(parts.map((part) => (part.type === 'text_delta' ? part.text : '')).join('')).not.toContain('STOP');
      }),
      { numRuns: 1000 },
    );
  });

  test('however it is cut, it says the same', () => {
    const cut = fc.array(event, { maxLength: 8 }).chain((events) => fc.tuple(fc.constant(events), cuts(framed(events))));
    fc.assert(
      fc.property(cut, ([events, chunks]) => {
        expect(meant(read(wire, chunks))).toEqual(meant(read(wire, [framed(events)])));
      }),
      { numRuns: 200 },
    );
  });
});

test('what AWS reports ends a stream, unless it had ended before', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), fc.string(), (events, type) => {
      const { parts, failed } = read('sagemaker', [Buffer.concat([payloadParts(sse(events), 13), exception(type, 'No')])]);
      expect(failed).toBe(!parts.some((part) => part.type === 'finish'));
    }),
    { numRuns: 300 },
  );
});

test('a whole answer, whatever it is, is an answer or a provider’s failure', () => {
  const answer = fc.oneof(event, fc.array(event, { maxLength: 2 }), fc.record({ outputs: mostly(fc.array(mostly(fc.record({ name: odd, data: odd })))) }), fc.record({ output: odd, completions: odd })); // prettier-ignore
  fc.assert(
    fc.property(answer, fc.constantFrom('tgi', 'triton', 'triton_infer', 'nlp_cloud', 'bytez', 'sagemaker'), (body, wire) => {
      try {
        expect(chat(wire).answer(body).choices).toHaveLength(1);
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError);
      }
    }),
    { numRuns: 1000 },
  );
});
