import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder unless it is there, and never shows it half made: the work is done beside it and then renamed. Safe when
 * several processes call at once; the first to finish wins and the others throw their copy away.
 *
 * @param folder absolute path; its name should tell what it depends on (a hash), since it is never made again
 * @param make fills the given empty folder
 */
export async function madeOnce(folder: string, make: (workshop: string) => Promise<void>): Promise<string> {
  if (await isFolder(folder)) return folder;
  await mkdir(path.dirname(folder), { recursive: true });
  const workshop = await mkdtemp(`${folder}.making-`);
  try {
    await make(workshop);
    await rename(workshop, folder);
  } catch (error) {
    if (!(await isFolder(folder))) throw error;
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return folder;
}

async function isFolder(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
