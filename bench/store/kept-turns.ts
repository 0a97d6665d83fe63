/**
 * What turns kept on the disk cost a start, and what they cost a call (`reasoning_state: disk`, `responses_store: disk`).
 *
 *     node --expose-gc bench/store/kept-turns.ts [folder]
 *
 * Fills both bounds (50,000 thoughts of 1 kB; 64 MB of responses of 40 kB), then opens them as a start does. Prints one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../src/core/clock.ts';
import { REASONING_BOUNDS } from '../../src/exchange/reasoning-memory.ts';
import { RESPONSE_BOUNDS } from '../../src/exchange/response-store.ts';
import { DiskTexts } from '../../src/store/kept/disk-texts.ts';
import type { KeepingBounds } from '../../src/store/kept/text-keeper.ts';
import { Sealer } from '../../src/store/sealed.ts';

interface Case {
  readonly name: string;
  readonly bounds: KeepingBounds;
  readonly count: number;
  readonly bytes: number;
  readonly keyOf: (n: number) => string;
}

const OWNER = 'a'.repeat(64);
const CASES: readonly Case[] = [
  {
    name: 'reasoning',
    bounds: REASONING_BOUNDS,
    count: 50_000,
    bytes: 1000,
    keyOf: (n) => `${OWNER} deepseek call_${String(n).padStart(24, '0')}`,
  },
  { name: 'responses', bounds: RESPONSE_BOUNDS, count: 1600, bytes: 40_000, keyOf: (n) => `resp_${String(n).padStart(32, '0')}` },
];

const collect = (): void => globalThis.gc?.();
const megabytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;
const round = (ms: number): number => Math.round(ms * 1000) / 1000;

function opened(directory: string, { name, bounds }: Case): DiskTexts {
  const log = { info: console.log, warn: console.warn };
  const texts = new DiskTexts({ clock: systemClock, log, sealer: new Sealer('sk-salt'), directory, what: name, bounds });
  texts.start();
  return texts;
}

async function measured(folder: string, given: Case): Promise<Record<string, number>> {
  const directory = join(folder, given.name);
  const text = 'x'.repeat(given.bytes);
  const filling = opened(directory, given);
  const begun = performance.now();
  for (let n = 0; n < given.count; n++) {
    filling.put(given.keyOf(n), OWNER, text);
    if (n % 50 === 0) await filling.stop();
  }
  await filling.stop();
  const writtenEach = (performance.now() - begun) / given.count;
  collect();
  const before = process.memoryUsage();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const texts = opened(directory, given);
  await texts.get('unknown');
  const loadMs = performance.now() - start;
  delay.disable();
  collect();
  const after = process.memoryUsage();
  const reads = performance.now();
  for (let n = 1; n <= 1000; n++) await texts.get(given.keyOf(given.count - n));
  const readEach = (performance.now() - reads) / 1000;
  const puts = performance.now();
  for (let n = 0; n < 100; n++) texts.put(`further ${n}`, OWNER, text);
  const putEach = (performance.now() - puts) / 100;
  await texts.stop();
  return {
    loadMs: round(loadMs),
    longestTurnMs: round(delay.max / 1e6),
    heapMB: megabytes(after.heapUsed - before.heapUsed),
    putMs: round(putEach),
    readMs: round(readEach),
    writtenMs: round(writtenEach),
  };
}

const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'kept-bench-'));
try {
  const figures: Record<string, unknown> = {};
  for (const each of CASES) figures[each.name] = await measured(folder, each);
  console.log(JSON.stringify(figures, null, 2));
} finally {
  await rm(folder, { recursive: true });
}
