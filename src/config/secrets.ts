import { constants, copyFile, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import type { Variables } from './expand.ts';
import { weakness } from './weak-keys.ts';

export interface SecretsRequest {
  readonly dataDir: string;
  readonly variables: Variables;
  /** `general_settings.master_key`, filled in; the environment's value is already in it when there is one. */
  readonly masterKey: string | null;
  /** Random bytes, fit for keys. */
  readonly randomBytes: (size: number) => Uint8Array;
  /** Refuse well-known keys instead of warning of them: under Home Assistant, unless the owner insists. */
  readonly refuseWeak?: boolean;
}

export interface Secret {
  readonly value: string;
  /** `made`: just now; `file`: made by an earlier start. */
  readonly from: 'environment' | 'config' | 'file' | 'made';
  /** Where the person finds it, when it is in a file of ours. */
  readonly path: string | null;
}

export interface Secrets {
  /** The administrator's key. */
  readonly master: Secret;
  /** Behind key checks and the encryption of stored credentials; must never change. */
  readonly salt: Secret;
  /** Weak keys, in words for log and panel; never the key. */
  readonly warnings: readonly string[];
}

/**
 * The master key and the salt key. Environment and file win; a missing one is read from the data folder, and made there
 * (32 random bytes, mode 0600) when it is not there yet. Two starts at once agree on one.
 *
 * @throws {ConfigError} when a secret file is empty or cannot be read or written, or a key is refused
 */
export async function resolveSecrets(request: SecretsRequest): Promise<Secrets> {
  const { variables, masterKey, randomBytes } = request;
  const folder = join(request.dataDir, 'secrets');
  const given = variables['LITELLM_SALT_KEY'];
  const random = (): string => Buffer.from(randomBytes(32)).toString('base64url');
  const master: Secret = masterKey
    ? { value: masterKey, from: variables['LITELLM_MASTER_KEY'] ? 'environment' : 'config', path: null }
    : await keptSecret(join(folder, 'master-key'), 'sk-', random);
  const salt: Secret = given ? { value: given, from: 'environment', path: null } : await keptSecret(join(folder, 'salt-key'), '', random);
  return { master, salt, warnings: weaknesses(master, salt, request.refuseWeak ?? false) };
}

function weaknesses(master: Secret, salt: Secret, refuse: boolean): string[] {
  const found = [weakness('master', master.value), weakness('salt', salt.value)].filter((weak) => weak !== null);
  const refused = refuse ? found.find(({ wellKnown }) => wellKnown) : undefined;
  if (refused) throw new ConfigError(refused.message);
  return found.map(({ message }) => message);
}

async function keptSecret(path: string, prefix: string, random: () => string): Promise<Secret> {
  try {
    const kept = await readSecret(path);
    if (kept !== null) return { value: kept, from: 'file', path };
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const value = prefix + random();
    // Another start may have been quicker: then its secret counts.
    if (await writeOnce(path, value, `${path}.${random().slice(0, 8)}.tmp`)) return { value, from: 'made', path };
    return { value: (await readSecret(path)) ?? value, from: 'file', path };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path}: the secret can neither be read nor made there (${codeOf(error)}); is the data folder writable?`);
  }
}

async function readSecret(path: string): Promise<string | null> {
  try {
    const value = (await readFile(path, 'utf8')).trim();
    if (value !== '') return value;
    throw new ConfigError(`${path}: is empty; put the key back from a backup, or delete the file to have a new one made`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Writes a file that appears whole or not at all, and never replaces one. @returns whether it was written */
async function writeOnce(path: string, value: string, draft: string): Promise<boolean> {
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${value}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path).catch(async (error: unknown) => {
      // Some file systems have no links; then the copy at least never replaces a file.
      if (!NO_LINKS.has(codeOf(error))) throw error;
      await copyFile(draft, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
