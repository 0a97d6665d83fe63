/** What the tests need beyond npm's packages, made once: `npm test` asks for it, and continuous integration while the code is checked. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureApparmorParser } from './apparmor.ts';
import { ensureChromium } from './chromium.ts';
import { ensurePostgres } from './debian-postgres.ts';
import { ensureLocalModels } from './local-model/models.ts';
import { ANTHROPIC_PYTHON, OPENAI_PYTHON } from './python-clients.ts';
import { ensurePython } from './python-env.ts';
import { ensureEveryHomeAssistant } from './python-home-assistant.ts';

const run = promisify(execFile);

/** Most of it is waiting for what is fetched: all at the same time. */
export async function prepareTests(): Promise<void> {
  await Promise.all([machine(), ensureEveryHomeAssistant(), clientsAndModels()]);
}

/** The machine's packages, in a process of their own: their manager takes one caller at a time, who waits. */
async function machine(): Promise<void> {
  const ended = run(process.execPath, [import.meta.filename, 'machine']);
  ended.child.stderr?.pipe(process.stderr, { end: false });
  await ended;
}

function ensureMachine(): void {
  ensureChromium();
  ensureApparmorParser();
  ensurePostgres();
}

/** A machine that cannot have them can still run the other tests; those that need one try again, and say what is missing. */
async function clientsAndModels(): Promise<void> {
  try {
    for (const packages of [OPENAI_PYTHON, ANTHROPIC_PYTHON]) await ensurePython(packages);
    await ensureLocalModels();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

if (import.meta.main) await (process.argv[2] === 'machine' ? ensureMachine() : prepareTests());
