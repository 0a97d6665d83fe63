import { lchown, lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';

/** The plain user that the server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** @param passwd the system's list of users @throws {ConfigError} when it has no such user */
export async function accountOf(name: string, passwd = '/etc/passwd'): Promise<Account> {
  const entry = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(await readFile(passwd, 'utf8'));
  if (!entry) throw new ConfigError(`There is no user ${name} on this system`);
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

/** Makes a folder that is the account's, with this mode; what is in it is made the account's too. Links are not followed. */
export async function makeOwnFolder(path: string, mode: number, account: Account): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  if (await give(path, account)) await giveAll(path, account);
}

/** Makes one file or folder the account's. @returns whether it was somebody else's */
export async function give(path: string, { uid, gid }: Account): Promise<boolean> {
  const found = await lstat(path);
  if (found.uid === uid && found.gid === gid) return false;
  await lchown(path, uid, gid);
  return true;
}

async function giveAll(folder: string, account: Account): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await give(path, account);
    if (entry.isDirectory()) await giveAll(path, account);
  }
}
