import { readFile } from 'node:fs/promises';
import type { TlsFiles } from '../config/options.ts';
import { ConfigError } from '../core/errors.ts';

/** Certificate with its chain, and its private key. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads certificate and key. @throws {ConfigError} one line: which file, and what is wrong with it */
export async function readTls({ certificate, key }: TlsFiles): Promise<TlsMaterial> {
  const material = { cert: await readPart('certfile', certificate), key: await readPart('keyfile', key) };
  checkPart('certfile', certificate, 'a certificate in PEM form', { cert: material.cert });
  checkPart('keyfile', key, 'a private key in PEM form without a password', { key: material.key });
  checkPart('keyfile', key, `the key of the certificate ${certificate}`, material);
  return material;
}

async function readPart(option: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`${option}: ${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`);
  }
}

function checkPart(option: string, file: string, wanted: string, part: Partial<TlsMaterial>): void {
  try {
    // Loaded when there is a certificate: most servers have none.
    process.getBuiltinModule('node:tls').createSecureContext(part);
  } catch {
    throw new ConfigError(`${option}: ${file} is not ${wanted}`);
  }
}
