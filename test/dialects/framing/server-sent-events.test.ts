import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../src/core/dialect.ts';
import { MalformedAnswerError } from '../../../src/core/provider-error.ts';
import { MAX_EVENT_LENGTH } from '../../../src/dialects/framing/line-splitter.ts';
import { SseParser } from '../../../src/dialects/framing/sse.ts';
import { cuts } from '../laws.ts';

function parse(...chunks: (string | Uint8Array)[]): StreamEvent[] {
  const parser = new SseParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

const data = (...texts: string[]): StreamEvent[] => texts.map((text) => ({ event: null, data: text }));

describe('server-sent events', () => {
  test.each(['\n', '\r\n', '\r'])('lines end with %j', (end) => {
    const text = `event: ping${end}data: {"a":1}${end}${end}data: [DONE]${end}${end}`;
    expect(parse(text)).toEqual([
      { event: 'ping', data: '{"a":1}' },
      { event: null, data: '[DONE]' },
    ]);
  });

  test('several data lines are one event with line feeds between them', () => {
    expect(parse('data: {\ndata:   "a": 1\ndata:}\n\n')).toEqual(data('{\n  "a": 1\n}'));
  });

  test('comments, ids, retry hints, blank lines and an event without data are no events', () => {
    expect(parse(': OPENROUTER PROCESSING\n\n\n\nid: 7\nretry: 10\nevent: noise\n\ndata: x\n\n')).toEqual(data('x'));
  });

  test('a field without a colon has an empty value', () => {
    expect(parse('data\n\n')).toEqual(data(''));
  });

  test('only one space after the colon belongs to the framing', () => {
    expect(parse('data:  two\n\ndata:none\n\n')).toEqual(data(' two', 'none'));
  });

  test('a byte order mark at the beginning vanishes, later ones stay', () => {
    expect(parse('\uFEFFdata: a\uFEFF\n\n')).toEqual(data('a\uFEFF'));
    expect(parse(Buffer.from('\uFEFFdata: a\n\n'))).toEqual(data('a'));
  });

  test('whole JSON events may be separated by one newline', () => {
    expect(parse('data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n')).toEqual(data('{"a":1}', '{"b":2}', '[DONE]'));
  });

  test('a server that leaves out blank lines does not hold its events back', () => {
    const parser = new SseParser();
    parser.push('data: {"a":1}\ndata: {"b":2}\n');
    expect(parser.push('data: {"c":3}\n')).toEqual(data('{"c":3}'));
  });

  test('names go with their events when blank lines are missing', () => {
    const text = 'event: one\ndata: {"a":1}\nevent: two\ndata: {"b":2}\nevent: three\ndata: {"c":3}\n';
    expect(parse(text).map((event) => event.event)).toEqual(['one', 'two', 'three']);
  });

  test('a name may stand behind its data', () => {
    expect(parse('data: {"a":1}\nevent: late\n\n')).toEqual([{ event: 'late', data: '{"a":1}' }]);
  });

  test('the last event may lack its blank line, and half an event is dropped', () => {
    expect(parse('data: {"a":1}')).toEqual(data('{"a":1}'));
    expect(parse('data: {"a":')).toEqual([]);
  });

  test('an event beyond 16 MB is refused, in one line or in many', () => {
    const long = 'x'.repeat(MAX_EVENT_LENGTH + 1);
    expect(() => parse(`data: ${long}`)).toThrow(MalformedAnswerError);
    const parser = new SseParser();
    const piece = `data: ${'x'.repeat(1024 * 1024)}\n`;
    expect(() => {
      for (let i = 0; i < 17; i++) parser.push(piece);
    }).toThrow(/more than 16 MB/);
  });

  test('cutting the bytes anywhere changes nothing', () => {
    const text = '\uFEFF: hi\r\nevent: é\r\ndata: {"text":"🌍 grüße"}\r\n\r\ndata: a\rdata: b\r\rdata: {"x":"日本"}\n\ndata: [DONE]\n\n';
    const bytes = Buffer.from(text);
    const whole = parse(bytes);
    expect(whole).toHaveLength(4);
    fc.assert(
      fc.property(cuts(bytes), (chunks) => {
        expect(parse(...chunks)).toEqual(whole);
      }),
    );
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    expect(parse(...single)).toEqual(whole);
  });
});
