/**
 * `npm run drill`: the drills of `test/drills` at full length, on the built program, one after another.
 *
 * Arguments go to the test runner, so `npm run drill -- kill-nine` runs one of them. `DRILL_LOOPS` (at most 200) sets how
 * often the gateway is killed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  return spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;
}

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked.map((name) => (name.startsWith('-') ? name : `test/drills/${name}`)) : ['test/drills'];
const built = run(process.execPath, [join(ROOT, 'scripts/build.ts')]);
const drilled =
  built === 0 &&
  run(join(ROOT, 'node_modules/.bin/vitest'), ['run', '--no-file-parallelism', '--reporter=verbose', ...names], {
    DRILL: 'long',
    DRILL_PROGRAM: join(ROOT, 'dist/main.js'),
  });
process.exitCode = drilled === 0 ? 0 : 1;
