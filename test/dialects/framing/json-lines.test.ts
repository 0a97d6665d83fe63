import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NdjsonParser } from '../../../src/dialects/framing/ndjson.ts';
import { cuts } from '../laws.ts';

function parse(...chunks: (string | Uint8Array)[]): string[] {
  const parser = new NdjsonParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()].map((event) => event.data);
}

describe('JSON lines', () => {
  test('each line is an event and blank lines are none', () => {
    expect(parse('{"a":1}\n\n{"b":2}\r\n')).toEqual(['{"a":1}', '{"b":2}']);
  });

  test('a last line without newline counts when it is whole', () => {
    expect(parse('{"a":1}\n{"b":2}')).toEqual(['{"a":1}', '{"b":2}']);
    expect(parse('{"a":1}\n{"b":')).toEqual(['{"a":1}']);
  });

  test('cutting the bytes anywhere changes nothing', () => {
    const bytes = Buffer.from('{"t":"é🌍"}\r\n{"t":"日本"}\n{"done":true}');
    const whole = parse(bytes);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(cuts(bytes), (chunks) => {
        expect(parse(...chunks)).toEqual(whole);
      }),
    );
  });
});
