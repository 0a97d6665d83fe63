import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { auditFolds, bookedCalls, dollars, type Ask, type BookedCall } from './support/audit.ts';
import { BillingProvider, scripted, type Billed, type Script, piecesIn } from './support/billing-provider.ts';
import { callChat, type Seen } from './support/caller.ts';
import { inParallel, scaled, seeded, until } from './support/scale.ts';

const CALLS = scaled(300, 1000);
const KEYS = 5;
/** Prices in femto-dollars a token: prompt, output. */
const PRICES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  main: [123_456_789n, 987_654_321n],
  spare: [7_000_003n, 11_000_021n],
};

interface Planned {
  readonly script: Script;
  readonly key: number;
  readonly stream: boolean;
  readonly leaveAfterBytes: number | undefined;
}

/** A fixed mix: answers, streams, clients that leave, retries, fallbacks, failures, streams that break. */
function planOf(index: number, random: () => number): Planned {
  const whole = (most: number): number => 1 + Math.floor(random() * most);
  const script = { id: `call-${index}`, promptTokens: whole(5000), outputTokens: whole(40) };
  const base = { script, key: index % KEYS, stream: random() < 0.5, leaveAfterBytes: undefined };
  const kind = random();
  if (kind < 0.44) return base;
  if (kind < 0.5) return { ...base, script: { ...script, silent: true } };
  if (kind < 0.6) return { ...base, script: { ...script, failFirst: 1 } };
  if (kind < 0.68) return { ...base, script: { ...script, failFirst: 3 } };
  if (kind < 0.74) return { ...base, script: { ...script, failFirst: 99 } };
  if (kind < 0.8) return { ...base, stream: true, script: { ...script, cutAfter: whole(script.outputTokens) } };
  return {
    ...base,
    stream: true,
    script: { ...script, paceMs: 2, delayMs: whole(10) },
    leaveAfterBytes: Math.floor(random() * 250 * script.outputTokens),
  };
}

let provider: BillingProvider;
let gateway: TestGateway;
let keys: string[];
let booked: Map<string, BookedCall>;
const random = seeded(4);
const plans = Array.from({ length: CALLS }, (_, index) => planOf(index, random));
const seen = new Map<string, Seen>();
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
const ask: Ask = <Row>(sql: string, values?: unknown[]) => gateway.parts.database.query(sql, values) as Promise<Row[]>;

beforeAll(
  async () => {
    provider = await BillingProvider.start();
    const priced = (name: string, input: string, output: string) => `
  - model_name: ${name}
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider, input_cost_per_token: ${input}, output_cost_per_token: ${output} }`;
    gateway = await startGateway(`
model_list:${priced('main', '0.000000123456789', '0.000000987654321')}${priced('spare', '7.000003e-9', '0.000000011000021')}
router_settings: { num_retries: 2, retry_after: 0, disable_cooldowns: true, fallbacks: [{ main: [spare] }] }
general_settings: { proxy_batch_write_at: 1 }
`);
    keys = await Promise.all(Array.from({ length: KEYS }, () => gateway.key({ max_budget: 1000 })));
    await inParallel(plans, 24, async ({ script, key, stream, leaveAfterBytes }) => {
      const body = scripted('main', script, { stream });
      seen.set(
        script.id,
        await callChat({
          url: gateway.url,
          key: keys[key] ?? '',
          body,
          callId: script.id,
          agent,
          ...(leaveAfterBytes === undefined ? {} : { leaveAfterBytes }),
        }),
      );
    });
    await until('no call is open', () => gateway.parts.limits.openHolds === 0 && gateway.parts.ledger.openCalls === 0);
    await gateway.flushed();
    booked = await bookedCalls(ask);
  },
  scaled(60_000, 300_000),
);

afterAll(async () => {
  agent.destroy();
  await gateway.stop();
  await provider.stop();
});

function costOf({ model_group: group, prompt_tokens: prompt, completion_tokens: completion }: BookedCall): string {
  const [input, output] = PRICES[group] ?? [0n, 0n];
  return dollars(prompt, input, completion, output);
}

/** Pieces that the client got. */
function receivedOf(id: string): number {
  return piecesIn(seen.get(id)?.text ?? '');
}

function billedBy(id: string): Billed {
  return provider.calls.get(id) ?? { requests: 0, completed: 0, brokenPieces: 0, usageLeft: false };
}

describe(`${CALLS} mixed calls`, () => {
  test('every call that reached the provider has one row, and no other has', () => {
    expect([...booked.keys()].filter((id) => id.startsWith('call-')).sort()).toEqual([...provider.calls.keys()].sort());
  });

  test('what the provider reported is booked to the last digit', () => {
    const reported = plans.filter(
      ({ script, leaveAfterBytes }) => leaveAfterBytes === undefined && script.silent !== true && billedBy(script.id).completed === 1,
    );
    expect(reported.length).toBeGreaterThan(CALLS / 2);
    for (const { script } of reported) {
      const row = booked.get(script.id);
      expect(row, script.id).toMatchObject({
        prompt_tokens: script.promptTokens,
        completion_tokens: script.outputTokens,
        status: 'success',
        model_group: (script.failFirst ?? 0) >= 3 ? 'spare' : 'main',
      });
      expect(row?.spend, script.id).toBe(row && costOf(row));
    }
  });

  test('what the provider did not report is counted, and marked', () => {
    const silent = plans.filter(({ script }) => script.silent === true);
    expect(silent.length).toBeGreaterThan(CALLS / 40);
    for (const { script } of silent) {
      const row = booked.get(script.id);
      expect(row, script.id).toMatchObject({ completion_tokens: script.outputTokens, status: 'success', estimated: true });
      expect(row?.prompt_tokens, script.id).toBeGreaterThan(10);
      expect(row?.spend, script.id).toBe(row && costOf(row));
    }
  });

  test('what failed without an answer costs nothing', () => {
    const failed = plans.filter(({ script }) => script.failFirst === 99);
    expect(failed.length).toBeGreaterThan(CALLS / 40);
    for (const { script } of failed) expect(booked.get(script.id), script.id).toMatchObject({ spend: '0', status: 'failure' });
  });

  test('a stream that broke or whose client left is billed between what was received and what was sent', () => {
    const broken = plans.filter(
      ({ script, leaveAfterBytes }) => (leaveAfterBytes !== undefined || script.cutAfter !== undefined) && provider.calls.has(script.id),
    );
    expect(broken.length).toBeGreaterThan(CALLS / 10);
    for (const { script } of broken) {
      const row = booked.get(script.id);
      const { completed, brokenPieces } = billedBy(script.id);
      const received = receivedOf(script.id);
      expect(row?.completion_tokens, script.id).toBeGreaterThanOrEqual(received);
      expect(row?.completion_tokens, script.id).toBeLessThanOrEqual(completed === 1 ? script.outputTokens : brokenPieces);
      expect(row?.spend, script.id).toBe(row && costOf(row));
    }
    const guessed = broken.filter(({ script }) => !billedBy(script.id).usageLeft && receivedOf(script.id) > 0);
    expect(guessed.every(({ script }) => booked.get(script.id)?.estimated)).toBe(true);
  });

  test('balances, key info, quarter-hours and days are what the rows add up to', async () => {
    const spent = await auditFolds(ask);
    for (const key of keys) {
      const text = await (await gateway.call('GET', `/key/info?key=${key}`)).text();
      const { key: hash } = (await (await gateway.call('GET', '/key/info', undefined, key)).json()) as { key: string };
      expect(/"spend":([0-9.]+)/.exec(text)?.[1]).toBe(spent.get(`key:${hash}`));
    }
    const [balance] = await ask<{ same: boolean }>('select bool_and(spend = total) as same from gateway.balances');
    expect(balance?.same).toBe(true);
  });
});
