import { Agent } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive, readPostmaster } from '../../src/store/embedded/postmaster.ts';
import { auditFolds, bookedCalls, type BookedCall } from './support/audit.ts';
import { BillingProvider, scripted } from './support/billing-provider.ts';
import { callChat, type Seen } from './support/caller.ts';
import { GatewayProcess, newDataFolder, removeFolder, withLeftDatabase } from './support/gateway-process.ts';
import { pause, scaled, until } from './support/scale.ts';

let provider: BillingProvider;
let folder: string;
let yaml: string;

beforeAll(async () => {
  provider = await BillingProvider.start();
  folder = await newDataFolder();
  yaml = `
model_list:
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
general_settings: { proxy_batch_write_at: 60 }
`;
});

afterAll(async () => {
  await provider.stop();
  await removeFolder(folder);
});

/** A gateway with open streams of so many pieces, 75 ms apart; their answers come when they end. */
async function withStreams(name: string, pieces: number): Promise<{ gateway: GatewayProcess; streams: Promise<Seen[]>; ids: string[] }> {
  const gateway = await GatewayProcess.start({ yaml, directory: folder });
  const { key } = await gateway.key();
  const ids = [0, 1, 2].map((index) => `${name}-${index}`);
  const script = { promptTokens: 10, outputTokens: pieces, paceMs: 75 };
  const agent = new Agent({ keepAlive: true });
  const streams = Promise.all(
    ids.map((id) => callChat({ url: gateway.url, key, body: scripted('paid', { id, ...script }, { stream: true }), callId: id, agent })),
  );
  await until('the streams are open', () => provider.running === ids.length);
  await pause(300);
  return { gateway, streams, ids };
}

async function rowsLeft(): Promise<Map<string, BookedCall>> {
  return withLeftDatabase(folder, async (ask) => {
    await auditFolds(ask);
    return bookedCalls(ask);
  });
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: open streams end by themselves, nobody new is let in, rows are written, PostgreSQL stops last',
  async (signal) => {
    const { gateway, streams, ids } = await withStreams(signal, 20);
    const postgres = await readPostmaster(join(folder, 'postgres/cluster'));
    gateway.signal(signal);
    await pause(200);
    expect(
      (await callChat({ url: gateway.url, key: 'sk-too-late', body: scripted('paid', { id: 'late', promptTokens: 1, outputTokens: 1 }) }))
        .status,
    ).toBe(0);
    for (const { ended, text } of await streams) {
      expect(ended).toBe(true);
      expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    }
    expect(await gateway.exited()).toBe(0);
    expect(postgres && (await isAlive(postgres))).toBe(false);
    expect(gateway.text).toContain('Stopped');
    const rows = await rowsLeft();
    for (const id of ids)
      expect(rows.get(id), id).toMatchObject({ status: 'success', completion_tokens: 20, recovered: false, estimated: false });
  },
  60_000,
);

test('a second signal cuts what runs, and what it cost is booked all the same', async () => {
  const { gateway, streams, ids } = await withStreams('cut', 400);
  gateway.signal('SIGTERM');
  await pause(200);
  const cutAt = performance.now();
  gateway.signal('SIGTERM');
  for (const { ended } of await streams) expect(ended).toBe(false);
  expect(await gateway.exited()).toBe(0);
  expect(performance.now() - cutAt).toBeLessThan(scaled(15_000, 5000));
  const rows = await rowsLeft();
  for (const id of ids) {
    expect(rows.get(id), id).toMatchObject({ estimated: true, recovered: false });
    expect(rows.get(id)?.completion_tokens).toBeGreaterThan(0);
  }
}, 60_000);

test.runIf(process.env['DRILL'] === 'long')(
  'streams have 25 seconds, then they are cut',
  async () => {
    const { gateway, streams } = await withStreams('endless', 1600);
    const askedAt = performance.now();
    gateway.signal('SIGTERM');
    for (const { ended } of await streams) expect(ended).toBe(false);
    expect(await gateway.exited()).toBe(0);
    expect(performance.now() - askedAt).toBeGreaterThan(24_000);
    expect(performance.now() - askedAt).toBeLessThan(35_000);
  },
  90_000,
);
