import { expect, test } from 'vitest';
import type { SpendRecord } from '../../src/core/spend-record.ts';
import { usdText } from '../../src/core/money.ts';
import { Tally } from '../../src/homeassistant/snapshot/tally.ts';
import { windowsAt } from '../../src/homeassistant/snapshot/windows.ts';
import { modelIdOf, personIdOf, providerIdOf } from '../../src/homeassistant/snapshot/ids.ts';

const at = (text: string): number => Date.parse(text);
const shown = (ms: number): string => new Date(ms).toISOString();

test('days, weeks and months begin where Home Assistant is, also when clocks change', () => {
  // The last Sunday of October: the day has 25 hours.
  const windows = windowsAt(at('2026-10-25T12:00:00Z'), 'Europe/Berlin');
  expect(Object.fromEntries(Object.entries(windows).map(([name, ms]) => [name, shown(ms)]))).toEqual({
    day: '2026-10-24T22:00:00.000Z',
    week: '2026-10-18T22:00:00.000Z',
    month: '2026-09-30T22:00:00.000Z',
    dayEnd: '2026-10-25T23:00:00.000Z',
    monthEnd: '2026-10-31T23:00:00.000Z',
  });
});

function record(start: string, more: Partial<SpendRecord> = {}): SpendRecord {
  return {
    kind: 'settle',
    request_id: start,
    spend: '0.1',
    start_time: at(start),
    prompt_tokens: 10,
    completion_tokens: 5,
    cache_read_tokens: 3,
    custom_llm_provider: 'openai',
    model_group: 'fast',
    api_key: 'hash',
    user_id: null,
    status: 'success',
    request_duration_ms: 700,
    ...more,
  } as SpendRecord;
}

test('a call counts in the windows that hold its beginning, and windows turn over by themselves', () => {
  const tally = new Tally('Europe/Berlin', at('2026-11-30T20:00:00Z'), () => 'k_1');
  tally.add(record('2026-11-30T20:30:00Z'));
  tally.add(record('2026-11-29T20:30:00Z', { status: 'failure' }));
  const all = () => {
    const { total, day, week, month } = tally.of('all');
    return [total, day, week, month].map(({ spend, requests, errors }) => [usdText(spend), requests, errors]);
  };
  // Sunday the 29th belongs to the week before.
  expect(all()).toEqual([['0.2', 2, 1], ['0.1', 1, 0], ['0.1', 1, 0], ['0.2', 2, 1]]); // prettier-ignore
  expect(tally.turn(at('2026-11-30T22:59:59Z'))).toBe(false);
  expect(tally.turn(at('2026-11-30T23:00:00Z'))).toBe(true);
  expect(all()).toEqual([['0.2', 2, 1], ['0', 0, 0], ['0.1', 1, 0], ['0', 0, 0]]); // prettier-ignore
  // It began before midnight and ended after it.
  tally.add(record('2026-11-30T22:59:00Z'));
  expect(all()[1]).toEqual(['0', 0, 0]);
});

test('a call counts for its provider, model, key, and for a person of Home Assistant alone', () => {
  const tally = new Tally('UTC', at('2026-11-30T20:00:00Z'), (hash) => (hash === 'hash' ? 'k_1' : null));
  tally.add(record('2026-11-30T20:30:00Z', { user_id: `ha:${'a'.repeat(32)}` }));
  tally.add(record('2026-11-30T20:31:00Z', { user_id: 'somebody', api_key: 'other' }));
  // Its limits refused it: it went to no provider.
  tally.add(record('2026-11-30T20:32:00Z', { custom_llm_provider: '', spend: '0', status: 'failure' }));
  expect(tally.of('all').total.requests).toBe(3);
  expect(tally.of('provider', 'openai').total.requests).toBe(2);
  expect(tally.of('model', 'fast').total.requests).toBe(3);
  expect(tally.of('key', 'k_1').total.requests).toBe(2);
  expect(tally.names('person')).toEqual([`ha:${'a'.repeat(32)}`]);
  expect(tally.names('provider')).toEqual(['openai']);
});

test('ids are lawful, always the same, and tell apart what differs', () => {
  expect([modelIdOf('assist'), providerIdOf('openai')]).toEqual(['assist', 'p_openai']);
  const ids = [modelIdOf('openai/gpt-4o'), modelIdOf('openai/gpt-4O'), personIdOf(`ha:${'a'.repeat(32)}`), providerIdOf('x'.repeat(60))];
  for (const id of ids) expect(id).toMatch(/^[a-z0-9_-]{1,40}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(modelIdOf('openai/gpt-4o')).toBe(ids[0]);
});
