import { readFileSync, statSync } from 'node:fs';

/** Credentials are short; a pipe or a device never ends. */
const LARGEST = 262_144;

/**
 * Text of a file that holds a credential. It is small and read once an hour, so nobody waits for it.
 *
 * @throws when it cannot be read, or is no file, or a large one
 */
export function smallText(path: string): string {
  const facts = statSync(path);
  if (!facts.isFile() || facts.size > LARGEST) throw new Error('no small file');
  return readFileSync(path, 'utf8');
}
