import type { Variables } from '../../src/config/expand.ts';
import { readCommand, type Options } from '../../src/config/options.ts';

/** The options that these arguments and variables give a start. */
export function startOptions(argv: readonly string[], variables: Variables = {}): Options {
  const command = readCommand(argv, variables, '/');
  if (command.name !== 'start') throw new Error(`these are options of ${command.name}`);
  return command.options;
}
