import { Agent } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BillingProvider, scripted, type Script } from './support/billing-provider.ts';
import { callChat } from './support/caller.ts';
import { GatewayProcess, removeFolder } from './support/gateway-process.ts';
import { inParallel, pause, scaled, seeded, until } from './support/scale.ts';
import { VITALS, type Vitals } from './support/vitals.ts';

/** Calls, in rounds; after each the gateway is looked at. */
const CALLS = scaled(3000, 1_000_000);
const ROUNDS = scaled(3, 10);
const WIDTH = 16;
const IMAGE = `data:image/png;base64,${Buffer.alloc(5_000_000, 7).toString('base64')}`;
/** Growth within which memory counts as flat (P8), and what a short run's first round has not reached yet. */
const FLAT = 1.1;
const SLACK_BYTES = scaled(16, 2) * 1_048_576;
const LATE_MS = 20;

interface Planned {
  readonly body: Record<string, unknown>;
  readonly key: string;
  readonly leaveAfterBytes?: number;
  readonly path?: string;
  readonly status: number;
}

let provider: BillingProvider;
let gateway: GatewayProcess;
let key: string;
const random = seeded(8);
const agent = new Agent({ keepAlive: true, maxSockets: WIDTH });
const looks: Vitals[] = [];
const odd: string[] = [];

/** A path whose requests pass as they are. */
const PASSED = '/openai_passthrough/v1/chat/completions';

/** A fixed mix: plain, streamed, passed as they are, abandoned, refused by the provider, refused by the gateway, images of 5 MB. */
function planOf(index: number): Planned {
  const whole = (most: number): number => 1 + Math.floor(random() * most);
  const script: Script = { id: `call-${index}`, promptTokens: whole(2000), outputTokens: whole(30) };
  const kind = random();
  if (kind < 0.4) return { body: scripted('paid', script), key, status: 200 };
  if (kind < 0.5) return { body: scripted('gpt-4o-mini', script, { stream: kind < 0.45 }), key, path: PASSED, status: 200 };
  if (kind < 0.8) return { body: scripted('paid', script, { stream: true }), key, status: 200 };
  if (kind < 0.88)
    return { body: scripted('paid', { ...script, paceMs: 1 }, { stream: true }), key, leaveAfterBytes: whole(2000), status: 200 };
  if (kind < 0.94) return { body: scripted('paid', { ...script, failFirst: 99, failWith: 400 }), key, status: 400 };
  if (kind < 0.97) return { body: scripted('paid', script), key: `sk-nobody-${index}`, status: 401 };
  if (kind < 0.998) return { body: scripted('unheard-of', script), key, status: 400 };
  const { messages } = scripted('paid', script) as { messages: unknown[] };
  const picture = { role: 'user', content: [{ type: 'image_url', image_url: { url: IMAGE } }] };
  return { body: { model: 'paid', messages: [...messages, picture] }, key, status: 200 };
}

async function lookedAt(): Promise<Vitals> {
  const before = gateway.text.split(VITALS).length;
  gateway.signal('SIGUSR2');
  await until('the gateway tells its vitals', () => gateway.text.split(VITALS).length > before && gateway.text.endsWith('\n'));
  return JSON.parse(gateway.text.split(VITALS).at(-1)?.split('\n')[0] ?? '') as Vitals;
}

async function round(calls: number): Promise<void> {
  const plans = Array.from({ length: calls }, (_, index) => planOf(index));
  await inParallel(plans, WIDTH, async ({ body, key: by, leaveAfterBytes, path, status }) => {
    const seen = await callChat({
      url: gateway.url,
      key: by,
      body,
      agent,
      ...(leaveAfterBytes === undefined ? {} : { leaveAfterBytes }),
      ...(path === undefined ? {} : { path }),
    });
    if (seen.status !== status) odd.push(`${seen.status} for ${status}: ${seen.text.slice(0, 200)}`);
  });
  provider.calls.clear();
}

beforeAll(
  async () => {
    provider = await BillingProvider.start();
    gateway = await GatewayProcess.start({
      yaml: `
model_list:
  - model_name: paid
    litellm_params: { model: openai/gpt-4o-mini, api_base: ${provider.url}/v1, api_key: sk-provider, use_in_pass_through: true, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
router_settings: { num_retries: 0, disable_cooldowns: true }
`,
      env: { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'support/vitals.ts')}`, DRILL_VITALS: '1' },
    });
    ({ key } = await gateway.key({ max_budget: 1_000_000 }));
    // Code is compiled and caches are filled before anything is measured.
    await round(scaled(1000, 5000));
    await lookedAt();
    for (let done = 0; done < ROUNDS; done++) {
      await round(Math.floor(CALLS / ROUNDS));
      await pause(1000);
      looks.push(await lookedAt());
    }
  },
  scaled(120_000, 3_600_000),
);

afterAll(async () => {
  agent.destroy();
  await gateway.stop();
  await provider.stop();
  await removeFolder(gateway.directory);
});

test('every call ends as it should', () => {
  expect(odd).toEqual([]);
});

test('memory is flat', () => {
  const [first] = looks;
  const least = Math.min(...looks.slice(-2).map(({ used }) => used));
  for (const { used, rss, lateP99Ms } of looks)
    process.stderr.write(`${mib(used)} used, ${mib(rss)} RSS, loop ${lateP99Ms.toFixed(1)} ms late (p99)\n`);
  expect(least).toBeLessThan((first?.used ?? 0) * FLAT + SLACK_BYTES);
});

test('the event loop is on time', () => {
  const late = looks.map(({ lateP99Ms }) => lateP99Ms).toSorted((a, b) => a - b);
  expect(late[Math.floor(late.length / 2)]).toBeLessThan(scaled(10 * LATE_MS, LATE_MS));
});

function mib(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
