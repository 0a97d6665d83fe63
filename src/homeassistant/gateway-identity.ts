import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const Identity = z.object({ gateway_id: z.uuid(), created_at: z.iso.datetime() });

/**
 * The id that Home Assistant knows this gateway by; made once and kept in the data folder. It outlives restarts, updates and restores: all
 * devices and entities hang on it.
 *
 * @param file `gateway.json` in the data folder
 * @throws when the file can neither be read nor made
 */
export async function gatewayIdentity(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) return Identity.parse(JSON.parse(text)).gateway_id;
  const identity = { gateway_id: randomUUID(), created_at: new Date().toISOString(), schema: 1 };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.tmp`, `${JSON.stringify(identity)}\n`, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
  return identity.gateway_id;
}
