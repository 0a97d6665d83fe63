const SAMPLES_A_SECOND = 24_000;
const BYTES_A_SAMPLE = 2;
/** A mocked answer is half a second long. */
const MOCKED_SECONDS = 0.5;

/** Layer III of MPEG 1, 128 kbit/s, 44.1 kHz, one channel: a frame is 417 bytes and 26 ms. */
const MP3_HEAD = [0xff, 0xfb, 0x90, 0xc4];
const MP3_FRAME_BYTES = 417;
const MP3_FRAMES = 20;

/** Half a second of silence: as asked for `wav` and `pcm`, else as MP3, which needs no encoder where nothing is heard. */
export function silence(format: unknown): { readonly contentType: string; readonly bytes: Buffer } {
  if (format === 'pcm') return { contentType: 'audio/pcm', bytes: silentSamples(MOCKED_SECONDS) };
  if (format === 'wav') return { contentType: 'audio/wav', bytes: silentWav(MOCKED_SECONDS) };
  const frame = Buffer.alloc(MP3_FRAME_BYTES);
  frame.set(MP3_HEAD);
  return { contentType: 'audio/mpeg', bytes: Buffer.concat(Array.from({ length: MP3_FRAMES }, () => frame)) };
}

export function silentWav(seconds: number): Buffer {
  const samples = silentSamples(seconds);
  return Buffer.concat([wavHead(samples.length, SAMPLES_A_SECOND), samples]);
}

function silentSamples(seconds: number): Buffer {
  return Buffer.alloc(seconds * SAMPLES_A_SECOND * BYTES_A_SAMPLE);
}

/** The head of a WAV file of one channel and 16 bits. @param bytes of the samples that follow */
export function wavHead(bytes: number, samplesASecond: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(samplesASecond, 24);
  head.writeUInt32LE(samplesASecond * BYTES_A_SAMPLE, 28);
  head.writeUInt16LE(BYTES_A_SAMPLE, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bytes, 40);
  return head;
}
