import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidRequestError, RequestTooLargeError } from '../../core/errors.ts';
import type { FormField } from '../../dialects/framing/multipart.ts';
import type { Upload } from '../../exchange/upload.ts';
import type { FilePart, IncomingForm } from './form.ts';

export interface HeldLimits {
  /** Largest file, bytes. */
  readonly file: number;
  /** Beyond this it lies in a temporary file (ruling B9). */
  readonly memory: number;
}

/** Enough for the header of a recording. */
const HEAD_BYTES = 4096;
/** Read from the disk at once. */
const PIECE_BYTES = 262_144;

/** A file that is taken whole before anybody is asked: in memory, and when it is large in a temporary file without a name. */
export class HeldFile implements Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly again = true;
  readonly failure = null;
  /** All of them are known before anybody is asked. */
  readonly fieldsBehind: readonly FormField[] = [];
  head: Buffer = Buffer.alloc(0);
  size = 0;
  readonly #form: IncomingForm;
  #chunks: Buffer[] = [];
  #disk: FileHandle | null = null;

  private constructor(form: IncomingForm, { filename, contentType }: FilePart) {
    this.filename = filename;
    this.contentType = contentType;
    this.#form = form;
  }

  /** Takes the form to its end. @throws {InvalidRequestError | RequestTooLargeError | ClientGoneError} and then nothing is left of it */
  static async of(form: IncomingForm, part: FilePart, limits: HeldLimits): Promise<HeldFile> {
    const file = new HeldFile(form, part);
    const taking = file.#takeAll(part, limits);
    try {
      await Promise.all([taking, form.end()]);
      if (file.size === 0) throw new InvalidRequestError('The file is empty: there is nothing to hear.', 'file');
      return file;
    } catch (error) {
      if (error instanceof Error) form.fail(error);
      part.bytes.destroy();
      await taking.catch(() => undefined);
      await file.close();
      throw error;
    }
  }

  get declared(): number {
    return this.size;
  }

  get atMost(): number {
    return this.size;
  }

  get endedAt(): number | null {
    return this.#form.endedAt;
  }

  async piece(index: number): Promise<Buffer | null> {
    if (!this.#disk) return this.#chunks[index] ?? null;
    const { bytesRead, buffer } = await this.#disk.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES, index * PIECE_BYTES);
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#chunks = [];
    const disk = this.#disk;
    this.#disk = null;
    await disk?.close();
  }

  async #takeAll({ bytes }: FilePart, limits: HeldLimits): Promise<void> {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      this.size += chunk.length;
      if (this.size > limits.file) throw new RequestTooLargeError(limits.file, 'The file');
      if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, chunk]).subarray(0, HEAD_BYTES);
      this.#chunks.push(chunk);
      if (this.size > limits.memory) await this.#toDisk();
    }
  }

  async #toDisk(): Promise<void> {
    this.#disk ??= await namelessFile();
    const chunks = this.#chunks;
    this.#chunks = [];
    await this.#disk.writeFile(Buffer.concat(chunks));
  }
}

/** Gone when it is closed, or when the process ends, however that happens. */
async function namelessFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `gateway-upload-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
