import { beforeEach, expect, test } from 'vitest';
import { Rest, threadWorkedMs } from '../../src/server/rest.ts';

const MB = 1_000_000;

let worked: number;
let held: number;
let collections: number;
let rest: Rest;

beforeEach(() => {
  [worked, held, collections] = [500, 120 * MB, 0];
  rest = new Rest({
    workedMs: () => worked,
    heldBytes: () => held,
    collect: async () => {
      collections++;
      held = Math.min(held, 100 * MB);
    },
  });
});

async function look(times: number, workMs = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    worked += workMs;
    await rest.look();
  }
}

test('what the start needed is given back once the server is quiet', async () => {
  await look(1, 900);
  await look(2);
  expect(collections).toBe(0);
  await look(1);
  expect(collections).toBe(1);
});

test('a server that works is left alone, however much it holds', async () => {
  held = 900 * MB;
  await look(50, 100);
  expect(collections).toBe(0);
});

test('a quiet server collects once, and again only when it came to hold more', async () => {
  await look(30);
  expect(collections).toBe(1);
  held += 2 * MB;
  await look(30);
  expect(collections).toBe(1);
  held += 8 * MB;
  await look(30);
  expect(collections).toBe(2);
});

test('without the means to collect, nothing is done', async () => {
  const bare = new Rest({ workedMs: () => worked, heldBytes: () => held, collect: null });
  for (let n = 0; n < 5; n++) await expect(bare.look()).resolves.toBeUndefined();
});

test('a thread that a busy machine does not let run has not worked', () => {
  const before = threadWorkedMs();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  expect(threadWorkedMs() - before).toBeLessThan(20);
});

test('a thread that computes has worked', () => {
  const before = threadWorkedMs();
  for (const until = process.threadCpuUsage().user + 50_000; process.threadCpuUsage().user < until;);
  expect(threadWorkedMs() - before).toBeGreaterThanOrEqual(50);
});
