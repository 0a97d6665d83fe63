import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BridgePush, PushResult } from '../../src/contract/bridge/commands.ts';
import type { BridgeSnapshot } from '../../src/contract/bridge/snapshot.ts';
import { Pusher } from '../../src/homeassistant/bridge/pusher.ts';

const START = Date.parse('2026-11-26T10:00:00Z');
const INTERVAL = 30_000;

let sent: BridgePush[];
let spend: number;
let answer: (push: BridgePush) => Promise<PushResult>;
let lost: number;
let pusher: Pusher;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  sent = [];
  spend = 0;
  lost = 0;
  answer = (push) => Promise.resolve({ accepted: true, seq: push.seq, need_full: false });
  pusher = new Pusher({
    clock: { now: () => Date.now(), elapsed: () => Date.now() },
    gatewayId: 'g',
    send: (push) => {
      sent.push(push);
      return answer(push);
    },
    make: () => ({ at: new Date().toISOString(), gateway: { uptime_s: Date.now() - START }, totals: { spend }, keys: [], budgets: [], providers: [], models: [] }) as unknown as BridgeSnapshot, // prettier-ignore
    dayEnd: () => START + 3_600_000,
    intervalMs: INTERVAL,
    onLost: () => lost++,
  });
});

afterEach(() => {
  pusher.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('begins with everything, then says what changed, within a second after a quiet time', async () => {
  pusher.start();
  await pass(10);
  expect(sent).toMatchObject([{ seq: 1, kind: 'full' }]);
  await pass(INTERVAL);
  spend = 1;
  pusher.changed('numbers');
  await pass(1000);
  const { data } = sent.at(-1) as BridgePush;
  expect(sent.at(-1)).toMatchObject({ kind: 'delta', data: { totals: { spend: 1 } } });
  expect(Object.keys(data)).toEqual(['at', 'gateway', 'totals']);
});

test('numbers that go on changing are told once an interval, states at once', async () => {
  pusher.start();
  await pass(INTERVAL);
  const before = sent.length;
  for (let second = 0; second < 60; second++) {
    spend++;
    pusher.changed('numbers');
    await pass(1000);
  }
  expect(sent.length - before).toBeLessThanOrEqual(3);
  spend++;
  const at = sent.length;
  pusher.changed('state');
  await pass(1000);
  expect(sent.length).toBe(at + 1);
});

test('in quiet times there is a sign of life every half minute, and everything every quarter of an hour', async () => {
  pusher.start();
  await pass(60_500);
  expect(sent.slice(1)).toMatchObject([{ kind: 'delta' }, { kind: 'delta' }]);
  expect(Object.keys(sent[1]?.data ?? {})).toEqual(['at', 'gateway']);
  await pass(15 * 60_000);
  expect(sent.filter(({ kind }) => kind === 'full')).toHaveLength(2);
  expect(sent.map(({ seq }) => seq)).toEqual(sent.map((_, index) => index + 1));
});

test('what changes while an answer is awaited goes with the next push, and never two at once', async () => {
  let open = 0;
  answer = async (push) => {
    expect(++open).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    open--;
    return { accepted: true, seq: push.seq, need_full: false };
  };
  pusher.start();
  await pass(100);
  spend = 7;
  pusher.changed('state');
  await pass(8000);
  expect(sent).toHaveLength(2);
  expect(sent.at(-1)).toMatchObject({ kind: 'delta', data: { totals: { spend: 7 } } });
});

test('a push that is lost, or that the other side cannot place, is followed by everything', async () => {
  pusher.start();
  await pass(100);
  answer = () => Promise.reject(new Error('no answer'));
  spend = 1;
  pusher.changed('state');
  await pass(1000);
  answer = (push) => Promise.resolve({ accepted: true, seq: push.seq, need_full: false });
  await pass(6000);
  expect(sent.map(({ kind }) => kind)).toEqual(['full', 'delta', 'full']);
  answer = (push) => Promise.resolve({ accepted: true, seq: push.seq, need_full: push.kind === 'delta' });
  spend = 2;
  pusher.changed('state');
  await pass(6000);
  expect(sent.map(({ kind }) => kind)).toEqual(['full', 'delta', 'full', 'delta', 'full']);
});

test('a bridge that does not know the gateway any more is greeted again', async () => {
  pusher.start();
  await pass(100);
  answer = () => Promise.reject(Object.assign(new Error('gone'), { code: 'not_configured' }));
  spend = 1;
  pusher.changed('state');
  await pass(1000);
  expect(lost).toBe(1);
});
