import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs the bench calls, and the Debian package of each. */
const TOOLS = { wrk: 'wrk', nginx: 'nginx-light', cc: 'gcc', taskset: 'util-linux' } as const;

/** Full path of a program; null when it is not there. Debian keeps nginx where only root looks. */
export function programOf(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * Installs what is missing where that is possible (Debian, as root).
 *
 * @throws with the line to type when it is not
 */
export function ensureTools(say: (line: string) => void): void {
  const missing = Object.entries(TOOLS).flatMap(([name, tool]) => (programOf(name) ? [] : [tool]));
  if (missing.length === 0) return;
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !programOf('apt-get')) throw new Error(`The bench needs programs that are not here. As root: ${line}`);
  say(`Installing what the bench needs: ${line}`);
  execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
  execFileSync('apt-get', line.split(' ').slice(1), { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  // A server that the package started by itself would stand in the way of what is measured.
  if (missing.includes('nginx-light')) execFileSync('sh', ['-c', 'service nginx stop || true'], { stdio: 'ignore' });
}

/** Compiles the stream program into `folder`. @returns its path */
export async function compileStreams(folder: string): Promise<string> {
  const program = join(folder, 'streams');
  await run('cc', ['-O2', '-o', program, join(import.meta.dirname, 'streams.c')]);
  return program;
}
