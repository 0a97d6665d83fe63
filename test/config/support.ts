import { tryLoadConfig } from '../../src/config/load.ts';
import type { Loaded } from '../../src/config/load.ts';
import type { Variables } from '../../src/config/expand.ts';
import type { Config } from '../../src/config/config.ts';
import { problemText } from '../../src/config/problem.ts';
import { UnreadableFileError } from '../../src/config/text-file.ts';

/** Loads a configuration from texts by file name; the main file is `config.yaml`. */
export async function loadTexts(
  texts: Readonly<Record<string, string>>,
  variables: Variables = {},
  pinned?: ReadonlySet<string>,
): Promise<Loaded> {
  return tryLoadConfig({
    file: 'config.yaml',
    variables,
    ...(pinned ? { pinned } : {}),
    readText: async (path) => {
      const text = texts[path];
      if (text === undefined) throw new UnreadableFileError('does not exist', true);
      return text;
    },
  });
}

/** The configuration that a text makes; fails with its problems when it makes none. */
export async function configOf(text: string, variables: Variables = {}): Promise<Config> {
  const { config, problems } = await loadTexts({ 'config.yaml': text }, variables);
  if (!config) throw new Error(problems.map(problemText).join('\n'));
  return config;
}

/** All problems of a text, one line each, led by their severity. */
export async function problemsOf(text: string, variables: Variables = {}): Promise<string[]> {
  const { problems } = await loadTexts({ 'config.yaml': text }, variables);
  return problems.map((problem) => `${problem.severity} ${problemText(problem)}`);
}
