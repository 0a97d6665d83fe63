import type { FormField } from '../dialects/framing/multipart.ts';

/**
 * A file of a form that a client sends, perhaps still on its way, and the way to the form's next one. It is taken piece by piece, from the first one on for every attempt.
 */
export interface Upload {
  /** Name of the form's field that holds it. */
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
  /** Its first bytes, for what its header tells. */
  readonly head: Buffer;
  /** Bytes; null while it arrives. */
  readonly size: number | null;
  /** Bytes that its client announced for all of the request; null: none were. */
  readonly declared: number | null;
  /** It cannot become larger, bytes. */
  readonly atMost: number;
  /** `clock.elapsed()` when all of its form was here: before, the call waits for its client. Null: not yet. */
  readonly endedAt: number | null;
  /** Why the rest of it will never be here; null: nothing is wrong. */
  readonly failure: Error | null;
  /** Whether its first piece can be had: without it, nobody else can be asked (ruling B9). */
  readonly again: boolean;
  /**
   * Its bytes, cut in no particular way. Waits until they are here. Null behind the last.
   *
   * @throws {failure}
   */
  piece(index: number): Promise<Buffer | null>;
  /** Fields that the call did not know yet when it began; null: their form has not ended. */
  readonly fieldsBehind: readonly FormField[] | null;
  /** All of the form is here. @throws {failure} */
  end(): Promise<void>;
  /** The form's next file, once all of this one is taken; null behind the last. @throws {failure} */
  next(): Promise<Upload | null>;
  /** The form's files from this one on, when all of them are here; null: more may come. */
  readonly all: readonly Upload[] | null;
  /** How many files of the form are known so far. */
  readonly known: number;
}

/** A form with one file that is all here. */
export function uploadOf(bytes: Buffer, filename: string, contentType: string): Upload {
  const upload: Upload = {
    field: 'file',
    filename,
    contentType,
    head: bytes,
    size: bytes.length,
    declared: bytes.length,
    atMost: bytes.length,
    endedAt: 0,
    failure: null,
    again: true,
    fieldsBehind: [],
    piece: (index) => Promise.resolve(index === 0 ? bytes : null),
    end: () => Promise.resolve(),
    next: () => Promise.resolve(null),
    get all() {
      return [upload];
    },
    known: 1,
  };
  return upload;
}

/** Waits until all of a form is here; nobody needs its bytes. */
export async function drained(upload: Upload): Promise<void> {
  for (let file: Upload | null = upload; file !== null; file = await file.next())
    for (let index = 0; (await file.piece(index)) !== null;) index++;
  await upload.end();
}
