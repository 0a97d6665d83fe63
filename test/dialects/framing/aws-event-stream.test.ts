import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../src/core/dialect.ts';
import { ProviderError } from '../../../src/core/provider-error.ts';
import { AwsEventStreamParser } from '../../../src/dialects/framing/aws-event-stream.ts';
import { event, exception, frame, rawFrame, textHeader } from '../../support/aws-frames.ts';
import { cuts } from '../laws.ts';

function read(chunks: Iterable<Uint8Array>): StreamEvent[] {
  const parser = new AwsEventStreamParser();
  return [...[...chunks].flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

const STREAM = Buffer.concat([
  event('messageStart', { role: 'assistant' }),
  event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Grüße 🌍' } }),
  frame({ ':event-type': 'messageStop', ':message-type': 'event' }, ''),
]);

test('events bear the name and the payload of their message', () => {
  expect(read([STREAM])).toEqual([
    { event: 'messageStart', data: '{"role":"assistant","p":"abcd"}' },
    { event: 'contentBlockDelta', data: '{"contentBlockIndex":0,"delta":{"text":"Grüße 🌍"},"p":"abcd"}' },
    { event: 'messageStop', data: '' },
  ]);
});

test('cutting the bytes anywhere changes nothing', () => {
  const whole = read([STREAM]);
  expect(read(Array.from(STREAM, (_, i) => STREAM.subarray(i, i + 1)))).toEqual(whole);
  fc.assert(
    fc.property(cuts(STREAM), (chunks) => {
      expect(read(chunks)).toEqual(whole);
    }),
  );
});

test('exceptions and errors are told from events', () => {
  const error = frame({ ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'Say "again"' }, '');
  expect(read([exception('throttlingException', 'Slow down'), error])).toEqual([
    { event: 'exception:throttlingException', data: '{"message":"Slow down"}' },
    { event: 'exception:InternalFailure', data: '{"message":"Say \\"again\\""}' },
  ]);
});

test('headers of every other type are stepped over', () => {
  const other = (type: number, length: number): Buffer => Buffer.concat([Buffer.from([1, 0x78, type]), Buffer.alloc(length, 1)]);
  const bytes = Buffer.concat([Buffer.from([1, 0x78, 6, 0, 3]), Buffer.alloc(3)]);
  const head = Buffer.concat([
    other(0, 0),
    other(1, 0),
    other(2, 1),
    other(3, 2),
    other(4, 4),
    other(5, 8),
    bytes,
    other(8, 8),
    other(9, 16),
  ]);
  expect(read([rawFrame(Buffer.concat([head, textHeader(':event-type', 'metadata')]), Buffer.from('{}'))])).toEqual([
    { event: 'metadata', data: '{}' },
  ]);
});

describe('a broken stream', () => {
  const damaged = (at: number): Buffer => {
    const bytes = event('messageStart', { role: 'assistant' });
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };

  test('fails at each flipped bit, wherever it stands', () => {
    const { length } = event('messageStart', { role: 'assistant' });
    for (let at = 0; at < length; at++) expect(() => read([damaged(at)]), `byte ${at}`).toThrow(ProviderError);
  });

  test.each([
    ['headers longer than the message', frameWithLengths(16, 400)],
    ['a message shorter than its frame', frameWithLengths(8, 0)],
    ['a message of 64 MB', frameWithLengths(67_108_864, 0)],
  ])('is known by %s', (_, bytes) => {
    expect(() => read([bytes])).toThrow(ProviderError);
  });

  test.each([
    ['a name', Buffer.from([200, 0x78])],
    ['a value', Buffer.from([1, 0x78, 7, 0, 50, 0x78])],
    ['an unknown type', Buffer.from([1, 0x78, 42])],
  ])('is known by a header with %s that does not end', (_, head) => {
    expect(() => read([rawFrame(head, Buffer.alloc(0))])).toThrow(ProviderError);
  });

  test('that ends inside a message was cut', () => {
    for (let end = 1; end < 40; end++)
      expect(() => read([STREAM.subarray(0, end)])).toThrow(expect.objectContaining({ name: 'ProviderError' }));
  });
});

test('whatever bytes come, a failure is one of the provider', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      try {
        read([bytes]);
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError);
      }
    }),
    { numRuns: 1000 },
  );
});

function frameWithLengths(total: number, headers: number): Buffer {
  const bytes = rawFrame(Buffer.alloc(0), Buffer.alloc(Math.min(total, 500)));
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers, 4);
  // The checksum of the lengths is right: they lie all the same.
  bytes.writeUInt32BE(crcOf(bytes.subarray(0, 8)), 8);
  return bytes;
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
