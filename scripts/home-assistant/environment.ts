import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';

import { madeOnce } from '../made-once.ts';
import { ensureUv, findInterpreter, type Interpreter, type Say } from './interpreter.ts';
import { runProgram } from './program.ts';

/** What is installed into a virtual environment. */
export interface Environment {
  /** The requirement that brings Core. */
  readonly core: string;
  /** Further pinned requirements. */
  readonly packages: readonly string[];
  /** Integrations whose requirements are installed beside those of the ones that are set up always. */
  readonly integrations: readonly string[];
  /** Integrations whose requirements are left out. */
  readonly without: readonly string[];
}

/** They have no wheel for this Python: without a C++ compiler `assist_pipeline` does not load. */
const BUILT = /^(pymicro-vad|pyspeex-noise)==/;

const REQUIREMENTS = path.join(import.meta.dirname, 'requirements.py');

/**
 * A virtual environment with Home Assistant Core and what it sets up always, made once.
 *
 * @param cache absolute path of the folder it goes to
 * @returns absolute path of its interpreter
 */
export async function ensureEnvironment(cache: string, environment: Environment, say: Say): Promise<string> {
  const interpreter = await findInterpreter(cache, say);
  const key = createHash('sha256')
    .update(JSON.stringify([interpreter, environment]))
    .digest('hex')
    .slice(0, 12);
  const folder = await madeOnce(path.join(cache, key), async (workshop) => {
    say(`${environment.core} with Python ${interpreter.version}: installing (once, about a minute)`);
    await new Installation(await ensureUv(say, interpreter), cache, interpreter, workshop).run(environment, say);
  });
  return pythonIn(folder);
}

const pythonIn = (environment: string): string => path.join(environment, 'bin/python');

/** Fills one empty folder. */
class Installation {
  readonly #uv: string;
  readonly #interpreter: Interpreter;
  readonly #folder: string;
  readonly #settings: NodeJS.ProcessEnv;

  constructor(uv: string, cache: string, interpreter: Interpreter, folder: string) {
    this.#uv = uv;
    this.#interpreter = interpreter;
    this.#folder = folder;
    this.#settings = { UV_PYTHON_DOWNLOADS: 'never', UV_CACHE_DIR: path.join(cache, 'uv-cache'), UV_HTTP_TIMEOUT: '180' };
  }

  async run({ core, packages, integrations, without }: Environment, say: Say): Promise<void> {
    Object.assign(this.#settings, await settingsOfPip(path.join(path.dirname(this.#uv), 'python')));
    await this.#uvRun('making a virtual environment', 'venv', '--relocatable', '--python', this.#interpreter.executable, this.#folder);
    await this.#installCoreAlone(core);
    const [built, wheels] = partition(await this.#requirements(integrations, without), (line) => BUILT.test(line));
    const constraints = ['--constraint', path.join(this.#sitePackages(), 'homeassistant/package_constraints.txt')];
    await this.#install(core, ...packages, ...wheels, ...constraints);
    if (built.length > 0) await this.#build(built, say);
    await this.#compile();
  }

  /** Keeps the bytecode of what every start imports, also where the environment forbids it: a start takes a third of the time. */
  async #compile(): Promise<void> {
    const settings = { PYTHONDONTWRITEBYTECODE: '' };
    await runProgram('the first import of Core', [pythonIn(this.#folder), '-c', 'import homeassistant.bootstrap'], settings, 300_000);
  }

  /** Brings the files that tell what else is needed. */
  async #installCoreAlone(core: string): Promise<void> {
    await this.#install(core, '--no-deps');
    if (core.startsWith('homeassistant==')) return;
    const metadata = `from importlib.metadata import requires; print(next(r for r in requires("${core.split('==')[0]}") if r.startswith("homeassistant==")))`;
    await this.#install(await runProgram('reading which Core a plug-in pins', [pythonIn(this.#folder), '-c', metadata]), '--no-deps');
  }

  async #requirements(integrations: readonly string[], without: readonly string[]): Promise<string[]> {
    const read = [REQUIREMENTS, this.#sitePackages(), without.join(','), ...integrations];
    return (await runProgram("reading Core's requirements", [pythonIn(this.#folder), ...read])).split('\n');
  }

  async #build(requirements: readonly string[], say: Say): Promise<void> {
    if (this.#interpreter.headers) this.#settings['CPATH'] = this.#interpreter.headers;
    await this.#install(...requirements).catch((cause: unknown) => {
      say(`Home Assistant's assist_pipeline will not load: ${cause instanceof Error ? cause.message : String(cause)}`);
    });
  }

  async #install(...what: readonly string[]): Promise<void> {
    await this.#uvRun(`installing ${what.at(0)}`, 'pip', 'install', '--quiet', '--python', pythonIn(this.#folder), ...what);
  }

  async #uvRun(what: string, ...args: readonly string[]): Promise<void> {
    await runProgram(what, [this.#uv, ...args], this.#settings, 900_000);
  }

  #sitePackages(): string {
    const library = path.join(this.#folder, 'lib');
    const version = readdirSync(library).find((name) => name.startsWith('python3.'));
    return path.join(library, version ?? '', 'site-packages');
  }
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}

/** Where this machine fetches packages from, as pip is told, in the words of uv. */
async function settingsOfPip(python: string): Promise<NodeJS.ProcessEnv> {
  const names: Readonly<Record<string, string>> = { 'index-url': 'UV_DEFAULT_INDEX', 'extra-index-url': 'UV_INDEX', cert: 'SSL_CERT_FILE' };
  const settings: NodeJS.ProcessEnv = {};
  const list = await runProgram('reading the configuration of pip', [python, '-m', 'pip', 'config', 'list']);
  for (const [, key = '', value] of list.matchAll(/^(?:global|install|:env:)\.([\w-]+)='(.*)'$/gm)) {
    const name = names[key];
    if (name) settings[name] = value;
  }
  return settings;
}
