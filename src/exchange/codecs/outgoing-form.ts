import { randomBytes } from 'node:crypto';
import { ClientGoneError } from '../../core/errors.ts';
import { FormWriter, type FormField } from '../../dialects/framing/multipart.ts';
import type { StreamedBody } from '../../providers/transport/streamed-body.ts';
import type { Upload } from '../upload.ts';

/** Name of the field that holds the file. */
const FILE_FIELD = 'file';

export interface OutgoingFormParts {
  readonly fields: readonly FormField[];
  readonly upload: Upload;
  /** What of the fields behind the file goes to the provider. */
  readonly passed: (fields: readonly FormField[]) => readonly FormField[];
}

/** A form on its way to a provider: fields, then the file as its client sends it, then what stood behind it. For one attempt. */
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
    const { size, fieldsBehind } = this.upload;
    if (size === null || fieldsBehind === null) return null;
    const { head, tail } = this.#frame(this.#passed(fieldsBehind));
    return head.length + size + tail.length;
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
    yield this.#frame([]).head;
    for (let index = 0; ; index++) {
      const piece = await this.#waiting(upload.piece(index));
      if (piece === null) break;
      yield piece;
    }
    await this.#waiting(upload.end());
    yield this.#frame(this.#passed(upload.fieldsBehind ?? [])).tail;
  }

  /** Meanwhile it is the client who takes time, and not the provider. */
  async #waiting<Value>(value: Promise<Value>): Promise<Value> {
    this.waits = true;
    const here = await value;
    this.waits = false;
    return here;
  }

  /** What stands around the file. */
  #frame(behind: readonly FormField[]): { readonly head: Buffer; readonly tail: Buffer } {
    const { filename, contentType } = this.upload;
    const writer = this.#writer;
    return {
      head: Buffer.concat([writer.fields(this.fields), writer.fileHead({ field: FILE_FIELD, filename, contentType })]),
      tail: Buffer.concat([writer.fileEnd(), writer.fields(behind), writer.end()]),
    };
  }
}

const STOPPED = 'nobody takes the upload any more';
