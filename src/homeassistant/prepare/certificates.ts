import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AppOptions } from '../../config/app-options.ts';
import { ConfigError } from '../../core/errors.ts';
import { give, type Account } from './account.ts';

/**
 * Copies certificate and key to where the server, which may not read the folder of certificates, can read them alone.
 *
 * @param from folder of certificates
 * @param to folder of the copies; emptied
 * @throws {ConfigError} which file is missing, or cannot be read
 */
export async function copyCertificates(options: AppOptions, from: string, to: string, account: Account): Promise<void> {
  await rm(to, { recursive: true, force: true });
  if (!options.ssl) return;
  await mkdir(to, { recursive: true, mode: 0o700 });
  await give(to, account);
  for (const option of ['certfile', 'keyfile'] as const) await copyOne(option, options[option], { from, to, account });
}

interface Places {
  readonly from: string;
  readonly to: string;
  readonly account: Account;
}

async function copyOne(option: string, name: string, { from, to, account }: Places): Promise<void> {
  const [source, target] = [join(from, name), join(to, name)];
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  try {
    await copyFile(source, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`Option ${option}: ${source} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`);
  }
  await chmod(target, 0o400);
  await give(target, account);
}
