import { open, rm, truncate } from 'node:fs/promises';
import { HEAD_BYTES, type FramePlace } from './frames.ts';

/** Owner alone reads and writes. */
const PRIVATE_FILE = 0o600;

/** One file of frames. It is opened for each piece of work and never kept open. */
export class SegmentFile {
  readonly path: string;
  /** When the first of its texts was put into it. */
  readonly since: number;
  /** When the last of its texts is too old. */
  until = 0;
  /** Bytes on the disk that are known to be good; 0: it is not made yet. */
  bytes: number;
  /** How many of its texts may still be asked for. */
  live = 0;
  /** Nothing is written behind a write that failed. */
  failed = false;

  constructor(path: string, since: number, bytes: number) {
    this.path = path;
    this.since = since;
    this.bytes = bytes;
  }

  /** @throws the disk's error; the file then ends where it did */
  async append(bytes: Buffer): Promise<void> {
    try {
      const file = await open(this.path, this.bytes === 0 ? 'wx' : 'r+', PRIVATE_FILE);
      try {
        for (let written = 0; written < bytes.length;) {
          const { bytesWritten } = await file.write(bytes, written, bytes.length - written, this.bytes + written);
          written += bytesWritten;
        }
      } finally {
        await file.close();
      }
      this.bytes += bytes.length;
    } catch (error) {
      this.failed = true;
      // What stands behind the good bytes would be found at the next start.
      await (this.bytes === 0 ? this.remove() : truncate(this.path, this.bytes)).catch(() => undefined);
      throw error;
    }
  }

  /** The sealed text of a frame; null when the file has lost it. */
  async text({ start, labelBytes, textBytes }: FramePlace): Promise<Buffer | null> {
    const file = await open(this.path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(textBytes), 0, textBytes, start + HEAD_BYTES + labelBytes);
      return bytesRead === textBytes ? buffer : null;
    } finally {
      await file.close();
    }
  }

  /** Writes zeros over what these frames hold. */
  async wipe(places: readonly FramePlace[]): Promise<void> {
    const file = await open(this.path, 'r+');
    try {
      for (const { start, labelBytes, textBytes } of places) {
        const length = labelBytes + textBytes;
        await file.write(Buffer.alloc(length), 0, length, start + HEAD_BYTES);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }
}
