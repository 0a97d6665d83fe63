import type { JsonObject } from '../../core/json-object.ts';
import type { FormField } from '../../dialects/framing/multipart.ts';
import type { Upload } from '../upload.ts';
import { OutgoingUpload } from './outgoing-upload.ts';

/** A client's file on its way to a provider that takes it as base64 in a JSON body. For one attempt. */
export class OutgoingJsonFile extends OutgoingUpload {
  readonly fields: readonly FormField[] = [];
  readonly contentType = 'application/json';
  readonly #head: string;
  readonly #beside: (behind: readonly FormField[]) => JsonObject;

  /**
   * @param member that holds the file
   * @param beside other members, asked for once the fields behind the file are known
   */
  constructor(upload: Upload, member: string, beside: (behind: readonly FormField[]) => JsonObject) {
    super(upload);
    this.#head = `{${JSON.stringify(member)}:"`;
    this.#beside = beside;
  }

  /** Bytes; null while more may come. */
  get length(): number | null {
    const { fieldsBehind, size } = this.upload;
    if (fieldsBehind === null || size === null) return null;
    return Buffer.byteLength(this.#head) + Math.ceil(size / 3) * 4 + Buffer.byteLength(this.#tail(fieldsBehind));
  }

  protected async *written(): AsyncGenerator<Buffer, void, void> {
    const { upload } = this;
    yield Buffer.from(this.#head);
    let left: Buffer = Buffer.alloc(0);
    for (let index = 0; ; index++) {
      const piece = await this.waiting(upload.piece(index));
      if (piece === null) break;
      const bytes = left.length === 0 ? piece : Buffer.concat([left, piece]);
      // Three bytes are four letters: what does not come out even waits for the next piece.
      const even = bytes.length - (bytes.length % 3);
      left = Buffer.from(bytes.subarray(even));
      if (even > 0) yield Buffer.from(bytes.toString('base64', 0, even));
    }
    await this.waiting(upload.end());
    yield Buffer.from(left.toString('base64') + this.#tail(upload.fieldsBehind ?? []));
  }

  #tail(behind: readonly FormField[]): string {
    const members = JSON.stringify(this.#beside(behind)).slice(1, -1);
    return `"${members === '' ? '' : `,${members}`}}`;
  }
}
