import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { BusboyInstance } from '@fastify/busboy';
import type { Clock } from '../../core/clock.ts';
import { ClientGoneError, InvalidRequestError, RequestTooLargeError } from '../../core/errors.ts';
import type { FormField } from '../../dialects/framing/multipart.ts';
import { checkCredential } from '../client-credentials.ts';

/** A file whose announcement is here. Its bytes wait until they are taken. */
export interface FilePart {
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Readable;
}

/** Bounds of what is no file; more is no honest form. */
const MOST_FIELDS = 200;
const LARGEST_FIELD = 1_048_576;

/** Which fields of a form hold files. */
export interface FileFields {
  /** Names as their clients write them. */
  readonly names: RegExp;
  readonly most: number;
  /** How errors name them. */
  readonly shown: string;
}

/** A form with files, read as it arrives: no more is taken from the connection than somebody takes from its files. */
export class IncomingForm {
  /** Text fields that are here, in their order. */
  readonly fields: FormField[] = [];
  /** `clock.elapsed()` at its end; null before. */
  endedAt: number | null = null;
  /** Why its rest will never be here; null: nothing is wrong. */
  failure: Error | null = null;
  readonly #clock: Clock;
  readonly #request: IncomingMessage;
  readonly #wanted: FileFields;
  /** By their order; those that nobody sent yet are waited for. */
  readonly #files: PromiseWithResolvers<FilePart | null>[] = [];
  readonly #end = Promise.withResolvers<void>();
  /** How many files have begun. */
  filesKnown = 0;

  private constructor(request: IncomingMessage, clock: Clock, wanted: FileFields) {
    this.#request = request;
    this.#clock = clock;
    this.#wanted = wanted;
    // Whoever waits is told; nobody has to.
    this.#end.promise.catch(() => undefined);
  }

  /**
   * Begins to read.
   *
   * @param limit of the whole form, bytes
   * @param wanted fields that hold files
   * @throws {InvalidRequestError | RequestTooLargeError} when it can be no form
   */
  static async of(request: IncomingMessage, limit: number, clock: Clock, wanted: FileFields): Promise<IncomingForm> {
    const { headers } = request;
    if (!/^multipart\/form-data\b/i.test(headers['content-type'] ?? ''))
      throw new InvalidRequestError("The file must be sent as a form: 'Content-Type: multipart/form-data'.", 'content-type');
    if ((headers['content-encoding'] ?? 'identity') !== 'identity')
      throw new InvalidRequestError('A form with a file must not be compressed: it is passed on as it arrives.', 'content-encoding');
    if (Number(headers['content-length'] ?? 0) > limit) throw new RequestTooLargeError(limit);
    const { Busboy } = await import('@fastify/busboy');
    const form = new IncomingForm(request, clock, wanted);
    try {
      const parser = new Busboy({
        headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
        limits: { fields: MOST_FIELDS, fieldSize: LARGEST_FIELD, headerPairs: 20, headerSize: 16_384 },
      });
      form.#listen(parser);
      form.#feed(parser, limit);
    } catch (error) {
      throw broken(error);
    }
    return form;
  }

  /** A file, once its announcement is here; null when the form has ended without it. @throws {failure} */
  file(at = 0): Promise<FilePart | null> {
    return this.#slot(at).promise;
  }

  /** All of the form is here. @throws {failure} */
  end(): Promise<void> {
    return this.#end.promise;
  }

  /** Nothing more is expected of it. */
  fail(error: Error): void {
    if (this.failure !== null || this.endedAt !== null) return;
    this.failure = error;
    for (const slot of this.#files) slot.reject(error);
    this.#end.reject(error);
  }

  /** Nobody reads it any more: what still comes is thrown away. Resolves when all of it has come, or its client is gone. */
  async drained(): Promise<void> {
    const request = this.#request;
    request.unpipe();
    request.resume();
    if (!request.complete && !request.destroyed) await once(request, 'close').catch(() => undefined);
  }

  #feed(parser: BusboyInstance, limit: number): void {
    const request = this.#request;
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) this.fail(new RequestTooLargeError(limit));
    });
    const gone = (): void => {
      this.fail(new ClientGoneError('the client hung up while sending its request'));
    };
    request.on('error', gone);
    request.on('close', () => {
      if (!request.complete) gone();
    });
    if (request.destroyed) gone();
    request.pipe(parser);
  }

  #listen(parser: BusboyInstance): void {
    parser.on('field', (name: string | undefined, value, _nameCut, valueCut) => {
      if (valueCut) this.fail(new InvalidRequestError(`The form's field '${shown(name)}' is too long.`, name ?? null));
      else if (name !== undefined) this.#add(name, value);
    });
    parser.on('file', (name: string | undefined, bytes, filename: string | undefined, _encoding, contentType) => {
      bytes.on('error', (error) => {
        this.fail(broken(error));
      });
      const { names, most, shown: wanted } = this.#wanted;
      const isWanted = name !== undefined && names.test(name);
      if (isWanted && this.filesKnown < most) {
        this.#slot(this.filesKnown++).resolve({ field: name, filename: filename ?? name, contentType, bytes });
        return;
      }
      bytes.resume();
      const atMost = most === 1 ? 'Only one file can be sent.' : `At most ${most} files can be sent.`;
      this.fail(
        new InvalidRequestError(isWanted ? atMost : `The file must be sent as '${wanted}', not as '${shown(name)}'.`, name ?? null),
      );
    });
    parser.on('fieldsLimit', () => {
      this.fail(new InvalidRequestError(`The form has more than ${MOST_FIELDS} fields.`, 'request_body'));
    });
    parser.on('error', (error) => {
      this.fail(broken(error));
    });
    parser.on('finish', () => {
      if (this.failure !== null) return;
      this.endedAt = this.#clock.elapsed();
      for (const slot of this.#files) slot.resolve(null);
      this.#end.resolve();
    });
  }

  /** Whoever waits for a file of a form that is over is told at once. */
  #slot(at: number): PromiseWithResolvers<FilePart | null> {
    const known = this.#files[at];
    if (known) return known;
    const slot = Promise.withResolvers<FilePart | null>();
    slot.promise.catch(() => undefined);
    this.#files[at] = slot;
    if (this.failure !== null) slot.reject(this.failure);
    else if (this.endedAt !== null) slot.resolve(null);
    return slot;
  }

  #add(name: string, value: string): void {
    try {
      checkCredential(name, value);
    } catch (error) {
      if (error instanceof Error) this.fail(error);
      return;
    }
    // Two readers could each take another one: a way around the check of the model (ruling E8).
    if (name === 'model' && this.fields.some(([before]) => before === 'model'))
      this.fail(new InvalidRequestError("The form names two models: 'model' must stand in it once.", 'model'));
    else this.fields.push([name, value]);
  }
}

function broken(error: unknown): InvalidRequestError {
  const words = error instanceof Error ? error.message.slice(0, 200) : 'not a form';
  return new InvalidRequestError(`The form cannot be read: ${words}.`, 'request_body');
}

function shown(name: string | undefined): string {
  return (name ?? '').slice(0, 60);
}
