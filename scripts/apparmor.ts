import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = ['/usr/sbin/apparmor_parser', '/sbin/apparmor_parser'];

function found(): string | null {
  return PLACES.find((path) => existsSync(path)) ?? null;
}

/** The compiler of AppArmor profiles, if it is here; `why` says what is missing. It needs no kernel with AppArmor. */
export function findApparmorParser(): { readonly parser: string | null; readonly why: string } {
  return { parser: found(), why: 'apparmor_parser is missing; as root: apt-get install -y --no-install-recommends apparmor' };
}

/** Installs it where that is possible; a machine without it skips one test, and says so. */
export function ensureApparmorParser(say: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): void {
  if (found() !== null || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const line = 'apt-get install -y --no-install-recommends apparmor';
  say(`Installing the compiler of AppArmor profiles for one test: ${line} (once)`);
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  try {
    execFileSync('apt-get', ['update', '-q'], options);
    execFileSync('apt-get', line.split(' ').slice(1), options);
  } catch {
    say(`It could not be installed; ${findApparmorParser().why}`);
  }
}
