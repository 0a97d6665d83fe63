import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes a page of `docs/`; under `--check` compares it instead, and the program fails when they differ.
 *
 * @param name file name in `docs/`
 */
export function writePage(name: string, text: string, args: readonly string[] = process.argv): void {
  const file = new URL(`../docs/${name}`, import.meta.url);
  if (!args.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`docs/${name} differs from the code\n`);
    process.exitCode = 1;
  }
}
