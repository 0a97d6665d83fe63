/**
 * The Pythons of the tests that need Home Assistant, made below `.cache/home-assistant` when first asked for.
 *
 * By hand: `node scripts/python-home-assistant.ts bridge-tests-newest` prints the path of the interpreter.
 */
import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { ensureEnvironment, type Environment } from './home-assistant/environment.ts';
import { NoInterpreterError, type Say } from './home-assistant/interpreter.ts';

/** What an environment is for. */
export type HomeAssistantKind = 'core' | 'bridge-tests-newest' | 'bridge-tests-minimum';

/** Integrations that tests of the server and the bridge use beyond those that Core sets up always. */
const USED = ['assist_pipeline', 'config', 'diagnostics', 'history', 'logbook', 'repairs', 'system_health'];

/** The newest Core as a server; the newest and the oldest served Core for the bridge's own tests (the plug-in pins its Core). */
const ENVIRONMENTS: Readonly<Record<HomeAssistantKind, Environment>> = {
  core: {
    core: 'homeassistant==2026.11.0',
    packages: ['colorlog==6.12.0'],
    // What people point at the gateway by its address alone.
    integrations: [...USED, 'litellm'],
    without: ['marketplace'],
  },
  'bridge-tests-newest': {
    core: 'pytest-homeassistant-custom-component==0.13.375',
    packages: ['mypy==2.4.1', 'ruff==0.17.6'],
    integrations: USED,
    without: ['marketplace', 'frontend'],
  },
  'bridge-tests-minimum': {
    core: 'pytest-homeassistant-custom-component==0.13.357',
    packages: [],
    integrations: USED,
    without: ['marketplace', 'frontend'],
  },
};

const toStandardError: Say = (line) => void process.stderr.write(`${line}\n`);

const CACHE = path.join(import.meta.dirname, '../.cache');

/**
 * Makes the environment unless it is there; safe when several processes ask at once.
 *
 * @param say takes one line for each thing that takes time; standard error by default
 * @returns absolute path of its interpreter
 * @throws {NoInterpreterError} when this machine cannot have a Python that new: what needs it counts as not run
 * @throws {Error} one readable line when an installation fails
 */
export async function ensureHomeAssistant(kind: HomeAssistantKind, say: Say = toStandardError): Promise<string> {
  await mkdir(path.join(CACHE, 'home-assistant'), { recursive: true });
  // The folder's own path goes into what is made in it, and `.cache` may be a link.
  const cache = path.join(realpathSync(CACHE), 'home-assistant');
  return ensureEnvironment(cache, ENVIRONMENTS[kind], say);
}

/**
 * Makes every environment, so that no test waits for one. The first is the one that `npm run check` asks for meanwhile; it builds what has no
 * wheel, and the others find that. When the machine cannot have them, the reason is said and the tests are skipped.
 */
export async function ensureEveryHomeAssistant(say: Say = toStandardError): Promise<void> {
  const first: HomeAssistantKind = 'bridge-tests-newest';
  try {
    await ensureHomeAssistant(first, say);
    const others = Object.keys(ENVIRONMENTS)
      .filter(isKind)
      .filter((kind) => kind !== first);
    await Promise.all(others.map((kind) => ensureHomeAssistant(kind, say)));
  } catch (error) {
    if (!(error instanceof NoInterpreterError)) throw error;
    say(error.message);
  }
}

const isKind = (word: string): word is HomeAssistantKind => Object.hasOwn(ENVIRONMENTS, word);

async function commandLine(word: string): Promise<number> {
  if (!isKind(word)) {
    console.error(`Usage: node scripts/python-home-assistant.ts ${Object.keys(ENVIRONMENTS).join(' | ')}`);
    return 2;
  }
  try {
    console.log(await ensureHomeAssistant(word));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await commandLine(process.argv[2] ?? '');
