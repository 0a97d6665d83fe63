import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from './made-once.ts';

const run = promisify(execFile);

const CACHE = path.resolve(import.meta.dirname, '../.cache/python');

/** A Python that can make virtual environments. */
export interface Python {
  readonly version: string;
  readonly executable: string;
}

/** What the machine must have. */
const PROBE = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print(sys.version.split()[0], sys.executable)';

/**
 * A Python with the given packages, in a virtual environment of its own below `.cache/python`: one for each set of
 * packages, installed from wheels when first asked for and then found in a few milliseconds. Safe when several processes
 * ask at once.
 *
 * @param packages pinned requirements such as `numpy==2.4.6`, with environment markers where needed
 * @param say takes one line for each thing that takes time; standard error by default
 * @param of the Python it is made of; the machine's by default
 * @returns absolute path of the interpreter
 * @throws {Error} one readable line when Python is missing or an installation fails
 */
export async function ensurePython(
  packages: readonly string[],
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  of?: Python,
): Promise<string> {
  const base = of ?? (await findPython());
  const wanted = [...packages].sort();
  const key = createHash('sha256')
    .update([base.version, ...wanted].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const folder = await madeOnce(path.join(CACHE, key), async (workshop) => {
    say(`Python ${base.version}: installing ${wanted.join(', ')} (once)`);
    await run(base.executable, ['-m', 'venv', workshop]).catch(failed('making a virtual environment'));
    const install = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--only-binary', ':all:', ...wanted];
    await run(pythonIn(workshop), install).catch(failed(`installing ${wanted.join(', ')}`));
  });
  return pythonIn(folder);
}

const pythonIn = (environment: string): string => path.join(environment, 'bin', 'python');

async function findPython(): Promise<Python> {
  for (const name of ['python3', 'python']) {
    try {
      const { stdout } = await run(name, ['-c', PROBE]);
      const [version = '', ...executable] = stdout.trim().split(' ');
      return { version, executable: executable.join(' ') };
    } catch {
      // The next name may do.
    }
  }
  throw new Error('Python 3.10 or newer with venv and pip is needed (Debian: apt-get install python3-venv).');
}

function failed(what: string): (cause: Error & { stderr?: string }) => never {
  return (cause) => {
    const words = (cause.stderr ?? cause.message).trim().split('\n').at(-1) ?? '';
    throw new Error(`Python: ${what} failed: ${words}`, { cause });
  };
}
