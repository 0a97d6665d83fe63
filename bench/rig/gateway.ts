import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/core/clock.ts';
import { Database } from '../../src/store/database.ts';
import { EmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { familyOf, freePort, pin, type Processes } from './processes.ts';
import { STREAMED } from './stream-wires.ts';

const MASTER_KEY = 'sk-bench-master';
/** Asking takes the time of the server that is starting: every 5 ms was a tenth of a start. */
const ASK_AGAIN_MS = 20;

export interface GatewayParts {
  readonly processes: Processes;
  readonly folder: string;
  /** What `npm start` runs. */
  readonly startScript: string;
  /** Ports of the fixed answers and of the streams. */
  readonly upstreams: { readonly fixed: number; readonly streams: number };
  /** Options for Node, such as `--cpu-prof`. */
  readonly nodeOptions: readonly string[];
  /** Variables that it sees beside the usual ones. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The built gateway with everything on: embedded PostgreSQL, a virtual key with limits and a budget, log at info. */
export class BenchGateway {
  readonly #parts: GatewayParts;
  #child: ChildProcess | null = null;
  readonly masterKey = MASTER_KEY;
  port = 0;
  key = '';

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  get data(): string {
    return join(this.#parts.folder, 'data');
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /**
   * Starts the server on core 0 and waits for its first served call, made with the virtual key once there is one.
   *
   * @returns milliseconds from the start of the process to the end of that call
   */
  async start(): Promise<number> {
    const { processes, startScript, folder, upstreams, nodeOptions, variables } = this.#parts;
    const configuration = join(folder, 'litellm_config.yaml');
    await writeFile(configuration, configurationOf(upstreams));
    this.port = await freePort();
    const began = performance.now();
    this.#child = processes.start(
      0,
      'sh',
      [startScript, '--data', this.data, '--config', configuration, '--host', '127.0.0.1', '--port', String(this.port)],
      {
        ...process.env,
        ...variables,
        LITELLM_MASTER_KEY: MASTER_KEY,
        NODE_OPTIONS: nodeOptions.join(' '),
      },
    );
    await this.#served(began);
    const took = performance.now() - began;
    // What the server started shares its core until it is moved to the other one.
    await pin(1, familyOf(await this.#postmaster()));
    if (this.key === '') this.key = await this.#makeKey();
    return took;
  }

  async stop(): Promise<void> {
    if (this.#child) await this.#parts.processes.stop(this.#child, 40_000);
    this.#child = null;
  }

  /** Asks the control plane with the master key. @returns milliseconds until the whole answer was there */
  async ask(path: string): Promise<number> {
    const began = performance.now();
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, { headers: { authorization: `Bearer ${MASTER_KEY}` } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`);
    return performance.now() - began;
  }

  /** Process ids of the embedded PostgreSQL. */
  async database(): Promise<number[]> {
    return familyOf(await this.#postmaster());
  }

  /** Puts copies of the key into the store of a gateway that stands still; those that are there stay. */
  seedKeys(count: number): Promise<void> {
    return this.withStore(async (database) => {
      await database.query(SEED, [count]);
    });
  }

  /** Lends the store of a gateway that stands still. */
  async withStore(work: (database: Database) => Promise<void>): Promise<void> {
    const log = { info: (): void => undefined, warn: (text: string): void => void process.stderr.write(`${text}\n`) };
    const server = new EmbeddedPostgres({ directory: join(this.data, 'postgres'), log });
    await server.start();
    const database = new Database({
      address: () => server.address(),
      clock: systemClock,
      log,
      connections: 3,
      statementTimeoutMs: 1_800_000,
    });
    try {
      database.start();
      await database.whenConnected();
      await work(database);
    } finally {
      await database.stop();
      await server.stop();
    }
  }

  async #served(began: number): Promise<void> {
    const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'ready?' }] });
    while (performance.now() - began < 60_000) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/v1/chat/completions`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${this.key || MASTER_KEY}` },
      }).catch(() => null);
      await answer?.arrayBuffer();
      if (answer?.ok) return;
      await sleep(ASK_AGAIN_MS);
    }
    throw new Error('the gateway served nothing within a minute');
  }

  async #makeKey(): Promise<string> {
    const limits = { key_alias: 'bench', max_budget: 1_000_000, rpm_limit: 1_000_000_000, tpm_limit: 1_000_000_000_000 };
    const answer = await fetch(`http://127.0.0.1:${this.port}/key/generate`, {
      method: 'POST',
      body: JSON.stringify(limits),
      headers: { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`no key: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { key: string }).key;
  }

  async #postmaster(): Promise<number> {
    const text = await readFile(join(this.data, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
    return Number(text.split('\n')[0]);
  }
}

/** Copies of the key that exists, each with a hash, a name and an owner of its own. */
const SEED = `
insert into gateway.virtual_keys (token, mac, key_name, key_alias, user_id, max_budget, rpm_limit, tpm_limit, metadata)
select encode(sha256(convert_to('bench ' || n, 'UTF8')), 'hex'), sha256(convert_to('mac ' || n, 'UTF8')), 'sk-...' || lpad((n % 10000)::text, 4, '0'), 'bench-' || n,
  'user-' || (n % 500), 100, 600, 1000000, jsonb_build_object('purpose', 'bench', 'number', n)
from generate_series(1, $1::int) as n
on conflict do nothing`;

function configurationOf({ fixed, streams }: GatewayParts['upstreams']): string {
  const key = 'api_key: sk-upstream';
  const model = (name: string, upstream: string, base: string, credentials = key): string => `
  - model_name: ${name}
    litellm_params:
      model: ${upstream}
      api_base: ${base}
      ${credentials}
    model_info:
      input_cost_per_token: 0.00000015
      output_cost_per_token: 0.0000006`;
  return `model_list:${[
    model('bench', 'openai/bench-upstream', `http://127.0.0.1:${fixed}/v1`),
    model('bench-anthropic', 'anthropic/claude-sonnet-4-5', `http://127.0.0.1:${fixed}`),
    model('bench-responses', 'openai/responses/bench-upstream', `http://127.0.0.1:${fixed}/v1`),
    model('bench-gemini', 'gemini/gemini-2.5-flash', `http://127.0.0.1:${fixed}/v1beta`),
    model('bench-cohere', 'cohere/command-a-03-2025', `http://127.0.0.1:${fixed}`),
    model('bench-bedrock', 'bedrock/amazon.nova-lite-v1:0', `http://127.0.0.1:${fixed}`, SIGNING),
    model('bench-passed', 'openai/bench-upstream', `http://127.0.0.1:${fixed}/v1`, `${key}\n      use_in_pass_through: true`),
    model('bench-ollama', 'ollama_chat/bench-upstream', `http://127.0.0.1:${fixed}`),
    ...['paced', 'flood'].flatMap((kind) =>
      Object.entries(STREAMED).map(([wire, { upstream, path }]) =>
        model(`bench-${kind}-${wire}`, upstream, `http://127.0.0.1:${streams}/${kind}/${wire}${path}`),
      ),
    ),
  ].join('')}
`;
}

/** What requests to Bedrock are signed with. */
const SIGNING = 'aws_access_key_id: AKIABENCH0000000\n      aws_secret_access_key: a-secret-of-the-bench\n      aws_region_name: us-east-1';
