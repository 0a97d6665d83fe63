/** What the header of a WAV file tells of its sound. */
export interface WavFacts {
  readonly bytesASecond: number;
  /** Where the sound begins, bytes from the beginning of the file. */
  readonly start: number;
  /** Bytes of sound; infinite where whoever wrote it did not know yet. */
  readonly bytes: number;
}

/** Formats whose length is that of their samples; of others the header's own rate counts. */
const PCM: ReadonlySet<number> = new Set([1, 3, 6, 7, 0xfffe]);

/**
 * Reads the header of a WAV file.
 *
 * @param head the beginning of the file
 * @returns null when it is none, or when its sound does not begin in these bytes
 * @see http://soundfile.sapp.org/doc/WaveFormat/
 */
export function readWav(head: Buffer): WavFacts | null {
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') return null;
  let bytesASecond = 0;
  for (let at = 12; at + 8 <= head.length;) {
    const name = head.toString('latin1', at, at + 4);
    const length = head.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'data') return bytesASecond > 0 ? { bytesASecond, start, bytes: isUnknown(length) ? Infinity : length } : null;
    if (name === 'fmt ' && start + 16 <= head.length) bytesASecond = rateOf(head.subarray(start, start + 16));
    // Chunks begin at even places.
    at = start + length + (length % 2);
  }
  return null;
}

function rateOf(format: Buffer): number {
  const samples = format.readUInt16LE(2) * format.readUInt32LE(4) * format.readUInt16LE(14);
  return PCM.has(format.readUInt16LE(0)) ? samples / 8 : format.readUInt32LE(8);
}

/** A header that was written before its sound. */
function isUnknown(length: number): boolean {
  return length === 0 || length >= 0xffff_fff0 || length === 0x7fff_ffff;
}
