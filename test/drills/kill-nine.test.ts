import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditFolds, bookedCalls, dollars, type BookedCall } from './support/audit.ts';
import { BillingProvider, scripted, type Script } from './support/billing-provider.ts';
import { callChat, type Seen } from './support/caller.ts';
import { GatewayProcess, newDataFolder, removeFolder, withLeftDatabase } from './support/gateway-process.ts';
import { loops, pause, scaled, seeded } from './support/scale.ts';

const LOOPS = loops(2, 20);
const CALLERS = 16;
const PRICES = [123_456_789n, 987_654_321n] as const;

let provider: BillingProvider;
let folder: string;
let token: string;
let booked: Map<string, BookedCall>;
let spent: Map<string, string>;
let lastSpend: string | undefined;
let lastExit: number | null;
const scripts = new Map<string, Script>();
const seen = new Map<string, Seen>();
const starts: { readonly ms: number; readonly log: string }[] = [];
const random = seeded(9);

/** Calls without pause until the gateway is gone. */
async function load(gateway: GatewayProcess, key: string, loop: number, stopped: AbortSignal): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  let next = 0;
  // In the last round nothing is left to count when its callers are done.
  const caller = async (): Promise<void> => {
    while (!stopped.aborted) {
      const script = {
        id: `loop-${loop}-${next++}`,
        promptTokens: 1 + Math.floor(random() * 2000),
        outputTokens: 1 + Math.floor(random() * 30),
        delayMs: Math.floor(random() * 60),
        paceMs: Math.floor(random() * 3),
        silent: loop < LOOPS && random() < 0.15,
      };
      scripts.set(script.id, script);
      const body = scripted('paid', script, { stream: random() < 0.6, max_tokens: 30 });
      const answer = await callChat({ url: gateway.url, key, body, callId: script.id, agent });
      seen.set(script.id, answer);
      if (answer.status === 0) await pause(20);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  agent.destroy();
}

beforeAll(
  async () => {
    provider = await BillingProvider.start();
    folder = await newDataFolder();
    const yaml = `
model_list:
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider, input_cost_per_token: 0.000000123456789, output_cost_per_token: 0.000000987654321 }
router_settings: { num_retries: 0, disable_cooldowns: true }
general_settings: { proxy_batch_write_at: 1 }
`;
    let key = '';
    for (let loop = 0; loop <= LOOPS; loop++) {
      const gateway = await GatewayProcess.start({ yaml, directory: folder });
      starts.push({ ms: gateway.readyMs, log: gateway.text });
      if (key === '') ({ key, token } = await gateway.key({ max_budget: 1000 }));
      const stopped = new AbortController();
      const running = load(gateway, key, loop, stopped.signal);
      await pause(300 + random() * 1200);
      if (loop < LOOPS) {
        await gateway.kill();
        stopped.abort();
        await running;
      } else {
        stopped.abort();
        await running;
        lastSpend = /"spend":([0-9.]+)/.exec(await (await gateway.call('GET', `/key/info?key=${key}`)).text())?.[1];
        lastExit = await gateway.stop();
      }
    }
    await withLeftDatabase(folder, async (ask) => {
      booked = await bookedCalls(ask);
      spent = await auditFolds(ask);
    });
  },
  scaled(90_000, 20 * 60_000),
);

afterAll(async () => {
  await provider.stop();
  await removeFolder(folder);
});

describe(`${LOOPS} times kill -9 under load`, () => {
  test('every call whose end its client saw has its row, with what the provider reported', () => {
    const ended = [...seen].filter(([, { ended, status }]) => ended && status === 200);
    expect(ended.length).toBeGreaterThan(LOOPS * 10);
    const [silent, reported] = [ended.filter(([id]) => scripts.get(id)?.silent), ended.filter(([id]) => !scripts.get(id)?.silent)];
    expect(silent.length).toBeGreaterThan(0);
    // What was still being counted at the crash is billed by its bytes.
    for (const [id] of silent) expect(booked.get(id), id).toMatchObject({ status: 'success', estimated: true });
    for (const [id] of reported) {
      const { promptTokens, outputTokens } = scripts.get(id) ?? { promptTokens: 0, outputTokens: 0 };
      expect(booked.get(id), id).toMatchObject({
        prompt_tokens: promptTokens,
        completion_tokens: outputTokens,
        status: 'success',
        recovered: false,
        spend: dollars(promptTokens, PRICES[0], outputTokens, PRICES[1]),
      });
    }
  });

  test('every call that reached the provider has one row; those cut off are marked recovered and estimated', () => {
    for (const id of provider.calls.keys()) expect(booked.has(id), id).toBe(true);
    const recovered = [...booked.values()].filter((row) => row.recovered);
    expect(recovered.length).toBeGreaterThan(0);
    // Beside calls that ran, those whose tokens were still being counted.
    expect(recovered.filter(({ call_id: id }) => !scripts.get(id)?.silent).length).toBeLessThanOrEqual(LOOPS * CALLERS);
    for (const row of recovered) {
      expect(row.estimated).toBe(true);
      expect(row.spend).toBe(dollars(row.prompt_tokens, PRICES[0], row.completion_tokens, PRICES[1]));
    }
  });

  test('balances, quarter-hours and days are what the rows add up to, and memory says the same', () => {
    expect(lastSpend).toBe(spent.get(`key:${token}`));
    expect(spent.get('global')).toBe(spent.get(`key:${token}`));
  });

  test('each restart uses the PostgreSQL that was left running, and is ready soon', () => {
    expect(starts).toHaveLength(LOOPS + 1);
    for (const { log } of starts.slice(1)) expect(log).toContain('it is used on');
    // Performance rule P7 is measured on the built program; sources and a busy machine are slower.
    const times = starts.slice(1).map(({ ms }) => ms);
    const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
    expect(median).toBeLessThan(process.env['DRILL_PROGRAM'] === undefined ? 60_000 : 2000);
  });

  test('the last stop is in good order', () => {
    expect(lastExit).toBe(0);
  });
});
