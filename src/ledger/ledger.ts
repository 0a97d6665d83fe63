import type { Clock } from '../core/clock.ts';
import { LedgerUnavailableError } from '../core/errors.ts';
import type { BalanceAdjustment, LedgerRecord, SpendRecord } from '../core/spend-record.ts';
import type { EndedRecord, HoldRecord, ProgressRecord } from './hold-record.ts';
import { recoveredRow } from './recovery.ts';
import { TurnWriter, type RecordLog } from './turn-writer.ts';

/** Rows, balances and sums in one transaction; `store/` keeps this promise. */
export interface SpendSink {
  /** Position of this journal that is committed; 0 when it is new. */
  position(journalId: string): Promise<number>;
  /** Those of these calls that have their row. */
  booked(requestIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Writes the batch when the journal's position is still `after`; else nothing.
   *
   * @returns the position committed now
   * @throws {UnwritableRecordError} when a record of the batch can never be stored; any other error: try again
   */
  write(batch: {
    readonly journalId: string;
    readonly after: number;
    readonly upTo: number;
    readonly records: readonly LedgerRecord[];
  }): Promise<{ readonly position: number; readonly applied: boolean }>;
}

/** The database refuses a record for what it is; trying again will not help. */
export class UnwritableRecordError extends Error {
  override readonly name = 'UnwritableRecordError';
}

export interface LedgerOptions {
  readonly clock: Clock;
  readonly journal: RecordLog;
  readonly sink: SpendSink;
  /** Time between flushes when little happens, milliseconds (`proxy_batch_write_at`). */
  readonly flushEveryMs: number;
  /** What paid calls get while nothing can be written down (ruling M15). */
  readonly onFailure: 'refuse' | 'serve';
  /** Told when a flush fails and when it works again. */
  readonly onFlush: (error: Error | null) => void;
  /** Told of a call that is booked, once. */
  readonly onSettled?: (record: SpendRecord) => void;
  /** Told of a record that the database will never take, so that it is not lost without a word. */
  readonly onUnwritable: (record: LedgerRecord, error: Error) => void;
}

interface Waiting {
  /** Null when the journal could not take it: it waits in memory alone. */
  readonly seq: number | null;
  /** Its JSON when many wait: that takes half of the memory, and is read again when its batch goes. */
  readonly record: LedgerRecord | string;
}

interface Open {
  readonly record: HoldRecord;
  /** 0: it stands in memory alone. */
  seq: number;
  outputTokens: number;
  progressAt: number;
  ended: { readonly status: 'success' | 'failure'; readonly clientLeft: boolean } | null;
}

/** What this turn of the event loop writes down. */
interface Entry {
  readonly json: string;
  /** The call that it opens. */
  readonly opens: Open | null;
  /** What it holds for the database. */
  readonly keeps: LedgerRecord | null;
}

/** Records that wait are flushed at once from here on. */
const BATCH = 1000;
/** Records of one flush; larger ones cost the database no less for each. */
const LARGEST_BATCH = 2500;
/** Of more than this many, records wait as their JSON. */
const MOST_WHOLE = 10_000;
const NONE: ReadonlySet<string> = new Set();
const PROGRESS_EVERY_MS = 1000;
const RETRY_MS = 1000;
/** Settlements kept in memory alone while the journal is failing (ruling M15). */
const MOST_UNWRITTEN = 10_000;

/**
 * Keeps what calls cost: journal first, database after, each exactly once (rulings M2, M12). Nothing on a call's path waits
 * for the database; what many calls write down in one turn of the event loop goes to the journal in one write at its end,
 * and whoever must not go on before waits for {@link written}.
 */
export class Ledger {
  readonly #clock: Clock;
  readonly #journal: RecordLog;
  readonly #sink: SpendSink;
  readonly #onFlush: (error: Error | null) => void;
  readonly #onUnwritable: (record: LedgerRecord, error: Error) => void;
  /** Records in the next batch; halved to find one that cannot be written. */
  #batchSize = LARGEST_BATCH;
  #flushEveryMs: number;
  #onFailure: 'refuse' | 'serve';
  #queue: Waiting[] = [];
  readonly #open = new Map<string, Open>();
  readonly #turn: TurnWriter<Entry>;
  #unwritten = 0;
  readonly #onSettled: (record: SpendRecord) => void;
  #position = 0;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<boolean> | null = null;
  #ready = false;

  constructor({ clock, journal, sink, flushEveryMs, onFailure, onFlush, onSettled, onUnwritable }: LedgerOptions) {
    this.#clock = clock;
    this.#journal = journal;
    this.#turn = new TurnWriter(journal, (entry, seq) => {
      this.#placed(entry, seq);
    });
    this.#sink = sink;
    this.#flushEveryMs = flushEveryMs;
    this.#onFailure = onFailure;
    this.#onFlush = onFlush;
    this.#onUnwritable = onUnwritable;
    this.#onSettled = onSettled ?? (() => undefined);
  }

  configure(settings: { readonly flushEveryMs: number; readonly onFailure: 'refuse' | 'serve' }): void {
    const sooner = settings.flushEveryMs < this.#flushEveryMs;
    this.#flushEveryMs = settings.flushEveryMs;
    this.#onFailure = settings.onFailure;
    // What was to wait for long waits for the new time at most.
    if (sooner && this.#ready && this.#timer !== null) this.#schedule(this.#flushEveryMs);
  }

  /**
   * Reads what the journal holds beyond the database, settles calls that a crash cut off, and begins to flush.
   *
   * @param settled told every settlement and correction that the balances in the database do not hold yet
   */
  async start(settled: (record: LedgerRecord) => void): Promise<void> {
    this.#queue = [];
    this.#open.clear();
    this.#position = await this.#sink.position(this.#journal.id);
    // A folder from a backup may be behind the database: no new record may have the number of an old one.
    this.#journal.continueAfter(this.#position);
    const found: LedgerRecord[] = [];
    for await (const { seq, payload } of this.#journal.replay(this.#position)) this.#replayed(seq, payload, found);
    await this.#recover(found);
    // Told when nothing can fail any more: a start that is tried again tells nothing twice.
    for (const record of found) settled(record);
    this.#ready = true;
    this.#schedule(this.#queue.length > 0 ? 0 : this.#flushEveryMs);
  }

  async #recover(found: LedgerRecord[]): Promise<void> {
    const now = this.#clock.now();
    // What ended while the journal could not be written went to the database alone.
    const booked = this.#open.size === 0 ? NONE : await this.#sink.booked([...this.#open.keys()]);
    for (const [id, { record, outputTokens, ended }] of this.#open) {
      if (booked.has(id)) continue;
      const row = recoveredRow(record, outputTokens, ended, now);
      this.#keep(row);
      found.push(row);
    }
    this.#turn.end();
    this.#open.clear();
  }

  /** Flushes what waits, as long as that works. */
  async stop(): Promise<void> {
    this.#turn.end();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#flushing;
    while (this.#ready && this.#queue.length > 0) if (!(await this.#flush())) break;
    this.#ready = false;
  }

  /** Settlements not yet in the database. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Calls under way. */
  get openCalls(): number {
    return this.#open.size;
  }

  get failing(): boolean {
    return this.#journal.failing;
  }

  /** @throws {LedgerUnavailableError} while nothing that costs money may begin (ruling M15) */
  need(): void {
    if (this.#unwritten >= MOST_UNWRITTEN || (this.#journal.failing && this.#onFailure === 'refuse')) throw new LedgerUnavailableError();
  }

  /**
   * Writes down that a call begins; once more when it goes on with another model. In the journal when this resolves.
   *
   * @param free the call cannot cost anything: it is served whatever the journal does
   * @throws {LedgerUnavailableError}
   */
  async open(record: HoldRecord, free: boolean): Promise<void> {
    if (this.#unwritten >= MOST_UNWRITTEN && !free) throw new LedgerUnavailableError();
    const id = record.facts.requestId;
    const open: Open = { record, seq: 0, outputTokens: 0, progressAt: 0, ended: null };
    this.#open.set(id, open);
    this.#turn.write({ json: JSON.stringify(record), opens: open, keeps: null });
    await this.written();
    if (open.seq > 0 || free || this.#onFailure === 'serve') return;
    this.#open.delete(id);
    throw new LedgerUnavailableError();
  }

  /** Everything that was told before is in the journal when this resolves, or in memory while the journal fails. */
  written(): Promise<void> {
    return this.#turn.written();
  }

  /** Tells how much a stream has written; goes to the journal at most once a second. `now` is `clock.elapsed()`. */
  progress(id: string, outputTokens: number, now: number): void {
    const open = this.#open.get(id);
    if (!open) return;
    if (open.progressAt === 0) open.progressAt = now;
    open.outputTokens = outputTokens;
    if (now - open.progressAt < PROGRESS_EVERY_MS) return;
    open.progressAt = now;
    this.#note({ kind: 'progress', id, outputTokens });
  }

  /** The call is over and its tokens are being counted: a crash now must not lose it (ruling M13). */
  ended(id: string, outputTokens: number, status: 'success' | 'failure', clientLeft: boolean): void {
    const open = this.#open.get(id);
    if (!open) return;
    open.outputTokens = outputTokens;
    open.ended = { status, clientLeft };
    this.#note({ kind: 'ended', id, outputTokens, status, clientLeft });
  }

  /** Books a call, once for each id. In the journal when {@link written} resolves. */
  settle(record: SpendRecord): void {
    if (!this.#open.delete(record.request_id)) return;
    this.#keep(record);
    this.#onSettled(record);
  }

  /** Keeps the row of a call that was refused and never opened. While the journal fails there are weightier things to keep. */
  refused(record: SpendRecord): void {
    if (this.#journal.failing) return;
    this.#keep(record);
    this.#onSettled(record);
  }

  /** Corrects balances that an administrator set, in one write. In the journal when this returns. */
  adjust(...records: readonly BalanceAdjustment[]): void {
    for (const record of records) this.#keep(record);
    this.#turn.end();
  }

  /** Everything settled so far is in the database when this resolves. @throws when it cannot be written now */
  async flushed(): Promise<void> {
    this.#turn.end();
    while (this.#queue.length > 0) if (!(await this.#flush())) throw new Error('spend could not be written to the database');
  }

  #keep(record: LedgerRecord): void {
    this.#turn.write({ json: JSON.stringify(record), opens: null, keeps: record });
  }

  #note(record: ProgressRecord | EndedRecord): void {
    this.#turn.write({ json: JSON.stringify(record), opens: null, keeps: null });
  }

  #placed({ json, opens, keeps }: Entry, seq: number | null): void {
    if (opens) opens.seq = seq ?? 0;
    if (!keeps) return;
    if (seq === null) this.#unwritten++;
    this.#wait(seq, keeps, json);
    if (this.#ready && this.#queue.length === BATCH) this.#schedule(0);
  }

  #wait(seq: number | null, record: LedgerRecord, json: string): void {
    this.#queue.push({ seq, record: this.#queue.length < MOST_WHOLE ? record : json });
  }

  #replayed(seq: number, payload: string, found: LedgerRecord[]): void {
    const record = JSON.parse(payload) as LedgerRecord | HoldRecord | ProgressRecord | EndedRecord;
    if (record.kind === 'hold') {
      this.#open.set(record.facts.requestId, { record, seq, outputTokens: 0, progressAt: 0, ended: null });
    } else if (record.kind === 'progress' || record.kind === 'ended') {
      const open = this.#open.get(record.id);
      if (!open) return;
      open.outputTokens = record.outputTokens;
      if (record.kind === 'ended') open.ended = { status: record.status, clientLeft: record.clientLeft };
    } else {
      if (record.kind === 'settle') this.#open.delete(record.request_id);
      this.#wait(seq, record, payload);
      found.push(record);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#flushAndGoOn();
    }, delayMs);
    this.#timer.unref();
  }

  async #flushAndGoOn(): Promise<void> {
    const worked = await this.#flush();
    if (!this.#ready) return;
    this.#schedule(!worked ? RETRY_MS : this.#queue.length >= BATCH ? 0 : this.#flushEveryMs);
  }

  /** One batch. False when it could not be written: everything is kept. */
  #flush(): Promise<boolean> {
    this.#flushing ??= this.#flushBatch().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  async #flushBatch(): Promise<boolean> {
    this.#turn.end();
    const batch = this.#carried(this.#queue.slice(0, this.#batchSize));
    if (batch.length === 0) return this.#queue.length === 0 || this.#failed(new Error('the journal cannot be written'));
    try {
      await this.#send(
        batch,
        batch.map(({ record }) => whole(record)),
      );
      this.#batchSize = Math.min(LARGEST_BATCH, this.#batchSize * 2);
    } catch (error) {
      if (!(error instanceof UnwritableRecordError)) return this.#failed(error);
      if (batch.length > 1) this.#batchSize = Math.ceil(batch.length / 2);
      else return this.#stepOver(batch, error);
    }
    this.#onFlush(null);
    return true;
  }

  async #send(batch: readonly Waiting[], records: readonly LedgerRecord[]): Promise<void> {
    const upTo = lastSeqOf(batch) ?? this.#position;
    const { position, applied } = await this.#sink.write({ journalId: this.#journal.id, after: this.#position, upTo, records });
    this.#position = position;
    this.#written(applied ? batch.length : this.#queue.findIndex(({ seq }) => seq === null || seq > position));
    this.#journal.release(position);
  }

  /** One record that can never be written must not stand in the way of all others. */
  async #stepOver(batch: readonly Waiting[], refusal: Error): Promise<boolean> {
    for (const { record } of batch) this.#onUnwritable(whole(record), refusal);
    try {
      await this.#send(batch, []);
      return true;
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): false {
    this.#onFlush(error instanceof Error ? error : new Error(String(error)));
    return false;
  }

  #written(count: number): void {
    const gone = this.#queue.splice(0, count === -1 ? this.#queue.length : count);
    for (const { seq } of gone) if (seq === null) this.#unwritten--;
  }

  /**
   * Writes calls under way once more behind a batch that is to be flushed, so that the journal can forget everything up to
   * its end: a long stream must not hold back the position, and a crash must still find it.
   *
   * @returns the batch; less of it when a call cannot be carried, for the journal must then keep what that call began with
   */
  #carried(batch: readonly Waiting[]): readonly Waiting[] {
    const upTo = lastSeqOf(batch);
    if (upTo === null) return batch;
    const before = new Map<Open, number>();
    for (const open of this.#open.values()) {
      if (open.seq > upTo) continue;
      before.set(open, open.seq);
      this.#turn.write({ json: JSON.stringify(open.record), opens: open, keeps: null });
      const { requestId: id } = open.record.facts;
      const { outputTokens, ended } = open;
      if (ended) this.#note({ kind: 'ended', id, outputTokens, ...ended });
      else if (outputTokens > 0) this.#note({ kind: 'progress', id, outputTokens });
    }
    this.#turn.end();
    let kept = Infinity;
    for (const [open, seq] of before) {
      if (open.seq > 0 || seq === 0) continue;
      open.seq = seq;
      kept = Math.min(kept, seq);
    }
    const end = batch.findIndex(({ seq }) => seq !== null && seq > kept);
    return end === -1 ? batch : batch.slice(0, end);
  }
}

/** Position of the last record of a batch that stands in the journal. */
function lastSeqOf(batch: readonly Waiting[]): number | null {
  return batch.findLast(({ seq }) => seq !== null)?.seq ?? null;
}

function whole(record: LedgerRecord | string): LedgerRecord {
  return typeof record === 'string' ? (JSON.parse(record) as LedgerRecord) : record;
}
