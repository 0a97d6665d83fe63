/**
 * What an append costs, and whether syncing stalls it (ruling M17).
 *
 *     node bench/journal/append.ts [folder]
 *
 * First 100,000 bare writes and as many appends in a row, then 10 s of five appends a millisecond with group syncs on and off. Prints one JSON
 * object; all times in microseconds.
 */
import nodeFs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../src/core/clock.ts';
import type { FileSystem } from '../../src/journal/file-system.ts';
import { Journal } from '../../src/journal/journal.ts';

const PAYLOAD = JSON.stringify({ type: 'settled', call: crypto.randomUUID(), cost: '0.000123', tokens: [812, 344], text: 'x'.repeat(260) });
const NO_SYNC: FileSystem = {
  ...nodeFs,
  fdatasync: Object.assign((_: number, done: nodeFs.NoParamCallback) => void setImmediate(done, null), {
    __promisify__: nodeFs.fdatasync.__promisify__,
  }),
};

function spread(times: number[]): Record<string, number> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Number(((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 1000).toFixed(1));
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}

async function withJournal<T>(fs: FileSystem, work: (journal: Journal) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'journal-bench-'));
  const journal = new Journal({ directory, clock: systemClock, fs });
  try {
    await journal.start();
    return await work(journal);
  } finally {
    await journal.stop();
    await rm(directory, { recursive: true });
  }
}

async function inARow(journal: Journal): Promise<Record<string, number>> {
  for (let n = 0; n < 2000; n++) journal.append(PAYLOAD);
  const started = performance.now();
  for (let n = 0; n < 100_000; n++) journal.append(PAYLOAD);
  const each = ((performance.now() - started) / 100_000) * 1000;
  const replayStarted = performance.now();
  let replayed = 0;
  for await (const _ of journal.replay(0)) replayed += 1;
  return {
    payloadBytes: PAYLOAD.length,
    each: Number(each.toFixed(2)),
    replayEach: Number((((performance.now() - replayStarted) / replayed) * 1000).toFixed(2)),
  };
}

async function paced(journal: Journal): Promise<Record<string, number>> {
  const times: number[] = [];
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    for (let n = 0; n < 5; n++) {
      const started = performance.now();
      journal.append(PAYLOAD);
      times.push(performance.now() - started);
    }
    await setTimeout(1);
  }
  return spread(times);
}

/** The floor: the same bytes by plain writes over written blocks. */
async function bareWrites(): Promise<Record<string, number>> {
  const directory = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'journal-bench-'));
  const fd = nodeFs.openSync(join(directory, 'bare'), 'w');
  const room = 2 ** 23;
  nodeFs.writeSync(fd, Buffer.alloc(room), 0, room, 0);
  const bytes = Buffer.alloc(392, 7);
  const started = performance.now();
  for (let n = 0; n < 100_000; n++) nodeFs.writeSync(fd, bytes, 0, 392, (n * 392) % (room - 392));
  const each = ((performance.now() - started) / 100_000) * 1000;
  nodeFs.closeSync(fd);
  await rm(directory, { recursive: true });
  return { each: Number(each.toFixed(2)) };
}

const result = {
  bareWrites: await bareWrites(),
  inARow: await withJournal(nodeFs, inARow),
  pacedWithSync: await withJournal(nodeFs, paced),
  pacedWithoutSync: await withJournal(NO_SYNC, paced),
};
console.log(JSON.stringify(result, null, 2));
