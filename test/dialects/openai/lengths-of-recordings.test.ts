import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heardUse } from '../../../src/dialects/openai/audio/heard.ts';
import { readWav } from '../../../src/dialects/openai/audio/wav.ts';
import { silentWav, wavHead } from '../../../src/dialects/silence.ts';

const recording = (
  head: Buffer,
  size: number | null,
  more: Partial<Parameters<typeof heardUse>[0]> = {},
): Parameters<typeof heardUse>[0] => ({
  head,
  size,
  atMost: size ?? 1_000_000,
  contentType: 'audio/wav',
  filename: 'a.wav',
  ...more,
});

describe('a WAV file', () => {
  test('tells its length once it is here', () => {
    const wav = silentWav(2);
    expect(heardUse(recording(wav, wav.length)).usage).toMatchObject({ seconds: 2 });
    expect(heardUse(recording(wav, null)).usage).toBeNull();
  });

  test('whose writer did not know the length is as long as its bytes', () => {
    for (const unknown of [0, 0xffff_ffff, 0x7fff_ffff]) {
      const wav = silentWav(3);
      wav.writeUInt32LE(unknown, 40);
      expect(heardUse(recording(wav, wav.length)).usage).toMatchObject({ seconds: 3 });
    }
  });

  test('that claims more than there is is as long as its bytes, and while it arrives as long as it can become', () => {
    const head = wavHead(1_000_000, 16_000);
    expect(heardUse(recording(head, 32_044)).usage).toMatchObject({ seconds: 1 });
    expect(heardUse(recording(head, null, { atMost: 320_044 })).guess).toMatchObject({ seconds: 10, audioInputTokens: 100 });
    head.writeUInt32LE(2, 40);
    expect(heardUse(recording(head, null, { atMost: 320_044 })).guess).toMatchObject({ seconds: 10 });
  });

  test('may hold other things before its sound', () => {
    const wav = silentWav(1);
    const list = Buffer.alloc(8 + 27 + 1);
    list.write('LIST', 0, 'latin1');
    list.writeUInt32LE(27, 4);
    const longer = Buffer.concat([wav.subarray(0, 36), list, wav.subarray(36)]);
    expect(heardUse(recording(longer, longer.length)).usage).toMatchObject({ seconds: 1 });
  });

  test('cannot make itself shorter by a rate that nothing has', () => {
    const wav = silentWav(1);
    wav.writeUInt16LE(0, 22);
    expect(readWav(wav)).toBeNull();
    expect(heardUse(recording(wav, wav.length)).guess.seconds).toBeGreaterThan(1);
    const slow = wavHead(1_000_000, 1);
    expect(heardUse(recording(slow, 2_000_044)).guess.seconds).toBe(604_800);
  });
});

test('any bytes have a length that can be billed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), fc.integer({ min: 1, max: 1e9 }), (bytes, isWav, size) => {
      const head = Buffer.from(bytes);
      if (isWav && head.length >= 12) head.set(wavHead(0, 0).subarray(0, 12));
      const { usage, guess } = heardUse(recording(head, size, { filename: 'a' }));
      for (const seconds of [guess.seconds, usage?.seconds ?? 1]) {
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThanOrEqual(604_800);
      }
      expect(Number.isInteger(guess.inputTokens)).toBe(true);
    }),
  );
});

test('what has no header is guessed by its kind', () => {
  const of = (filename: string, contentType: string): number | undefined =>
    heardUse(recording(Buffer.from('x'), 64_000, { filename, contentType })).guess.seconds;
  expect([of('a.ogg', 'audio/ogg'), of('a.mp3', 'audio/mpeg'), of('a', 'audio/L16'), of('voice.opus', 'application/octet-stream')]).toEqual(
    [16, 8, 2, 16],
  );
});
