import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { PACKABLE } from '../src/web/packed.ts';

const LEAST_BYTES = 1024;

/** Lays beside each file of a folder what gets smaller when packed, as `.br` and `.gz`: the server packs nothing itself. */
export async function packAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !PACKABLE.has(extname(entry.name))) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    if (bytes.length < LEAST_BYTES) continue;
    await writeFile(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
    await writeFile(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
