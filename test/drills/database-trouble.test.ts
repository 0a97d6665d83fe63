import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressUrl, socketAddress, type DatabaseAddress } from '../../src/store/address.ts';
import { EmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { readPostmaster } from '../../src/store/embedded/postmaster.ts';
import { DATABASE, ROLE } from '../../src/store/embedded/settings.ts';
import { silent } from '../support/postgres.ts';
import { auditFolds, bookedCalls } from './support/audit.ts';
import { BillingProvider } from './support/billing-provider.ts';
import { GatewayProcess, newDataFolder, removeFolder, withDatabase, withLeftDatabase } from './support/gateway-process.ts';
import { pause, scaled, until } from './support/scale.ts';
import { p99, SteadyLoad, type Measured } from './support/steady-load.ts';

/** How long the database is away. */
const AWAY_MS = scaled(4000, 30_000);
const CALM_MS = scaled(1500, 10_000);

let provider: BillingProvider;

const yamlFor = (url: string) => `
model_list:
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${url}/v1, api_key: sk-provider, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
general_settings: { proxy_batch_write_at: 1 }
`;

interface Observed {
  readonly calm: readonly Measured[];
  readonly troubled: readonly Measured[];
  /** Statuses that readiness and liveness gave meanwhile. */
  readonly readiness: readonly number[];
  readonly liveness: readonly number[];
}

/** Watches calls and health in calm, then while `trouble` lasts. */
async function observe(gateway: GatewayProcess, load: SteadyLoad, trouble: () => Promise<void>): Promise<Observed> {
  const begun = performance.now();
  await pause(CALM_MS);
  const troubledAt = performance.now();
  const readiness: number[] = [];
  const liveness: number[] = [];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      readiness.push((await gateway.call('GET', '/health/readiness')).status);
      liveness.push((await gateway.call('GET', '/health/liveliness')).status);
      await pause(50);
    }
  })();
  await trouble();
  over.abort();
  await watching;
  const end = performance.now();
  await until('the database is there again', async () => (await gateway.call('GET', '/health/readiness')).status === 200, 30_000);
  return { calm: load.between(begun, troubledAt), troubled: load.between(troubledAt, end), readiness, liveness };
}

function expectUndisturbed({ calm, troubled, liveness }: Observed): void {
  expect(troubled.length).toBeGreaterThan(20);
  const failed = [...calm, ...troubled].filter(({ status, ended }) => status !== 200 || !ended);
  expect(failed.map(({ status, text }) => `${status} ${text.slice(0, 200)}`)).toEqual([]);
  expect(new Set(liveness)).toEqual(new Set([200]));
  // A call that waited for the database would take seconds; a busy machine takes its share of both.
  expect(p99(troubled)).toBeLessThan(3 * p99(calm) + 400);
}

async function expectEveryRow(calls: readonly Measured[], ask: Parameters<typeof auditFolds>[0]): Promise<void> {
  const booked = await bookedCalls(ask);
  for (const { script } of calls)
    expect(booked.get(script.id), script.id).toMatchObject({
      prompt_tokens: script.promptTokens,
      completion_tokens: script.outputTokens,
      status: 'success',
      recovered: false,
    });
  expect(booked.size).toBe(calls.length);
  await auditFolds(ask);
}

beforeAll(async () => {
  provider = await BillingProvider.start();
});

afterAll(() => provider.stop());

describe('the PostgreSQL that the gateway brings along', () => {
  let folder: string;
  let gateway: GatewayProcess;
  let load: SteadyLoad;
  let address: DatabaseAddress;
  const cluster = () => join(folder, 'postgres/cluster');
  const postmaster = async () => (await readPostmaster(cluster()))?.pid ?? 0;

  beforeAll(async () => {
    folder = await newDataFolder();
    gateway = await GatewayProcess.start({ yaml: yamlFor(provider.url), directory: folder });
    const { key } = await gateway.key({ max_budget: 1000 });
    const password = (await readFile(join(folder, 'postgres/password'), 'utf8')).trim();
    address = socketAddress((await readPostmaster(cluster()))?.socketDirectory ?? '', DATABASE, ROLE, password);
    load = new SteadyLoad({ url: gateway.url, key, model: 'paid', name: 'embedded' });
    await pause(500);
  }, 60_000);

  afterAll(async () => {
    await load.stop();
    await gateway.kill();
    await removeFolder(folder);
  });

  test('frozen: calls go on as if nothing were', async () => {
    const pid = await postmaster();
    const family = [pid, ...(await childrenOf(pid))];
    const observed = await observe(gateway, load, async () => {
      for (const one of family) process.kill(one, 'SIGSTOP');
      await pause(AWAY_MS);
      for (const one of family) process.kill(one, 'SIGCONT');
    });
    expectUndisturbed(observed);
    // A frozen server is noticed when it has not answered for a while.
    expect(observed.readiness.includes(503) || AWAY_MS < 20_000).toBe(true);
  }, 120_000);

  test.each(['SIGKILL', 'SIGQUIT'] as const)(
    'ended by %s: it is started again within five seconds',
    async (signal) => {
      const pid = await postmaster();
      const observed = await observe(gateway, load, async () => {
        process.kill(pid, signal);
        const killedAt = performance.now();
        await until('a new PostgreSQL', async () => ![0, pid].includes(await postmaster()), 20_000);
        await until('readiness', async () => (await gateway.call('GET', '/health/readiness')).status === 200, 20_000);
        expect(performance.now() - killedAt).toBeLessThan(scaled(15_000, 5000));
        await pause(CALM_MS);
      });
      expectUndisturbed(observed);
      expect(observed.readiness).toContain(503);
    },
    60_000,
  );

  test('all its connections cut: they are made anew', async () => {
    const observed = await observe(gateway, load, async () => {
      for (let round = 0; round < 5; round++) {
        await withDatabase(address, (ask) =>
          ask('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()'),
        );
        await pause(CALM_MS / 5);
      }
    });
    expectUndisturbed(observed);
  }, 60_000);

  test('afterwards every call has its row, and the stop is in good order', async () => {
    await load.stop();
    expect(await gateway.stop()).toBe(0);
    await withLeftDatabase(folder, (ask) => expectEveryRow(load.calls, ask));
  }, 60_000);
});

describe('an external PostgreSQL', () => {
  test('stopped for a while: calls go on, and their rows are written when it is back', async () => {
    const folder = await newDataFolder();
    const directory = join(folder, 'external');
    let server = new EmbeddedPostgres({ directory, log: silent, durable: false });
    await server.start();
    const door = new Door();
    await door.open(server.address());
    const url = new URL(addressUrl(server.address()));
    const gateway = await GatewayProcess.start({
      yaml: yamlFor(provider.url),
      directory: join(folder, 'data'),
      env: { DATABASE_URL: `postgresql://${url.username}:${url.password}@127.0.0.1:${door.port}${url.pathname}` },
    });
    const { key } = await gateway.key({ max_budget: 1000 });
    const load = new SteadyLoad({ url: gateway.url, key, model: 'paid', name: 'external' });
    try {
      await pause(500);
      const observed = await observe(gateway, load, async () => {
        await door.close();
        await server.stop();
        await pause(AWAY_MS);
        server = new EmbeddedPostgres({ directory, log: silent, durable: false });
        await server.start();
        await door.open(server.address());
      });
      expectUndisturbed(observed);
      expect(observed.readiness).toContain(503);
      await load.stop();
      expect(await gateway.stop()).toBe(0);
      await withDatabase(server.address(), (ask) => expectEveryRow(load.calls, ask));
    } finally {
      await load.stop();
      await gateway.kill();
      await door.close();
      await server.stop();
      await removeFolder(folder);
    }
  }, 180_000);
});

/** A TCP port of a PostgreSQL that listens on a socket alone: what stands between is what a network would be. */
class Door {
  port = 0;
  #server: Server | null = null;
  readonly #through = new Set<Socket>();

  async open({ host }: DatabaseAddress): Promise<void> {
    const server = createServer((client) => {
      const inside = connect(join(host, '.s.PGSQL.5432'));
      for (const [from, to] of [
        [client, inside],
        [inside, client],
      ] as const) {
        this.#through.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => this.#through.delete(from));
      }
    });
    this.#server = server;
    await new Promise<void>((resolve) => {
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#through) socket.destroy();
    await new Promise<void>((resolve) => {
      if (this.#server?.listening) this.#server.close(() => resolve());
      else resolve();
    });
  }
}

/** Process ids of a process's children. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}
