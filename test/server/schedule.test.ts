import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Logger } from 'pino';
import { Schedule, type Job } from '../../src/server/schedule.ts';

const warnings: string[] = [];
const log = { warn: (text: string) => warnings.push(text) } as unknown as Logger;

beforeEach(() => {
  vi.useFakeTimers();
  warnings.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

function started(...jobs: Job[]): Schedule {
  const schedule = new Schedule(jobs, log);
  schedule.start();
  return schedule;
}

test('a job runs first when it says, then again and again', async () => {
  let runs = 0;
  const schedule = started({ name: 'Counting', everyMs: 1000, firstMs: 100, run: () => void runs++ });
  await vi.advanceTimersByTimeAsync(99);
  expect(runs).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(3000);
  expect(runs).toBe(4);
  await schedule.stop();
});

test('a job that takes long never runs beside itself', async () => {
  let running = 0;
  let most = 0;
  const schedule = started({
    name: 'Slow',
    everyMs: 10,
    run: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 100));
      running--;
    },
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(most).toBe(1);
  const stopped = schedule.stop();
  await vi.advanceTimersByTimeAsync(100);
  await stopped;
});

test('a job that fails is told in the log and tried again', async () => {
  let runs = 0;
  const schedule = started({
    name: 'Failing',
    everyMs: 10,
    run: () => {
      runs++;
      throw new Error('no room');
    },
  });
  await vi.advanceTimersByTimeAsync(25);
  expect(runs).toBe(2);
  expect(warnings).toEqual(Array.from({ length: 2 }, () => 'Failing failed and is tried again later: no room'));
  await schedule.stop();
});

test('a stop tells the job that runs, waits for it, and lets nothing begin', async () => {
  const seen: string[] = [];
  const schedule = started({
    name: 'Long',
    everyMs: 10,
    run: (signal) =>
      new Promise((resolve) => {
        seen.push('began');
        signal.addEventListener('abort', () => {
          seen.push('told');
          resolve();
        });
      }),
  });
  await vi.advanceTimersByTimeAsync(10);
  await schedule.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(seen).toEqual(['began', 'told']);
});

test('a job may want to go on sooner, and its usual time may change meanwhile', async () => {
  const usual = { ms: 1000 };
  const runs: number[] = [];
  const schedule = started({
    name: 'Much to do',
    everyMs: () => usual.ms,
    run: () => {
      runs.push(Date.now());
      return runs.length === 1 ? 10 : undefined;
    },
  });
  await vi.advanceTimersByTimeAsync(1000);
  usual.ms = 500;
  await vi.advanceTimersByTimeAsync(10);
  expect(runs).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(500);
  expect(runs).toHaveLength(3);
  await schedule.stop();
});
