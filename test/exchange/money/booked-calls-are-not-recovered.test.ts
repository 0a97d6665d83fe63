import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { NO_USD } from '../../../src/core/money.ts';
import type { LedgerRecord, SpendRecord } from '../../../src/core/spend-record.ts';
import { Journal } from '../../../src/journal/journal.ts';
import type { HoldRecord } from '../../../src/ledger/hold-record.ts';
import { Ledger, type SpendSink } from '../../../src/ledger/ledger.ts';
import { spendRecordOf } from '../../../src/ledger/spend-row.ts';
import { MoodyDisk } from '../../journal/support.ts';

/** A database that takes each call once. */
class Sink implements SpendSink {
  readonly rows = new Map<string, SpendRecord>();
  position = async (): Promise<number> => this.at;
  at = 0;

  async booked(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(ids.filter((id) => this.rows.has(id)));
  }

  async write({ upTo, records }: Parameters<SpendSink['write']>[0]): Promise<{ position: number; applied: boolean }> {
    for (const record of records) {
      if (record.kind === 'settle' && !this.rows.has(record.request_id)) this.rows.set(record.request_id, record);
    }
    this.at = upTo;
    return { position: upTo, applied: true };
  }
}

function holdOf(requestId: string): HoldRecord {
  const facts = {
    requestId,
    callId: null,
    callType: 'acompletion',
    keyHash: 'k',
    keyAlias: null,
    userId: null,
    teamId: null,
    organizationId: null,
    endUser: null,
    sessionId: null,
    tags: [],
    address: null,
    notes: null,
    route: '/',
    startedAt: 1,
    modelGroup: 'm',
  };
  return {
    kind: 'hold',
    facts,
    servedBy: { model: 'm', deploymentId: 'd', group: 'm', provider: 'p', apiBase: '' },
    charges: [{ account: 'key:k', windowStart: 0 }],
    promptTokens: 10,
    outputTokens: 0,
    promptCost: '1',
    millionOutputCost: '1',
  };
}

function rowOf({ facts, servedBy, charges }: HoldRecord): SpendRecord {
  const cost = { total: NO_USD, terms: [], origin: null, unpriced: false };
  return spendRecordOf(facts, servedBy, charges, {
    status: 'success',
    usage: { inputTokens: 1, outputTokens: 1 },
    cost,
    marks: {},
    endedAt: 2,
    firstTokenAt: null,
    attempts: [],
    retries: 0,
    fallbacks: 0,
    streamed: false,
    reserved: null,
    error: null,
  });
}

async function started(
  directory: string,
  disk: MoodyDisk,
  sink: Sink,
): Promise<{ ledger: Ledger; journal: Journal; told: LedgerRecord[] }> {
  const journal = new Journal({ directory, clock: systemClock, fs: disk.fs, retryMs: 100_000 });
  await journal.start();
  const ledger = new Ledger({
    clock: systemClock,
    journal,
    sink,
    flushEveryMs: 100_000,
    onFailure: 'refuse',
    onFlush: () => {},
    onUnwritable: () => {},
  });
  const told: LedgerRecord[] = [];
  await ledger.start((record) => told.push(record));
  return { ledger, journal, told };
}

test('a call that ended while the disk was full, and was written to the database, is not charged again after a restart', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const disk = new MoodyDisk();
  const sink = new Sink();
  const first = await started(directory, disk, sink);
  const [booked, lost] = [holdOf('00000000-0000-7000-8000-000000000001'), holdOf('00000000-0000-7000-8000-000000000002')];
  await Promise.all([first.ledger.open(booked, false), first.ledger.open(lost, false)]);
  disk.code = 'ENOSPC';
  first.ledger.settle(rowOf(booked));
  await first.ledger.flushed();
  expect([...sink.rows.keys()]).toEqual([booked.facts.requestId]);
  await first.ledger.stop();
  await first.journal.stop();

  disk.code = null;
  const second = await started(directory, disk, sink);
  expect(second.told.map((record) => record.kind === 'settle' && record.request_id)).toEqual([lost.facts.requestId]);
  await second.ledger.stop();
  await second.journal.stop();
  expect(sink.rows.size).toBe(2);
  expect(sink.rows.get(booked.facts.requestId)?.metadata['recovered']).toBeUndefined();
});

test('a call under way is not forgotten when it cannot be carried over to a new place in the journal', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const disk = new MoodyDisk();
  const sink = new Sink();
  const first = await started(directory, disk, sink);
  const [running, ended] = [holdOf('00000000-0000-7000-8000-000000000001'), holdOf('00000000-0000-7000-8000-000000000002')];
  await Promise.all([first.ledger.open(running, false), first.ledger.open(ended, false)]);
  first.ledger.settle(rowOf(ended));
  await first.ledger.written();
  disk.code = 'ENOSPC';
  await expect(first.ledger.flushed()).rejects.toThrow('could not be written');
  expect(sink.at).toBe(0);
  await first.ledger.stop();
  await first.journal.stop();

  disk.code = null;
  const second = await started(directory, disk, sink);
  await second.ledger.stop();
  await second.journal.stop();
  expect([...sink.rows.keys()].sort()).toEqual([running.facts.requestId, ended.facts.requestId]);
  expect(sink.rows.get(running.facts.requestId)?.metadata['recovered']).toBe(true);
  expect(sink.rows.get(ended.facts.requestId)?.metadata['recovered']).toBeUndefined();
});

test('what several calls write down in one turn is one write, and stands in the journal when they go on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const disk = new MoodyDisk();
  const { ledger, journal } = await started(directory, disk, new Sink());
  const calls = Array.from({ length: 20 }, (_, n) => holdOf(`00000000-0000-7000-8000-0000000000${n + 10}`));
  const before = disk.writes;
  await Promise.all(calls.map((call) => ledger.open(call, false)));
  expect(disk.writes).toBe(before + 1);
  const kept = await Array.fromAsync(journal.replay(0));
  expect(kept.map(({ payload }) => (JSON.parse(payload) as HoldRecord).facts.requestId)).toEqual(calls.map(({ facts }) => facts.requestId));
  await ledger.stop();
  await journal.stop();
});

test('while the journal cannot be written, calls that cost money are refused and hold nothing; free ones go on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const disk = new MoodyDisk();
  const { ledger, journal } = await started(directory, disk, new Sink());
  disk.code = 'ENOSPC';
  const [paid, free] = [holdOf('00000000-0000-7000-8000-000000000001'), holdOf('00000000-0000-7000-8000-000000000002')];
  const [refused, served] = await Promise.allSettled([ledger.open(paid, false), ledger.open(free, true)]);
  expect([refused.status, served.status]).toEqual(['rejected', 'fulfilled']);
  expect(ledger.openCalls).toBe(1);
  await ledger.stop();
  await journal.stop();
});
