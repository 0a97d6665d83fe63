import { tryLoadConfig } from './load.ts';
import type { LoadRequest } from './load.ts';
import type { Problem } from './problem.ts';

/**
 * Everything there is to say about a configuration, file by file, from top to bottom. Nothing is started and nothing is written.
 *
 * @returns problems of every severity; a file is fit when none is `fatal` or `error` ({@link isFit})
 */
export async function checkConfig(request: LoadRequest): Promise<readonly Problem[]> {
  const { problems } = await tryLoadConfig(request);
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column);
}

/** Whether a file with these problems starts with every model in it. */
export function isFit(problems: readonly Problem[]): boolean {
  return problems.every(({ severity }) => severity === 'warning');
}
