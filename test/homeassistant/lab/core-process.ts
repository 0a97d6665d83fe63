import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import type { CoreLog } from './core-log.ts';

/** What Core exits with when it wants to be started again. */
const RESTART = 100;

const LAUNCHER = path.join(import.meta.dirname, 'run_core.py');

export interface CoreProcessParts {
  /** Interpreter of the environment `core`. */
  readonly python: string;
  readonly folder: string;
  readonly log: CoreLog;
  readonly environment: Readonly<Record<string, string>>;
}

/** The program `hass` on one configuration folder, started again when it asks for that. */
export class CoreProcess {
  readonly #parts: CoreProcessParts;
  #child: ChildProcess | null = null;
  #stopping = false;
  /** Exit code of the last run that ended. */
  lastExit: number | null = null;

  constructor(parts: CoreProcessParts) {
    this.#parts = parts;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  start(): void {
    const { python, folder, log, environment } = this.#parts;
    this.#stopping = false;
    const child = spawn(python, [LAUNCHER, String(process.pid), '--config', folder, '--skip-pip', '--log-no-color'], {
      env: { ...withoutSupervisor(process.env), HOME: folder, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => log.take(text));
    child.once('exit', (code) => this.#ended(code));
    this.#child = child;
  }

  /** Ends it as a service manager does: a request, and after 20 s no more patience. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#stopping = true;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await exited;
    clearTimeout(impatience);
  }

  #ended(code: number | null): void {
    this.#child = null;
    this.lastExit = code;
    if (code === RESTART && !this.#stopping) this.start();
  }
}

function withoutSupervisor(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SUPERVISOR')));
}
