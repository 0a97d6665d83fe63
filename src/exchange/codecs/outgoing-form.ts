import { randomBytes } from 'node:crypto';
import { ClientGoneError } from '../../core/errors.ts';
import { FormWriter, type FormField } from '../../dialects/framing/multipart.ts';
import type { StreamedBody } from '../../providers/transport/streamed-body.ts';
import type { Upload } from '../upload.ts';

export interface OutgoingFormParts {
  readonly fields: readonly FormField[];
  readonly upload: Upload;
  /** What of the fields behind the file goes to the provider. */
  readonly passed: (fields: readonly FormField[]) => readonly FormField[];
}

/** A form on its way to a provider: fields, then the files as its client sends them, then what stood behind them. For one attempt. */
export class OutgoingForm implements StreamedBody {
  readonly contentType: string;
  readonly fields: readonly FormField[];
  readonly upload: Upload;
  waits = false;
  readonly #writer = new FormWriter(`gateway-${randomBytes(18).toString('hex')}`);
  readonly #passed: OutgoingFormParts['passed'];
  readonly #pieces: AsyncGenerator<Buffer, void, void>;
  #next: PromiseWithResolvers<IteratorResult<Buffer, void>> | null = null;
  #stopped = false;

  constructor({ fields, upload, passed }: OutgoingFormParts) {
    this.fields = fields;
    this.upload = upload;
    this.contentType = this.#writer.contentType;
    this.#passed = passed;
    this.#pieces = this.#written();
  }

  /** Bytes of all of it; null: more may come behind the file. */
  get length(): number | null {
    const { fieldsBehind, all } = this.upload;
    if (fieldsBehind === null || all === null) return null;
    const writer = this.#writer;
    const files = all.reduce((sum, file) => sum + this.#head(file).length + (file.size ?? 0) + writer.fileEnd().length, 0);
    return writer.fields(this.fields).length + files + this.#tail(fieldsBehind).length;
  }

  next(): Promise<IteratorResult<Buffer, void>> {
    if (this.#stopped) return Promise.reject(new ClientGoneError(STOPPED));
    const next = Promise.withResolvers<IteratorResult<Buffer, void>>();
    this.#next = next;
    this.#pieces.next().then(next.resolve, next.reject);
    return next.promise;
  }

  stop(): void {
    this.#stopped = true;
    this.#next?.reject(new ClientGoneError(STOPPED));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#written(): AsyncGenerator<Buffer, void, void> {
    const { upload } = this;
    let before = this.#writer.fields(this.fields);
    for (let file: Upload | null = upload; file !== null; file = await this.#waiting(file.next())) {
      yield Buffer.concat([before, this.#head(file)]);
      for (let index = 0; ; index++) {
        const piece = await this.#waiting(file.piece(index));
        if (piece === null) break;
        yield piece;
      }
      before = this.#writer.fileEnd();
    }
    await this.#waiting(upload.end());
    yield Buffer.concat([before, this.#tail(upload.fieldsBehind ?? [])]);
  }

  /** Meanwhile it is the client who takes time, and not the provider. */
  async #waiting<Value>(value: Promise<Value>): Promise<Value> {
    this.waits = true;
    const here = await value;
    this.waits = false;
    return here;
  }

  /** What stands before the bytes of a file. */
  #head(file: Upload): Buffer {
    const { field, filename, contentType } = file;
    return this.#writer.fileHead({ field, filename, contentType });
  }

  /** What stands behind the last of them. */
  #tail(behind: readonly FormField[]): Buffer {
    return Buffer.concat([this.#writer.fields(this.#passed(behind)), this.#writer.end()]);
  }
}

const STOPPED = 'nobody takes the upload any more';
