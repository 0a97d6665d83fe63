import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { resolveSecrets } from '../../src/config/secrets.ts';
import { compose, type Parts } from '../../src/server/compose.ts';
import { Gateway } from '../../src/server/gateway.ts';
import { createLog } from '../../src/server/log.ts';
import { readTls } from '../../src/server/tls.ts';
import { freshDatabase, MIGRATIONS, type FreshDatabase } from './postgres.ts';
import { startOptions } from './start-options.ts';

export interface TestGateway {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly masterKey: string;
  /** Those of the program that runs. */
  readonly parts: Parts;
  /** Lines of its log. */
  readonly log: string[];
  readonly database: FreshDatabase;
  readonly directory: string;
  /** Replaces the configuration file; the watcher takes it within two seconds. */
  configure(yaml: string): Promise<void>;
  /** Makes a virtual key through the API. @returns its text */
  key(body?: Record<string, unknown>): Promise<string>;
  /** Calls the gateway with the master key unless `key` says otherwise; `null` for no credential. */
  call(method: string, path: string, body?: unknown, key?: string | null, headers?: Record<string, string>): Promise<Response>;
  /** Waits until all spend is in the database. */
  flushed(): Promise<void>;
  /** Rows of `spend_logs`, oldest first. */
  rows(): Promise<Record<string, unknown>[]>;
  /** Ends the program and keeps its data: nobody answers until {@link resume}. */
  pause(): Promise<void>;
  /** Starts it again at the same address. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The whole gateway in this process: real listener on a free port, real PostgreSQL database of its own.
 *
 * @param yaml the configuration file
 * @param env variables it sees beside the usual ones
 */
export async function startGateway(yaml: string, env: Record<string, string> = {}): Promise<TestGateway> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  const database = await freshDatabase();
  const masterKey = `sk-master-${randomUUID()}`;
  const configFile = join(directory, 'litellm_config.yaml');
  await writeFile(configFile, yaml);
  const variables = { LITELLM_MASTER_KEY: masterKey, DATABASE_URL: database.url, ...env };
  const load = { file: configFile, variables };
  const lines: string[] = [];
  const log = createLog({ level: 'debug', json: () => false, write: (line) => lines.push(line) });
  const assets = {
    migrations: MIGRATIONS,
    countWorker: new URL('../../src/ledger/tokens/count-worker.ts', import.meta.url),
    prices: null,
    panel: env['GATEWAY_TEST_PANEL'] ?? null,
    swagger: join(import.meta.dirname, '../../node_modules/swagger-ui-dist'),
    packages: new URL('../../package-lock.json', import.meta.url),
  };
  const start = async (port: number): Promise<{ parts: Parts; gateway: Gateway }> => {
    const config = await loadConfig(load);
    const secrets = await resolveSecrets({ dataDir: directory, variables, masterKey: config.general.masterKey, randomBytes });
    const line = ['--config', configFile, '--port', String(port), '--data', directory, '--log-level', 'debug'];
    const options = startOptions(line, { HOST: '127.0.0.1', ...env });
    const tls = options.tls && (await readTls(options.tls));
    const parts = await compose({ options, config, load, onConfig: () => undefined, secrets, assets, log, tls });
    const gateway = new Gateway({ parts, log, options, secrets });
    await gateway.start();
    await parts.books.opened();
    return { parts, gateway };
  };
  let running = await start(0);
  const { port } = running.parts.server;
  const url = `http://127.0.0.1:${port}`;
  const call: TestGateway['call'] = (method, path, body, key = masterKey, headers = {}) =>
    fetch(url + path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    url,
    masterKey,
    get parts() {
      return running.parts;
    },
    log: lines,
    database,
    directory,
    configure: (text) => writeFile(configFile, text),
    async key(body = {}) {
      const answer = await call('POST', '/key/generate', body);
      if (!answer.ok) throw new Error(`key/generate: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { key: string }).key;
    },
    call,
    flushed: () => running.parts.ledger.flushed(),
    async rows() {
      await running.parts.ledger.flushed();
      return running.parts.database.query('select *, spend::text as spend from gateway.spend_logs order by start_time, request_id');
    },
    pause: () => running.gateway.stop(),
    async resume() {
      running = await start(port);
    },
    async stop() {
      await running.gateway.stop();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
