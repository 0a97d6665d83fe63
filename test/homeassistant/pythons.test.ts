import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';

import { findInterpreter, NoInterpreterError } from '../../scripts/home-assistant/interpreter.ts';
import { ensureHomeAssistant, type HomeAssistantKind } from '../../scripts/python-home-assistant.ts';

async function said(kind: HomeAssistantKind, program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(await ensureHomeAssistant(kind), ['-c', program]);
  return stdout.trim();
}

const VERSION = 'from homeassistant.const import __version__; print(__version__)';

test.for([
  ['core', '2026.11.0'],
  ['bridge-tests-newest', '2026.10.4'],
  ['bridge-tests-minimum', '2026.8.3'],
] as const)('the environment %s holds Core %s', async ([kind, version], { skip }) => {
  const found = await said(kind, VERSION).catch((error: unknown) => {
    if (error instanceof NoInterpreterError) return skip(error.message);
    throw error;
  });
  expect(found).toBe(version);
});

test('a machine that can have no Python is told in one line what to give, and nothing is left behind', async () => {
  const cache = await mkdtemp(path.join(tmpdir(), 'no-python-'));
  onTestFinished(() => rm(cache, { recursive: true }));
  vi.stubEnv('PATH', cache);
  onTestFinished(() => void vi.unstubAllEnvs());
  const refused = await findInterpreter(cache, () => {}).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(NoInterpreterError);
  expect(String(refused)).toMatch(/need Python 3\.14\.2 or newer on the PATH or named by PYTHON_HOME_ASSISTANT \([^\n]+\)\.$/);
  expect(await readdir(cache)).toEqual([]);
});
