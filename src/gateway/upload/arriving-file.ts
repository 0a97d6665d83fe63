import type { Readable } from 'node:stream';
import { InvalidRequestError, RequestTooLargeError } from '../../core/errors.ts';
import type { FormField } from '../../dialects/framing/multipart.ts';
import type { Upload } from '../../exchange/upload.ts';
import type { FilePart, IncomingForm } from './form.ts';

export interface ArrivingLimits {
  /** Largest file, bytes. */
  readonly file: number;
  /** Bytes that the client announced for its request; null: none. */
  readonly declared: number | null;
  /** How much of all its files is kept so that they can be sent again (ruling B9). */
  readonly kept: number;
}

/** What the files of one form share. */
interface Kept {
  bytes: number;
  again: boolean;
}

/** Enough for the header of a recording with everything that may stand in it ... */
const HEAD_BYTES = 4096;
/** ... and for the usual one. */
const LEAST_HEAD_BYTES = 64;

/** A file that is passed on as it arrives: no faster than it is taken, and kept from its beginning as long as it is small. */
export class ArrivingFile implements Upload {
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
  readonly declared: number | null;
  readonly atMost: number;
  readonly #form: IncomingForm;
  readonly #bytes: Readable;
  readonly #limits: ArrivingLimits;
  readonly #kept: Kept;
  /** Its place among the form's files. */
  readonly #at: number;
  #next: Promise<ArrivingFile | null> | null = null;
  #following: ArrivingFile | null = null;
  /** How many fields were here when the call began. */
  #fieldsKnown = 0;
  #chunks: Buffer[] = [];
  /** Index of the first of them. */
  #first = 0;
  #arrived = 0;
  #ended = false;
  #head: Buffer = Buffer.alloc(0);
  #more: PromiseWithResolvers<void> | null = null;

  constructor(
    form: IncomingForm,
    { field, filename, contentType, bytes }: FilePart,
    limits: ArrivingLimits,
    kept: Kept = { bytes: 0, again: true },
    at = 0,
  ) {
    this.#kept = kept;
    this.#at = at;
    this.field = field;
    this.filename = filename;
    this.contentType = contentType;
    this.declared = limits.declared;
    this.atMost = Math.min(limits.declared ?? limits.file, limits.file);
    this.#form = form;
    this.#bytes = bytes;
    this.#limits = limits;
    bytes.on('data', (chunk: Buffer) => {
      bytes.pause();
      this.#take(chunk);
    });
    bytes.on('end', () => {
      this.#ended = true;
      if (this.#arrived === 0) form.fail(new InvalidRequestError('The file is empty.', field));
      this.#tell();
    });
    bytes.pause();
    form.end().catch(() => {
      this.#tell();
    });
  }

  get head(): Buffer {
    return this.#head;
  }

  get size(): number | null {
    return this.#ended ? this.#arrived : null;
  }

  get endedAt(): number | null {
    return this.#form.endedAt;
  }

  get failure(): Error | null {
    return this.#form.failure;
  }

  get again(): boolean {
    return this.#kept.again;
  }

  get known(): number {
    return this.#form.filesKnown - this.#at;
  }

  get all(): readonly Upload[] | null {
    return this.#form.endedAt === null ? null : [this, ...(this.#following?.all ?? [])];
  }

  next(): Promise<ArrivingFile | null> {
    this.#next ??= this.#form.file(this.#at + 1).then((part) => {
      this.#following = part && new ArrivingFile(this.#form, part, this.#limits, this.#kept, this.#at + 1);
      return this.#following;
    });
    return this.#next;
  }

  /** Its beginning is here, as much as tells what it is; of a small one its form's next, or the whole form. @throws {failure} */
  async begun(): Promise<void> {
    for (let index = 0; this.#head.length < LEAST_HEAD_BYTES && (await this.piece(index)) !== null;) index++;
    if (this.#ended) {
      const next = await this.next();
      await (next ? next.begun() : this.#form.end());
    }
    this.#fieldsKnown = this.#form.fields.length;
  }

  async piece(index: number): Promise<Buffer | null> {
    if (index < this.#first) throw new Error('the beginning of the file is not kept any more');
    for (;;) {
      if (this.failure) throw this.failure;
      const piece = this.#chunks[index - this.#first];
      if (piece) return piece;
      if (this.#ended) return null;
      this.#more ??= Promise.withResolvers<void>();
      this.#bytes.resume();
      await this.#more.promise;
    }
  }

  get fieldsBehind(): readonly FormField[] | null {
    return this.#form.endedAt === null ? null : this.#form.fields.slice(this.#fieldsKnown);
  }

  end(): Promise<void> {
    return this.#form.end();
  }

  /** Nobody takes it any more, nor those behind it. */
  close(): Promise<void> {
    this.#forget();
    return this.#following?.close() ?? Promise.resolve();
  }

  #forget(): void {
    this.#kept.again = false;
    this.#first += this.#chunks.length;
    this.#chunks = [];
  }

  #take(chunk: Buffer): void {
    this.#arrived += chunk.length;
    if (this.#arrived > this.#limits.file) this.#form.fail(new RequestTooLargeError(this.#limits.file, 'The file'));
    if (this.#head.length < HEAD_BYTES) this.#head = Buffer.concat([this.#head, chunk]).subarray(0, HEAD_BYTES);
    this.#kept.bytes += chunk.length;
    if (this.#kept.bytes > this.#limits.kept) this.#forget();
    this.#chunks.push(chunk);
    this.#tell();
  }

  #tell(): void {
    this.#more?.resolve();
    this.#more = null;
  }
}
