import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Changes of the disk, each on the disk when it is done. Tests end the work between any two of them. */
export interface Disk {
  makeFolder(path: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  write(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Both names change places in one step. @returns false where the system cannot do that; then nothing has changed */
  exchange(one: string, other: string): Promise<boolean>;
}

export const systemDisk: Disk = {
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o755 });
  },
  async copy(from, to) {
    await copyFile(from, to);
    await synced(to, 0o644);
  },
  async write(path, text) {
    // Never through a link that somebody left there.
    await rm(path, { force: true });
    await writeFile(path, text, { flag: 'wx', mode: 0o644 });
    await synced(path, 0o644);
  },
  async rename(from, to) {
    await rename(from, to);
    await synced(dirname(to));
  },
  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },
  async exchange(one, other) {
    // renameat2 has no name in Node; mv has one since coreutils 9.5.
    const { status } = spawnSync('mv', ['--exchange', '--no-target-directory', one, other], { stdio: 'ignore' });
    if (status === 0) await synced(dirname(other));
    return status === 0;
  },
};

async function synced(path: string, mode?: number): Promise<void> {
  const handle = await open(path);
  try {
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
