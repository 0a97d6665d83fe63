import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { ensurePython, type Python } from '../python-env.ts';
import { debianExecutable, debianFolder, debianHeaders, makeDebianPython } from './debian-python.ts';
import { runProgram } from './program.ts';

/** A Python that runs Home Assistant Core. */
export interface Interpreter extends Python {
  /** What a compiler must search beside its own folders to build an extension; null: its own are enough. */
  readonly headers: string | null;
}

/** No Python new enough is here and none can be had: what needs it counts as not run. */
export class NoInterpreterError extends Error {
  override readonly name = 'NoInterpreterError';
}

export type Say = (line: string) => void;

/** From PyPI; it resolves Core's requirements in seconds, where pip gives up. */
const UV = 'uv==0.13.9';

const OLDEST = '3.14.2';

const PROBE = `import sys, venv, ensurepip; assert sys.version_info >= (3, 14, 2); print(sys.version.split()[0], sys.executable)`;

/**
 * A Python that Home Assistant Core runs on: the machine's own (named by PYTHON_HOME_ASSISTANT, else on the PATH), else one
 * that uv installs, else Debian's packages unpacked below the cache.
 *
 * @param cache absolute path of the folder that the last two go to
 * @throws {NoInterpreterError} one line that says what was looked for and how to give it
 */
export async function findInterpreter(cache: string, say: Say): Promise<Interpreter> {
  const debian = debianFolder(cache);
  const found = (await onTheMachine()) ?? (await installedByUv(cache)) ?? (await unpacked(debian));
  if (found) return found;
  say(`Home Assistant's tests need Python ${OLDEST} or newer: getting one (once)`);
  const failures: string[] = [];
  const noted = (cause: unknown): null => {
    failures.push(cause instanceof Error ? cause.message : String(cause));
    return null;
  };
  const made = (await installByUv(cache, say).catch(noted)) ?? (await makeDebianPython(debian).then(() => unpacked(debian), noted)) ?? null;
  if (made) return made;
  throw new NoInterpreterError(
    `Home Assistant's tests are not run: they need Python ${OLDEST} or newer on the PATH or named by PYTHON_HOME_ASSISTANT (${failures.join('; ')}).`,
  );
}

/** Path of `uv`, in an environment of the machine's Python or, when it has none, of this interpreter. */
export async function ensureUv(say: Say, interpreter?: Interpreter): Promise<string> {
  const python = await ensurePython([UV], say).catch((cause: unknown) => {
    if (!interpreter) throw cause;
    return ensurePython([UV], say, interpreter);
  });
  return path.join(path.dirname(python), 'uv');
}

async function probe(executable: string): Promise<Python | null> {
  try {
    const [version = '', ...rest] = (await runProgram('asking a Python for its version', [executable, '-c', PROBE])).split(' ');
    return { version, executable: rest.join(' ') };
  } catch {
    return null;
  }
}

async function onTheMachine(): Promise<Interpreter | null> {
  const named = process.env['PYTHON_HOME_ASSISTANT'];
  for (const name of named ? [named] : ['python3.14', 'python3.15', 'python3']) {
    const python = await probe(name);
    if (python) return { ...python, headers: null };
  }
  return null;
}

const uvFolder = (cache: string): string => path.join(cache, 'python-uv');

const uvSettings = (cache: string): NodeJS.ProcessEnv => ({ UV_PYTHON_INSTALL_DIR: uvFolder(cache), UV_HTTP_RETRIES: '0' });

async function installedByUv(cache: string): Promise<Interpreter | null> {
  const names = await readdir(uvFolder(cache)).catch(() => []);
  if (!names.some((name) => name.startsWith('cpython-'))) return null;
  const uv = await ensureUv(() => {});
  const find = ['python', 'find', '--managed-python', `>=${OLDEST}`] as const;
  const executable = await runProgram('asking uv for its Python', [uv, ...find], uvSettings(cache)).catch(() => null);
  const python = executable ? await probe(executable) : null;
  return python && { ...python, headers: null };
}

async function installByUv(cache: string, say: Say): Promise<Interpreter | null> {
  const uv = await ensureUv(say);
  await runProgram('uv python install 3.14', [uv, 'python', 'install', '--no-bin', '3.14'], uvSettings(cache), 300_000);
  return installedByUv(cache);
}

async function unpacked(folder: string): Promise<Interpreter | null> {
  const executable = debianExecutable(folder);
  if (!existsSync(executable)) return null;
  const python = await probe(executable);
  return python && { ...python, headers: debianHeaders(folder) };
}
