import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes a page of `docs/`; under `--check` compares it instead, and the program fails when they differ.
 *
 * @param name file name in `docs/`
 */
export function writePage(name: string, text: string, args: readonly string[] = process.argv): void {
  writeGenerated(`docs/${name}`, text, args);
}

/**
 * The same for any file that is made from the sources and committed.
 *
 * @param path from the repository's root
 */
export function writeGenerated(path: string, text: string, args: readonly string[] = process.argv): void {
  const file = new URL(`../${path}`, import.meta.url);
  if (!args.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${path} differs from the code\n`);
    process.exitCode = 1;
  }
}
