import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A system user that runs PostgreSQL. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: ServerAccount = { uid: 65534, gid: 65534 };

/** The user that runs PostgreSQL: `nobody` when we are root, which PostgreSQL refuses to be, else `null` for ourselves. */
export function serverAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  try {
    const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
    return entry ? { uid: Number(entry[1]), gid: Number(entry[2]) } : NOBODY;
  } catch {
    return NOBODY;
  }
}

/** Whether the account may enter the directory and every directory above it. `null` stands for ourselves, who may. */
export async function canEnter(directory: string, account: ServerAccount | null): Promise<boolean> {
  if (account === null) return true;
  for (let path = directory; ; path = dirname(path)) {
    if (!(await permits(path, account, 0o1))) return false;
    if (path === dirname(path)) return true;
  }
}

/** Whether the account may read the file. */
export async function canRead(file: string, account: ServerAccount | null): Promise<boolean> {
  return account === null || ((await canEnter(dirname(file), account)) && (await permits(file, account, 0o4)));
}

async function permits(path: string, { uid, gid }: ServerAccount, bit: number): Promise<boolean> {
  const { mode, uid: owner, gid: group } = await stat(path);
  const shift = owner === uid ? 6 : group === gid ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}
