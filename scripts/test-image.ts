/**
 * `npm run test:image`: builds the real image and runs it, some five minutes. With `--if-changed` only when what it is made from differs from
 * what passed last (`test/image/passed.sha256`).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureImageTools } from './image-tools.ts';

const ROOT = join(import.meta.dirname, '..');
const PASSED = join(ROOT, 'test/image/passed.sha256');

/** What makes another image, or another test of it. The rest of the sources has tests of its own. */
const INPUTS = [
  'Dockerfile',
  '.dockerignore',
  'package-lock.json',
  'addon/rootfs',
  'scripts/build.ts',
  'scripts/image-sources.ts',
  'scripts/image-tools.ts',
  'scripts/image-tree.ts',
  'src/homeassistant/prepare',
  'src/server/backups.ts',
  'src/server/control-socket.ts',
  'src/store/embedded',
  'test/image/container.ts',
  'test/image/fake-supervisor.ts',
  'test/image/image.test.ts',
];

/** One digest over the names and bytes of all inputs. */
export function inputsDigest(): string {
  const digest = createHash('sha256');
  for (const file of INPUTS.flatMap(filesAt).toSorted())
    digest
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return digest.digest('hex');
}

function filesAt(path: string): string[] {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  return readdirSync(join(ROOT, path)).flatMap((name) => filesAt(join(path, name)));
}

function main(): number {
  const digest = inputsDigest();
  if (process.argv.includes('--if-changed') && readFileSync(PASSED, 'utf8').trim() === digest) {
    process.stdout.write('The image is made from what passed last; not built again\n');
    return 0;
  }
  const why = ensureImageTools();
  if (why !== null) {
    process.stderr.write(`The image was not built and not tested: ${why}\n`);
    // Where it cannot be built, nothing is proven; asked for by name, that is a failure.
    return process.argv.includes('--if-changed') ? 0 : 1;
  }
  const { status } = spawnSync(join(ROOT, 'node_modules/.bin/vitest'), ['run', 'test/image/image.test.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TEST_IMAGE: '1' },
  });
  if (status === 0) writeFileSync(PASSED, `${digest}\n`);
  return status ?? 1;
}

if (import.meta.main) process.exit(main());
