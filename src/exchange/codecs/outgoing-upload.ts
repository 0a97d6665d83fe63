import { ClientGoneError } from '../../core/errors.ts';
import type { FormField } from '../../dialects/framing/multipart.ts';
import type { StreamedBody } from '../../providers/transport/streamed-body.ts';
import type { Upload } from '../upload.ts';

/** A client's files on their way to a provider, as they come. For one attempt. */
export abstract class OutgoingUpload implements StreamedBody {
  readonly upload: Upload;
  /** Text fields that go with them. */
  abstract readonly fields: readonly FormField[];
  abstract readonly contentType: string;
  abstract readonly length: number | null;
  waits = false;
  #pieces: AsyncGenerator<Buffer, void, void> | null = null;
  #next: PromiseWithResolvers<IteratorResult<Buffer, void>> | null = null;
  #stopped = false;

  constructor(upload: Upload) {
    this.upload = upload;
  }

  next(): Promise<IteratorResult<Buffer, void>> {
    if (this.#stopped) return Promise.reject(new ClientGoneError(STOPPED));
    const next = Promise.withResolvers<IteratorResult<Buffer, void>>();
    this.#next = next;
    this.#pieces ??= this.written();
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

  protected abstract written(): AsyncGenerator<Buffer, void, void>;

  /** Meanwhile it is the client who takes time, and not the provider. */
  protected async waiting<Value>(value: Promise<Value>): Promise<Value> {
    this.waits = true;
    const here = await value;
    this.waits = false;
    return here;
  }
}

const STOPPED = 'nobody takes the upload any more';
