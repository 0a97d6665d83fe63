import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileFaults } from '../../src/config/file-standing.ts';
import { Summary } from '../../src/contract/panel/summary.ts';
import { panelSummaryRoute } from '../../src/control/panel-summary.ts';
import type { RouteCall } from '../../src/core/route.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';
import { book } from './booked.ts';

let gateway: AskedGateway;

/** The day on which clocks in Berlin go forward, at four in the afternoon there. */
const NOW = Date.UTC(2026, 2, 29, 14, 5);
const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 2, day, hour, minute);

beforeAll(async () => {
  gateway = await startAsked(`
model_list:
  - model_name: demo
    litellm_params: { model: openai/demo, mock_response: Hello, api_key: none-needed }
litellm_settings: { max_budget: 40, budget_duration: 30d }
`);
  const streamed = { completion_start_time: at(29, 13) + 400, request_duration_ms: 2000 };
  await book(gateway, [
    { start_time: Date.UTC(2026, 1, 28, 12), spend: '7' },
    { start_time: at(1, 12), spend: '0.1', prompt_tokens: 100, completion_tokens: 40, cache_read_tokens: 30, cache_creation_tokens: 5 },
    { start_time: at(28, 22, 59), spend: '0.2' },
    { start_time: at(28, 23, 1), spend: '0.000000000000003', custom_llm_provider: 'anthropic' },
    { start_time: at(29, 13), spend: '1.5', ...streamed },
    { start_time: at(29, 13, 55), spend: '0', status: 'failure', request_duration_ms: 3, custom_llm_provider: 'anthropic' },
    { start_time: at(29, 14, 1), spend: '0.5', request_duration_ms: 4000, api_key: 'c'.repeat(64), user_id: 'ben' },
  ]);
});

afterAll(() => gateway.stop());

const LEFT_OUT = {
  severity: 'error',
  file: '/config/litellm_config.yaml',
  line: 3,
  column: 5,
  key: 'model_list[0]',
  message: 'has no model',
} as const;
const faults: FileFaults = { refused: false, problems: [LEFT_OUT] };

/** The text of the answer at {@link NOW}, as it would be sent to this caller. */
async function told(query: string, caller: Partial<RouteCall['caller']> = { role: 'proxy_admin' }): Promise<string> {
  const { database, ledger, limits } = gateway.parts;
  const route = panelSummaryRoute({
    clock: { now: () => NOW, elapsed: () => 0 },
    database,
    faults: () => faults,
    ledger,
    limits,
    ready: () => undefined,
  });
  let text = '';
  const response = { writeHead: () => undefined, end: (body: Buffer) => (text = body.toString()) };
  await route.handle({ request: { method: 'GET' }, response, caller, query, headers: {} } as unknown as RouteCall);
  return text;
}

async function summary(query: string, caller?: Partial<RouteCall['caller']>): Promise<Summary> {
  return Summary.parse(JSON.parse(await told(query, caller)));
}

describe('the summary', () => {
  test('tells what the configuration file holds that does not act, to those who see everything', async () => {
    const { file, line, key, message } = LEFT_OUT;
    expect((await summary('')).configuration).toEqual({ refused: false, faults: [{ file, line, key, message }] });
    expect((await summary('', { role: 'internal_user', userId: 'ann' })).configuration).toBeNull();
  });

  test('adds up today and the month in UTC', async () => {
    const { today, month, timezone } = await summary('');
    expect(timezone).toBe('UTC');
    expect(today).toMatchObject({ date: '2026-03-29', spend: 2, requests: 3, failed: 1 });
    expect(month).toMatchObject({
      first_day: '2026-03-01',
      last_day: '2026-03-31',
      requests: 6,
      failed: 1,
      input_tokens: 150,
      output_tokens: 65,
      cache_read_tokens: 30,
      cache_creation_tokens: 5,
    });
    expect(month.days).toHaveLength(29);
    expect(month.days.map(({ requests }) => requests)).toEqual([1, ...Array<number>(26).fill(0), 2, 3]);
  });

  test('keeps every digit of money', async () => {
    const text = await told('');
    expect(text).toContain('"spend":2.300000000000003,');
    expect(text).toContain('{"provider":"anthropic","spend":0.000000000000003,');
  });

  test('begins days where the asked zone does, when clocks change too', async () => {
    for (const zone of ['Europe/Berlin', 'CET']) {
      const { today, month } = await summary(`timezone=${zone}`);
      expect(today).toMatchObject({ date: '2026-03-29', requests: 4 });
      expect(month.days.at(-2)).toMatchObject({ date: '2026-03-28', requests: 1, spend: 0.2 });
    }
  });

  test('takes minutes as browsers count them', async () => {
    expect((await summary('timezone=-120')).today).toMatchObject({ date: '2026-03-29', requests: 5 });
    expect((await summary('timezone=840')).today).toMatchObject({ date: '2026-03-29', requests: 1 });
    expect((await summary('timezone=-600')).today).toMatchObject({ date: '2026-03-30', requests: 1 });
    await expect(summary('timezone=900')).rejects.toThrow('timezone');
  });

  test('names providers dearest first', async () => {
    const { month } = await summary('');
    expect(month.providers.map(({ provider, requests }) => [provider, requests])).toEqual([
      ['openai', 4],
      ['anthropic', 2],
    ]);
  });

  test('tells how the last 24 hours went, failures apart from durations', async () => {
    const { last_24_hours: day, last_15_minutes: lately } = await summary('');
    expect(lately).toEqual({ requests: 2 });
    expect(day).toMatchObject({ requests: 5, failed: 1, timed_calls: 4, average_duration_ms: 2000, average_first_token_ms: 400 });
    expect(day.p95_duration_ms).toBeCloseTo(3700);
    const anthropic = day.providers.find(({ provider }) => provider === 'anthropic');
    expect(anthropic).toMatchObject({ requests: 2, failed: 1, average_duration_ms: 1000, average_first_token_ms: null });
    expect(anthropic?.hours).toHaveLength(24);
    expect(anthropic?.hours.at(-1)).toEqual({ requests: 1, failed: 1 });
    expect(anthropic?.hours.reduce((sum, { requests }) => sum + requests, 0)).toBe(2);
  });

  test('shows the budget over all to those who see all', async () => {
    expect((await summary('')).budget).toEqual({ spend: 0, limit: 40, duration: '30d', resets_at: expect.any(String) as string });
    expect((await summary('', { role: 'proxy_admin_viewer' })).budget).not.toBeNull();
  });

  test('is a person’s own for a person, and a key’s own for a key', async () => {
    const ben = await summary('', { role: 'internal_user', userId: 'ben', keyHash: hashOf('session') });
    expect(ben).toMatchObject({ today: { requests: 1, spend: 0.5 }, last_15_minutes: { requests: 1 }, last_24_hours: { timed_calls: 1 }, budget: null }); // prettier-ignore
    const key = await summary('', { role: 'key', userId: null, keyHash: 'c'.repeat(64) });
    expect(key).toMatchObject({ month: { requests: 1, spend: 0.5 }, budget: null });
    expect((await summary('', { role: 'internal_user', userId: 'nobody', keyHash: 'x' })).month.requests).toBe(0);
  });

  test('is served without a call ever made, and refuses a zone that is none', async () => {
    const answer = await gateway.get('/panel/summary?timezone=Asia/Kolkata');
    expect(Summary.parse(answer.body)).toMatchObject({ today: { requests: 0, spend: 0 }, last_24_hours: { average_duration_ms: null, providers: [] } }); // prettier-ignore
    const refused = await gateway.get('/panel/summary?timezone=Middle/Earth');
    expect(refused.status).toBe(400);
    expect(messageOf(refused)).toContain('timezone: must be a time zone');
  });
});
