import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { addressUrl, type DatabaseAddress } from '../../../src/store/address.ts';
import { EmbeddedPostgres } from '../../../src/store/embedded/embedded-postgres.ts';
import { scratchParent, silent } from '../../support/postgres.ts';
import type { Ask } from './audit.ts';

/** The sources, so that what is tested is what stands there; the long drill sets `DRILL_PROGRAM` to the built file. */
const PROGRAM = process.env['DRILL_PROGRAM'] ?? join(import.meta.dirname, '../../../src/main.ts');

export const MASTER_KEY = 'sk-master-of-the-drills';

export interface ProcessOptions {
  /** The configuration file. */
  readonly yaml: string;
  /** Data folder; absent: a new one, in memory when there is room. */
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A data folder for gateways that are started one after another. */
export function newDataFolder(): Promise<string> {
  return scratchParent().then((parent) => mkdtemp(join(parent, 'gateway-drill-')));
}

/** The gateway as a process of its own, with the PostgreSQL it brings along unless `DATABASE_URL` is in `env`. */
export class GatewayProcess {
  readonly directory: string;
  readonly log: string[] = [];
  /** Milliseconds from the start to the line that says "Ready". */
  readyMs = 0;
  url = '';
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;

  private constructor(directory: string, env: Readonly<Record<string, string>>) {
    this.directory = directory;
    const variables = { PATH: process.env['PATH'] ?? '', LITELLM_MASTER_KEY: MASTER_KEY, ...env };
    this.#child = spawn(process.execPath, [PROGRAM, '--data', directory, '--host', '127.0.0.1', '--port', '0'], {
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [this.#child.stdout, this.#child.stderr])
      output?.setEncoding('utf8').on('data', (text: string) => this.log.push(text));
    this.#exit = new Promise((resolve) => {
      this.#child.on('exit', resolve);
    });
  }

  /** Resolves when it is ready. @throws with its log when it ends before */
  static async start({ yaml, directory, env = {} }: ProcessOptions): Promise<GatewayProcess> {
    const folder = directory ?? (await newDataFolder());
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'litellm_config.yaml'), yaml);
    const begun = performance.now();
    const gateway = new GatewayProcess(folder, env);
    const ready = new Promise<string>((resolve) => {
      gateway.#child.stdout?.on('data', () => {
        const match = /Ready at http:\/\/[^:]+:(\d+)/.exec(gateway.text);
        if (match) resolve(match[1] ?? '');
      });
    });
    const ended = gateway.#exit.then((code): never => {
      throw new Error(`the gateway ended with ${code} before it was ready:\n${gateway.text}`);
    });
    ended.catch(() => {});
    gateway.url = `http://127.0.0.1:${await Promise.race([ready, ended])}`;
    gateway.readyMs = performance.now() - begun;
    return gateway;
  }

  get text(): string {
    return this.log.join('');
  }

  /** Sends a signal. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The exit code; null after a signal that ended it. */
  exited(): Promise<number | null> {
    return this.#exit;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exit;
  }

  /** SIGTERM, and what it ends with. */
  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.#exit;
  }

  async call(method: string, path: string, body?: unknown, key: string = MASTER_KEY): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Makes a virtual key. */
  async key(body: Record<string, unknown> = {}): Promise<{ key: string; token: string }> {
    const answer = await this.call('POST', '/key/generate', body);
    if (!answer.ok) throw new Error(`key/generate: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { key: string; token: string };
  }
}

/** Opens the database that a stopped gateway left in its folder. */
export async function withLeftDatabase<T>(directory: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const server = new EmbeddedPostgres({ directory: join(directory, 'postgres'), log: silent });
  await server.start();
  try {
    return await withDatabase(server.address(), work);
  } finally {
    await server.stop();
  }
}

export async function withDatabase<T>(address: DatabaseAddress, work: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: addressUrl(address) });
  await client.connect();
  try {
    return await work(async <Row>(sql: string, values?: unknown[]) => (await client.query(sql, values)).rows as Row[]);
  } finally {
    await client.end();
  }
}

export async function removeFolder(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
