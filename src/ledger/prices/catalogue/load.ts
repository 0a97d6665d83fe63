import { readFile } from 'node:fs/promises';
import { Catalogue } from './catalogue.ts';
import { packageCatalogueText } from './extract.ts';

/**
 * Loads the bundled prices from the file that the build wrote (3 MB of memory, a few milliseconds), or, where there is
 * none, from the price package itself (15 to 20 MB, some 70 ms).
 *
 * @param file where the build put `packageCatalogueText()`; null when run from sources
 */
export async function loadCatalogue(file: URL | null): Promise<Catalogue> {
  const text = file === null ? null : await textOf(file);
  return new Catalogue(text ?? (await packageCatalogueText()));
}

async function textOf(file: URL): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
