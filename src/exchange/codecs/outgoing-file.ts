import type { FormField } from '../../dialects/framing/multipart.ts';
import type { Upload } from '../upload.ts';
import { OutgoingUpload } from './outgoing-upload.ts';

/** A client's file on its way to a provider that takes it as it is, without a form around it. For one attempt. */
export class OutgoingFile extends OutgoingUpload {
  readonly fields: readonly FormField[] = [];
  readonly contentType: string;
  readonly #behind: (fields: readonly FormField[]) => void;

  /** @param behind told of the fields behind the file, before the provider has all of it; may throw, which ends the call */
  constructor(upload: Upload, behind: (fields: readonly FormField[]) => void) {
    super(upload);
    this.contentType = typeOf(upload);
    this.#behind = behind;
  }

  /** Bytes; null while more may come. */
  get length(): number | null {
    return this.upload.fieldsBehind === null ? null : this.upload.size;
  }

  /** The last piece is kept until it is known that nothing behind the file ends the call. */
  protected async *written(): AsyncGenerator<Buffer, void, void> {
    const { upload } = this;
    let last: Buffer | null = null;
    for (let index = 0; ; index++) {
      const piece = await this.waiting(upload.piece(index));
      if (piece === null) break;
      if (last !== null) yield last;
      last = piece;
    }
    await this.waiting(upload.end());
    this.#behind(upload.fieldsBehind ?? []);
    if (last !== null) yield last;
  }
}

/** What may stand in a header: what a client says of its file goes into one here. */
const TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}(?:; ?[\w-]{1,40}="?[\w.+-]{1,60}"?)*$/;

/** What the client says; of a file that it knows nothing of, what the end of its name says. */
function typeOf({ contentType, filename }: Upload): string {
  if (TYPE.test(contentType) && contentType !== UNKNOWN) return contentType;
  return TYPES[filename.slice(filename.lastIndexOf('.') + 1).toLowerCase()] ?? UNKNOWN;
}

const UNKNOWN = 'application/octet-stream';

const TYPES: Readonly<Record<string, string | undefined>> = {
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  mp4: 'audio/mp4',
  mpeg: 'audio/mpeg',
  mpga: 'audio/mpeg',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  webm: 'audio/webm',
};
