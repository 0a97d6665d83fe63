import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A program that was started failed; one readable line. */
export class ProgramFailedError extends Error {
  override readonly name = 'ProgramFailedError';
}

const runFile = promisify(execFile);

/**
 * Runs a program to its end, without a shell.
 *
 * @param what names it in the error: "unpacking a package"
 * @returns its standard output, trimmed
 * @throws {ProgramFailedError} with the last line it said
 */
export async function runProgram(
  what: string,
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
  timeoutMs = 60_000,
): Promise<string> {
  const [name, ...args] = command;
  try {
    const { stdout } = await runFile(name, args, {
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  } catch (cause) {
    throw new ProgramFailedError(`${what} failed: ${lastWords(cause)}`, { cause });
  }
}

function lastWords(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const said = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
  const lines = (said || cause.message).split('\n').map((line) => line.trim());
  const last = lines.findLast((line) => line !== '' && !line.startsWith('hint:')) ?? '';
  return last.length > 300 ? `${last.slice(0, 300)}…` : last;
}
