import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const PLACE = '/usr/lib/postgresql';
const NEEDED = ['postgres', 'initdb', 'pg_dump', 'pg_restore'];

/** Programs of a PostgreSQL of this machine, with those of a backup, which the npm package has not; `why` says what is missing. */
export function findPostgres(): { readonly programs: string | null; readonly why: string } {
  const majors = existsSync(PLACE) ? readdirSync(PLACE).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = majors.map((major) => join(PLACE, major, 'bin'));
  const programs = folders.find((folder) => NEEDED.every((name) => existsSync(join(folder, name)))) ?? null;
  return { programs, why: 'a PostgreSQL with pg_dump is missing; as root: apt-get install -y --no-install-recommends postgresql' };
}

/** Installs Debian's where that is possible, without a cluster of its own; a machine without it skips the tests of backups, and says so. */
export function ensurePostgres(say: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): void {
  if (findPostgres().programs !== null || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  say('Installing a PostgreSQL with pg_dump for the tests of backups: apt-get install -y --no-install-recommends postgresql (once)');
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  const install = (...names: readonly string[]): void => {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...names], options);
  };
  try {
    execFileSync('apt-get', ['update', '-q'], options);
    install('postgresql-common');
    execFileSync(
      'sed',
      ['-i', 's/^#\\?create_main_cluster.*/create_main_cluster = false/', '/etc/postgresql-common/createcluster.conf'],
      options,
    );
    install('postgresql');
  } catch {
    say(`It could not be installed; ${findPostgres().why}`);
  }
}
