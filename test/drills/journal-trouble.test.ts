import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import nodeFs from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { auditFolds, bookedCalls, type Ask } from './support/audit.ts';
import { BillingProvider, scripted } from './support/billing-provider.ts';
import { callChat, type Seen } from './support/caller.ts';
import { GatewayProcess, newDataFolder, removeFolder, withLeftDatabase } from './support/gateway-process.ts';
import { until } from './support/scale.ts';

let provider: BillingProvider;

const yamlFor = (url: string, more = '') => `
model_list:
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${url}/v1, api_key: sk-provider, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
  - model_name: free
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${url}/v1, api_key: sk-provider, input_cost_per_token: 0, output_cost_per_token: 0 }
router_settings: { num_retries: 0, disable_cooldowns: true, fallbacks: [{ free: [paid] }] }
general_settings: { proxy_batch_write_at: 1${more} }
`;

beforeAll(async () => {
  provider = await BillingProvider.start();
});

afterAll(() => provider.stop());

/** Makes every write to files of the journal fail with `code`, as a full or read-only disk does, until it is undone. */
function breakDisk(code: 'ENOSPC' | 'EROFS'): () => void {
  const refuse = (): never => {
    throw Object.assign(new Error(`${code}: the disk refuses`), { code });
  };
  const { openSync, promises } = nodeFs;
  const open = promises.open.bind(promises);
  const spies = [
    vi.spyOn(nodeFs, 'writeSync').mockImplementation(refuse),
    vi
      .spyOn(nodeFs, 'openSync')
      .mockImplementation((path, flags, mode) =>
        String(path).includes('/journal/') && flags !== 'r' ? refuse() : openSync(path, flags, mode),
      ),
    vi
      .spyOn(promises, 'open')
      .mockImplementation((path, flags, mode) =>
        String(path).includes('/journal/') && flags !== 'r' ? refuse() : open(path, flags, mode),
      ),
  ];
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}

function expectRefused({ status, headers, text }: Seen): void {
  expect(status, text).toBe(503);
  expect((JSON.parse(text) as { error: unknown }).error).toMatchObject({ type: 'ledger_unavailable', code: '503' });
  expect(headers['retry-after']).toBe('5');
}

function expectByPolicy(policy: 'refuse' | 'serve', seen: Seen): void {
  if (policy === 'refuse') expectRefused(seen);
  else expect(seen.status).toBe(200);
}

describe.each([
  ['ENOSPC', 'refuse'],
  ['EROFS', 'refuse'],
  ['ENOSPC', 'serve'],
] as const)('the journal gets %s, on_ledger_failure is %s', (code, policy) => {
  let gateway: TestGateway;
  let key: string;
  let heal: () => void = () => {};
  const answers = new Map<string, Seen>();

  const call = async (id: string, model = 'paid', more: Record<string, unknown> = {}, stream = false): Promise<Seen> => {
    const seen = await callChat({
      url: gateway.url,
      key,
      body: scripted(model, { id, promptTokens: 10, outputTokens: 5, ...more }, { stream }),
      callId: id,
    });
    answers.set(id, seen);
    return seen;
  };

  beforeAll(async () => {
    gateway = await startGateway(yamlFor(provider.url, policy === 'serve' ? ', on_ledger_failure: serve' : ''));
    key = await gateway.key({ max_budget: 100 });
  });

  afterEach(() => heal());
  afterAll(() => gateway.stop());

  test('running calls finish, new ones follow the policy, and all of it is booked once the disk is well', async () => {
    const running = [
      call(`${code}-${policy}-stream`, 'paid', { delayMs: 300, paceMs: 50 }, true),
      call(`${code}-${policy}-plain`, 'paid', { delayMs: 400 }),
    ];
    await until('both have begun', () => gateway.parts.ledger.openCalls === 2);
    heal = breakDisk(code);
    expectByPolicy(policy, await call(`${code}-${policy}-new`));
    expect((await call(`${code}-${policy}-free`, 'free')).status).toBe(200);
    for (const { status, ended } of await Promise.all(running)) expect([status, ended]).toEqual([200, true]);
    const failing = (await (await gateway.call('GET', '/health/readiness/details')).json()) as Record<string, unknown>;
    expect(failing['journal']).toBe('failing');

    // A free call may not slip into a paid fallback that the policy refuses.
    const slipping = await call(`${code}-${policy}-slip`, 'free', { failFirst: 1 });
    expect(slipping.status).toBe(policy === 'refuse' ? 500 : 200);

    heal();
    await until('the journal is well', () => !gateway.parts.ledger.failing);
    expect((await call(`${code}-${policy}-after`)).status).toBe(200);
    await gateway.flushed();
    const ask: Ask = <Row>(sql: string, values?: unknown[]) => gateway.parts.database.query(sql, values) as Promise<Row[]>;
    const booked = await bookedCalls(ask);
    const withStatus = (wanted: number) => [...answers].filter(([, { status }]) => status === wanted).map(([id]) => id);
    for (const id of withStatus(200))
      expect(booked.get(id), id).toMatchObject({ prompt_tokens: 10, completion_tokens: 5, status: 'success' });
    for (const id of withStatus(503)) expect(booked.has(id), id).toBe(false);
    await auditFolds(ask);
    expect(gateway.parts.limits.openHolds).toBe(0);
  }, 30_000);
});

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('a real file system without room', () => {
  test('free models are served until there is room, then all', async () => {
    const folder = await newDataFolder();
    const journal = join(folder, 'journal');
    await mkdir(journal);
    onTestFinished(async () => {
      spawnSync('umount', ['-l', journal]);
      await removeFolder(folder);
    });
    // Containers may be root and still not be allowed this.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', journal]).status !== 0) return;
    const gateway = await GatewayProcess.start({ yaml: yamlFor(provider.url), directory: folder });
    const { key } = await gateway.key();
    const call = (id: string, model: string) =>
      callChat({ url: gateway.url, key, body: scripted(model, { id, promptTokens: 10, outputTokens: 5 }), callId: id });
    expectRefused(await call('no-room-paid', 'paid'));
    expect((await call('no-room-free', 'free')).status).toBe(200);
    spawnSync('mount', ['-o', 'remount,size=64m', journal]);
    await until('paid calls are served', async () => (await call('room-again', 'paid')).status === 200);
    expect(await gateway.stop()).toBe(0);
    await withLeftDatabase(folder, async (ask) => {
      const booked = await bookedCalls(ask);
      expect([...booked.keys()].sort()).toEqual(['no-room-free', 'room-again']);
      await auditFolds(ask);
    });
  }, 60_000);
});
