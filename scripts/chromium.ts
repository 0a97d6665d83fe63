import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** Where a Chromium is; `CHROMIUM` in the environment goes first. Null: there is none. */
export function findChromium(): string | null {
  return [process.env['CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path)) ?? null;
}

/**
 * A Chromium for the tests of the panel; Debian's is installed when there is none and that is possible.
 *
 * @throws {Error} one readable line when there is none and it cannot be installed
 */
export function ensureChromium(say: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): string {
  const found = findChromium();
  if (found) return found;
  const line = 'apt-get install -y --no-install-recommends chromium';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error(`The tests of the panel need a Chromium. As root: ${line}; or set CHROMIUM to the path of one.`);
  say(`Installing a Chromium for the tests of the panel: ${line} (once)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
  execFileSync('apt-get', line.split(' ').slice(1), { stdio: 'ignore', env });
  const installed = findChromium();
  if (!installed) throw new Error(`Chromium was installed and is in none of these places: ${PLACES.join(', ')}`);
  return installed;
}
