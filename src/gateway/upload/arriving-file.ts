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
  /** How much is kept so that it can be sent again (ruling B9). */
  readonly kept: number;
}

/** Enough for the header of a recording with everything that may stand in it ... */
const HEAD_BYTES = 4096;
/** ... and for the usual one. */
const LEAST_HEAD_BYTES = 64;

/** A file that is passed on as it arrives: no faster than it is taken, and kept from its beginning as long as it is small. */
export class ArrivingFile implements Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly declared: number | null;
  readonly atMost: number;
  again = true;
  readonly #form: IncomingForm;
  readonly #bytes: Readable;
  readonly #limits: ArrivingLimits;
  /** How many fields were here when the call began. */
  #fieldsKnown = 0;
  #chunks: Buffer[] = [];
  /** Index of the first of them. */
  #first = 0;
  #arrived = 0;
  #ended = false;
  #head: Buffer = Buffer.alloc(0);
  #more: PromiseWithResolvers<void> | null = null;

  constructor(form: IncomingForm, { filename, contentType, bytes }: FilePart, limits: ArrivingLimits) {
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
      if (this.#arrived === 0) form.fail(new InvalidRequestError('The file is empty: there is nothing to hear.', 'file'));
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

  /** Its beginning is here, as much as tells what it is; of a small one the whole form. @throws {failure} */
  async begun(): Promise<void> {
    for (let index = 0; this.#head.length < LEAST_HEAD_BYTES && (await this.piece(index)) !== null;) index++;
    if (this.#ended) await this.#form.end();
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

  /** Nobody takes it any more. */
  close(): Promise<void> {
    this.again = false;
    this.#first += this.#chunks.length;
    this.#chunks = [];
    return Promise.resolve();
  }

  #take(chunk: Buffer): void {
    this.#arrived += chunk.length;
    if (this.#arrived > this.#limits.file) this.#form.fail(new RequestTooLargeError(this.#limits.file, 'The file'));
    if (this.#head.length < HEAD_BYTES) this.#head = Buffer.concat([this.#head, chunk]).subarray(0, HEAD_BYTES);
    if (this.#arrived > this.#limits.kept) {
      this.again = false;
      this.#first += this.#chunks.length;
      this.#chunks = [];
    }
    this.#chunks.push(chunk);
    this.#tell();
  }

  #tell(): void {
    this.#more?.resolve();
    this.#more = null;
  }
}
