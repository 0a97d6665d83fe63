import { bytes } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import type { Picture } from './turns.ts';

/** Kinds that providers take. */
export const PICTURE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
const LARGEST_BYTES = 10_000_000;
const MOST = 8;

export interface ReadPictures {
  readonly pictures: readonly Picture[];
  /** Why a file was not taken, in a sentence; null: all were. */
  readonly problem: string | null;
}

/** Reads files that were chosen, pasted or dropped. @param before pictures that are there already */
export async function readPictures(files: readonly File[], before: number): Promise<ReadPictures> {
  const pictures: Picture[] = [];
  let problem: string | null = null;
  for (const file of files) {
    problem = problemOf(file, before + pictures.length) ?? problem;
    if (problemOf(file, before + pictures.length) === null) pictures.push(await readPicture(file));
  }
  return { pictures, problem };
}

function problemOf(file: File, before: number): string | null {
  if (!PICTURE_TYPES.includes(file.type)) return t('playground.picture.kind', { name: file.name });
  if (file.size > LARGEST_BYTES)
    return t('playground.picture.large', { name: file.name, size: bytes(file.size), most: bytes(LARGEST_BYTES) });
  return before >= MOST ? t('playground.picture.many', { most: MOST }) : null;
}

function readPicture(file: File): Promise<Picture> {
  const { promise, resolve, reject } = Promise.withResolvers<Picture>();
  const reader = new FileReader();
  reader.addEventListener('load', () =>
    resolve({ name: file.name || t('playground.picture.pasted'), bytes: file.size, url: reader.result as string }),
  );
  reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
  reader.readAsDataURL(file);
  return promise;
}
