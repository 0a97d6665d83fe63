import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scratchParent } from '../support/postgres.ts';

export const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/main.js');

/** Builds `dist/` when a source is newer than it. */
export async function ensureBuilt(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build.ts'), '--if-stale']);
}

/** An empty folder, in memory when there is room. */
export async function emptyFolder(): Promise<string> {
  return mkdtemp(join(await scratchParent(), 'gateway-program-'));
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

export interface Launch {
  readonly cwd: string;
  /** Variables beside PATH and HOME; nothing else of the test's own environment is seen. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, or another command, as a process of its own. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';

  constructor(command: string, args: readonly string[], { cwd, env = {} }: Launch) {
    const { PATH = '', HOME = '' } = process.env;
    this.#child = spawn(command, args, {
      cwd,
      env: { PATH, HOME, npm_config_update_notifier: 'false', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      for (const look of this.#watchers) look();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code) => {
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** All that it said so far. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Resolves with the first match in its output. @throws when it ends before */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const found = Promise.withResolvers<RegExpExecArray>();
    const look = (): void => {
      const match = pattern.exec(this.#stdout);
      if (match) found.resolve(match);
    };
    this.#watchers.add(look);
    look();
    const early = this.#ended.then(({ code }) => {
      found.reject(new Error(`ended with ${code} before it said ${pattern}:\n${this.output}`));
    });
    try {
      return await found.promise;
    } finally {
      this.#watchers.delete(look);
      early.catch(() => {});
    }
  }

  /** Resolves with the base URL when it is ready. */
  async ready(): Promise<string> {
    const [, port] = await this.says(/Ready at http:\/\/[^:\s]+:(\d+)/);
    return `http://127.0.0.1:${port}`;
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

/** Starts the built program. */
export function program(args: readonly string[], launch: Launch): Program {
  return new Program(process.execPath, [PROGRAM, ...args], launch);
}

/** Runs the built program to its end. */
export function run(args: readonly string[], launch: Launch): Promise<Ended> {
  return program(args, launch).ended();
}

export async function call(
  url: string,
  key: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string; json: Record<string, unknown> }> {
  const answer = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

/** A call that the model `demo` of the samples answers. */
export const ASK_DEMO = { model: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
