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
  /** Beyond this they lie in temporary files (ruling B9). */
  readonly memory: number;
}

/** Enough for the header of a recording. */
const HEAD_BYTES = 4096;
/** Read from the disk at once. */
const PIECE_BYTES = 262_144;

/** A file that is taken whole before anybody is asked: in memory, and when it is large in a temporary file without a name. */
export class HeldFile implements Upload {
  readonly field: string;
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
  #following: HeldFile | null = null;

  private constructor(form: IncomingForm, { field, filename, contentType }: FilePart) {
    this.field = field;
    this.filename = filename;
    this.contentType = contentType;
    this.#form = form;
  }

  /**
   * Takes the form to its end, with all of its files.
   *
   * @returns the first of them
   * @throws {InvalidRequestError | RequestTooLargeError | ClientGoneError} and then nothing is left of them
   */
  static async of(form: IncomingForm, part: FilePart, limits: HeldLimits): Promise<HeldFile> {
    const first = new HeldFile(form, part);
    const now = { part };
    const taking = HeldFile.#takeForm(first, now, limits);
    try {
      await Promise.all([taking, form.end()]);
      return first;
    } catch (error) {
      if (error instanceof Error) form.fail(error);
      now.part.bytes.destroy();
      await taking.catch(() => undefined);
      await first.close();
      throw error;
    }
  }

  get known(): number {
    return this.all.length;
  }

  get all(): readonly Upload[] {
    return [this, ...(this.#following?.all ?? [])];
  }

  next(): Promise<HeldFile | null> {
    return Promise.resolve(this.#following);
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
    await this.#following?.close();
  }

  /** @param now the file that is being taken */
  static async #takeForm(first: HeldFile, now: { part: FilePart }, limits: HeldLimits): Promise<void> {
    const left = { memory: limits.memory };
    await first.#takeAll(now.part, limits, left);
    let last = first;
    for (let at = 1, part = await first.#form.file(at); part !== null; part = await first.#form.file(++at)) {
      now.part = part;
      const file = new HeldFile(first.#form, part);
      last.#following = file;
      last = file;
      await file.#takeAll(part, limits, left);
    }
  }

  /** @param left of the memory that the form's files may have together */
  async #takeAll({ bytes }: FilePart, limits: HeldLimits, left: { memory: number }): Promise<void> {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      this.size += chunk.length;
      if (this.size > limits.file) throw new RequestTooLargeError(limits.file, 'The file');
      if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, chunk]).subarray(0, HEAD_BYTES);
      this.#chunks.push(chunk);
      left.memory -= chunk.length;
      if (left.memory < 0) await this.#toDisk();
    }
    if (this.size === 0) throw new InvalidRequestError('The file is empty.', this.field);
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
