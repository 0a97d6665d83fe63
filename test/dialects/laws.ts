import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer, AnswerChoice, StreamPart } from '../../src/core/answer.ts';
import type { Framing, StreamReader } from '../../src/core/dialect.ts';
import { foldStream } from '../../src/core/fold-stream.ts';
import type { Part } from '../../src/core/parts.ts';
import { parserFor } from '../../src/dialects/framing/parser-for.ts';

/** Reads a whole stream of bytes as the journey does: framing off, events to the reader, then the end. */
export function readStream(chunks: Iterable<string | Uint8Array>, framing: Framing, reader: StreamReader): StreamPart[] {
  const parser = parserFor(framing);
  const parts: StreamPart[] = [];
  for (const chunk of chunks) for (const event of parser.push(chunk)) parts.push(...reader.push(event));
  for (const event of parser.end()) parts.push(...reader.push(event));
  parts.push(...reader.end());
  return parts;
}

/** Bytes in one to many pieces, cut anywhere. */
export function cuts(bytes: Uint8Array): fc.Arbitrary<Uint8Array[]> {
  return fc.uniqueArray(fc.nat({ max: bytes.length }), { maxLength: 12 }).map((at) => {
    const edges = [0, ...at.sort((a, b) => a - b), bytes.length];
    return edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
  });
}

/** Law: cutting the bytes at any position changes nothing. */
export function expectCutsChangeNothing(bytes: Uint8Array, framing: Framing, reader: () => StreamReader): void {
  const whole = readStream([bytes], framing, reader());
  const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  expect(readStream(single, framing, reader())).toEqual(whole);
  fc.assert(
    fc.property(cuts(bytes), (chunks) => {
      expect(readStream(chunks, framing, reader())).toEqual(whole);
    }),
    { numRuns: 50 },
  );
}

/** Law: folding the stream gives the whole answer, read from the plain reply of the same content. */
export function expectFoldEquals(parts: Iterable<StreamPart>, answer: Answer): void {
  expect(canonical(foldStream(parts))).toEqual(canonical(answer));
}

/**
 * The answer without what the wire of a stream cannot tell: borders between text blocks, the place of citations and
 * native parts among them, and the raw usage object.
 */
export function canonical(answer: Answer): Answer {
  const { usage, ...rest } = answer;
  const choices = answer.choices.map(canonicalChoice);
  if (usage === undefined) return { ...rest, choices };
  const { raw: _, ...counted } = usage;
  return { ...rest, choices, usage: counted };
}

function canonicalChoice(choice: AnswerChoice): AnswerChoice {
  const citations = choice.parts.filter((part) => part.type === 'citation');
  const natives = choice.parts.filter((part) => part.type === 'native');
  const others = choice.parts.filter((part) => part.type !== 'citation' && part.type !== 'native');
  return { ...choice, parts: [...others.reduce(joinText, []), ...citations, ...natives] };
}

function joinText(parts: Part[], part: Part): Part[] {
  const last = parts.at(-1);
  if (part.type !== 'text' || last?.type !== 'text') return [...parts, part];
  return [...parts.slice(0, -1), { type: 'text', text: last.text + part.text }];
}
