import { randomBytes } from 'node:crypto';
import { FormWriter, type FormField } from '../../dialects/framing/multipart.ts';
import type { Upload } from '../upload.ts';
import { OutgoingUpload } from './outgoing-upload.ts';

export interface OutgoingFormParts {
  readonly fields: readonly FormField[];
  readonly upload: Upload;
  /** What of the fields behind the file goes to the provider. */
  readonly passed: (fields: readonly FormField[]) => readonly FormField[];
  /** What the provider calls the field of the file; absent: as its client does. */
  readonly fileField?: string | undefined;
}

/** A form on its way to a provider: fields, then the files as its client sends them, then what stood behind them. For one attempt. */
export class OutgoingForm extends OutgoingUpload {
  readonly contentType: string;
  readonly fields: readonly FormField[];
  readonly #writer = new FormWriter(`gateway-${randomBytes(18).toString('hex')}`);
  readonly #passed: OutgoingFormParts['passed'];
  readonly #fileField: string | undefined;

  constructor({ fields, upload, passed, fileField }: OutgoingFormParts) {
    super(upload);
    this.fields = fields;
    this.contentType = this.#writer.contentType;
    this.#passed = passed;
    this.#fileField = fileField;
  }

  /** Bytes of all of it; null: more may come behind the file. */
  get length(): number | null {
    const { fieldsBehind, all } = this.upload;
    if (fieldsBehind === null || all === null) return null;
    const writer = this.#writer;
    const files = all.reduce((sum, file) => sum + this.#head(file).length + (file.size ?? 0) + writer.fileEnd().length, 0);
    return writer.fields(this.fields).length + files + this.#tail(fieldsBehind).length;
  }

  protected async *written(): AsyncGenerator<Buffer, void, void> {
    const { upload } = this;
    let before = this.#writer.fields(this.fields);
    for (let file: Upload | null = upload; file !== null; file = await this.waiting(file.next())) {
      yield Buffer.concat([before, this.#head(file)]);
      for (let index = 0; ; index++) {
        const piece = await this.waiting(file.piece(index));
        if (piece === null) break;
        yield piece;
      }
      before = this.#writer.fileEnd();
    }
    await this.waiting(upload.end());
    yield Buffer.concat([before, this.#tail(upload.fieldsBehind ?? [])]);
  }

  /** What stands before the bytes of a file. */
  #head(file: Upload): Buffer {
    const { field, filename, contentType } = file;
    return this.#writer.fileHead({ field: this.#fileField ?? field, filename, contentType });
  }

  /** What stands behind the last of them. */
  #tail(behind: readonly FormField[]): Buffer {
    return Buffer.concat([this.#writer.fields(this.#passed(behind)), this.#writer.end()]);
  }
}
