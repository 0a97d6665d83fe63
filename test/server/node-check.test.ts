import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from './program.ts';

let bin = '';
beforeEach(async () => {
  bin = await mkdtemp(join(tmpdir(), 'node-check-'));
});
afterEach(() => rm(bin, { recursive: true }));

/** Runs the check on a machine whose `node` is this shell script; null: it has none. */
async function check(node: string | null): Promise<{ code: number; stdout: string; stderr: string }> {
  if (node !== null) {
    await writeFile(join(bin, 'node'), `#!/bin/sh\n${node}\n`);
    await chmod(join(bin, 'node'), 0o755);
  }
  return new Promise((resolve) => {
    execFile('/bin/sh', [join(ROOT, 'scripts/node-check.sh')], { env: { PATH: bin } }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

test.each(['v26.0.0', 'v26.10.0', 'v27.1.0'])('%s is taken without a word', async (version) => {
  expect(await check(`echo ${version}`)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test.each(['v20.19.5', 'v25.9.0'])('%s is refused in one line that says what is needed and where it comes from', async (version) => {
  expect(await check(`echo ${version}`)).toEqual({
    code: 1,
    stdout: '',
    stderr: `LLM Gateway needs Node 26 or newer; this is ${version}. On Linux (x64, arm64) npm ci brings it along; elsewhere install it from nodejs.org.\n`,
  });
});

test('a missing libatomic.so.1 is named, with how to install it', async () => {
  const answer = await check(
    'echo "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory" >&2; exit 127',
  );
  expect(answer).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Node 26 needs the system library libatomic\.so\.1\. .*apt-get install libatomic1.*\n$/),
  });
});

test('no Node at all is told in one line', async () => {
  expect(await check(null)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^Node does not run here: .*not found\n$/) });
});
