import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { NoInterpreterError } from '../../scripts/home-assistant/interpreter.ts';
import { ensureHomeAssistant, type HomeAssistantKind } from '../../scripts/python-home-assistant.ts';

const BRIDGE = join(import.meta.dirname, '../../custom_components_bridge');

const MINUTES = 60_000;

const run = promisify(execFile);

/** Where the environment's Python is; else why this machine cannot have it. */
async function pythonOf(kind: HomeAssistantKind): Promise<{ readonly path: string } | { readonly reason: string }> {
  try {
    return { path: await ensureHomeAssistant(kind) };
  } catch (error) {
    if (error instanceof NoInterpreterError) return { reason: error.message };
    throw error;
  }
}

/** Runs the integration's own tests. @returns the last lines of what they said, and whether all passed */
async function pytest(python: string, ...args: readonly string[]): Promise<{ readonly passed: boolean; readonly said: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-coverage-'));
  const env = { ...process.env, COVERAGE_FILE: join(folder, 'coverage') };
  const options = { cwd: BRIDGE, maxBuffer: 64 * 1024 * 1024, timeout: 29 * MINUTES, env };
  const result = await run(python, ['-m', 'pytest', '-q', '--tb=short', '--show-capture=no', '-n', '2', ...args], options).then(
    ({ stdout }) => ({ passed: true, stdout }),
    ({ stdout, message }: { stdout?: string; message: string }) => ({ passed: false, stdout: stdout ?? message }),
  );
  await rm(folder, { recursive: true });
  return { passed: result.passed, said: result.stdout.trim().split('\n').slice(-80).join('\n') };
}

test('the integration passes its tests with the oldest Core that it serves', { timeout: 30 * MINUTES }, async ({ skip }) => {
  const python = await pythonOf('bridge-tests-minimum');
  if ('reason' in python) return skip(python.reason);
  const { passed, said } = await pytest(python.path);
  expect(passed, said).toBe(true);
});

test('it passes them with the newest, which cover more than 95 % of its code', { timeout: 30 * MINUTES }, async ({ skip }) => {
  const python = await pythonOf('bridge-tests-newest');
  if ('reason' in python) return skip(python.reason);
  const { passed, said } = await pytest(python.path, '--cov', '--cov-report=term');
  expect(passed, said).toBe(true);
  expect(said).toMatch(/Required test coverage of 95\.0% reached/);
});
