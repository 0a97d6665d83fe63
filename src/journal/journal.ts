import { randomUUID } from 'node:crypto';
import nodeFs from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { JournalLockedError, JournalUnavailableError } from './errors.ts';
import { PRIVATE_FOLDER, type FileSystem, type JournalLog } from './file-system.ts';
import { GroupSync } from './group-sync.ts';
import { FolderLock } from './lock.ts';
import { readFolder, repair, type Repair } from './opening.ts';
import { payloadOf, recordAt, RecordEncoder } from './record.ts';
import { SegmentChain } from './segment-chain.ts';
import { HEADER_BYTES, saltOf, type Segment } from './segment.ts';
import { Spare } from './spare.ts';

export interface JournalOptions {
  /** Holds the journal's files and nothing else; made when missing. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log?: JournalLog;
  /** Bytes on disk at which appends are refused until records are released; 1 GiB. */
  readonly maxBytes?: number;
  /** 8 MiB. */
  readonly segmentBytes?: number;
  /** Shortest time between two group syncs; 50 ms. */
  readonly syncMs?: number;
  /** How often a failing journal tries to write again; 1 s. */
  readonly retryMs?: number;
  readonly fs?: FileSystem;
}

/** `failing`: appends are refused; the journal keeps trying and comes back by itself. */
export type JournalState = 'ok' | 'failing';

export interface JournalRecord {
  /** Position in the journal: rises, with gaps only where the gateway did not stop in good order. */
  readonly seq: number;
  readonly payload: string;
}

/**
 * Seqs left out after a start that found the folder not closed in good order, or damaged. Records that a power cut took
 * may have reached the database with their seq; no new record may have one of those (ruling M12).
 */
const SEQ_GAP = 1_000_000_000;

const SILENT: JournalLog = { warn: () => {}, error: () => {} };

/**
 * An append-only log on the local disk; knows nothing of what it keeps.
 *
 * A record survives `kill -9` once `append` has returned, and a power cut at most 50 ms later. Records stay until they
 * are released. One process at a time.
 */
export class Journal {
  readonly #options: Required<JournalOptions>;
  readonly #lock: FolderLock;
  readonly #sync: GroupSync;
  readonly #spare: Spare;
  readonly #chain: SegmentChain;
  readonly #listeners = new Set<(state: JournalState) => void>();
  readonly #tasks = new Set<Promise<void>>();
  #repairs: Repair[] = [];
  #id = '';
  #salt = 0;
  #encoder = new RecordEncoder(0);
  #lastSeq = 0;
  #running = false;
  #state: JournalState = 'ok';
  #failure = new JournalUnavailableError('closed', 'The journal is not started.');
  #retry: NodeJS.Timeout | null = null;
  #making: Promise<void> | null = null;

  constructor(options: JournalOptions) {
    this.#options = { log: SILENT, maxBytes: 2 ** 30, segmentBytes: 2 ** 23, syncMs: 50, retryMs: 1000, fs: nodeFs, ...options };
    const { fs, clock, directory, syncMs, segmentBytes, maxBytes } = this.#options;
    this.#lock = new FolderLock(fs, directory);
    this.#spare = new Spare(fs, directory, segmentBytes);
    this.#sync = new GroupSync({ fs, clock, intervalMs: syncMs, onError: (cause) => this.#fail(cause) });
    const onNearEnd = () => this.#background(this.#spare.prepare());
    this.#chain = new SegmentChain({ fs, directory, segmentBytes, maxBytes, sync: this.#sync, spare: this.#spare, onNearEnd });
  }

  /** UUID of this journal; a new one when the folder was emptied. Known once started. */
  get id(): string {
    return this.#id;
  }

  /** Whether appends are refused at the moment. */
  get failing(): boolean {
    return this.#state === 'failing';
  }

  get state(): JournalState {
    return this.#state;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#chain.bytes;
  }

  /** Highest seq given out; 0 for none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** @returns ends it */
  onState(listener: (state: JournalState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens the folder. A disk that cannot be written does not fail the start: the state is then `failing`.
   *
   * @throws {JournalLockedError} when another living process has it open
   * @throws the system's error when the folder exists and cannot be read
   */
  async start(): Promise<void> {
    const { fs, directory, log } = this.#options;
    const left = this.#tryLock();
    const opened = await readFolder(fs, directory);
    this.#id = opened.id ?? randomUUID();
    this.#salt = saltOf(this.#id);
    this.#encoder = new RecordEncoder(this.#salt);
    this.#lastSeq = opened.highestSeq;
    if (opened.damaged || (left !== 'clean' && opened.segments.length > 0)) this.#lastSeq += SEQ_GAP;
    if (opened.damaged)
      log.error(
        { directory, repairs: opened.repairs },
        'the journal is damaged: what follows the damage is set aside in files named .damaged',
      );
    this.#repairs = [...opened.repairs];
    this.#chain.load(opened.segments);
    this.#running = true;
    await this.#makeWritable();
  }

  /**
   * Writes one record. Synchronous, about 2 µs.
   *
   * @returns its seq, from 1
   * @throws {JournalUnavailableError} when it could not be written; it will then never be replayed
   * @throws {RangeError} when the payload is larger than a segment
   */
  append(payload: string): number {
    if (!this.#chain.open) throw this.#failure;
    const seq = this.#lastSeq + 1;
    this.#encoder.clear();
    const size = this.#encoder.encode(seq, payload);
    if (size > this.#options.segmentBytes - HEADER_BYTES)
      throw new RangeError(`a journal record of ${size} bytes is larger than a segment`);
    try {
      if (!this.#chain.fits(size)) this.#chain.begin(this.#id, seq);
    } catch (error) {
      throw this.#fail(error);
    }
    const { error } = this.#chain.write(seq, this.#encoder.buffer, [size]);
    if (error !== null) throw this.#fail(error);
    this.#lastSeq = seq;
    return seq;
  }

  /**
   * Writes records together, in one write where they fit: a write costs as much for thirty as for one.
   *
   * @returns the seq of each; null for one that could not be written
   */
  appendAll(payloads: readonly string[]): readonly (number | null)[] {
    const first = this.#lastSeq + 1;
    this.#encoder.clear();
    const ends = payloads.map((payload, index) => {
      this.#encoder.encode(first + index, payload);
      return this.#encoder.size;
    });
    if (!this.#chain.fits(this.#encoder.size)) return payloads.map((payload) => this.#appendOrNull(payload));
    const { count, error } = this.#chain.write(first, this.#encoder.buffer, ends);
    this.#lastSeq += count;
    if (error !== null) this.#fail(error);
    return payloads.map((_, index) => (index < count ? first + index : null));
  }

  #appendOrNull(payload: string): number | null {
    try {
      return this.append(payload);
    } catch {
      return null;
    }
  }

  /**
   * Records with a seq above `afterSeq` that were appended before this call and are not released, oldest first.
   * Ends early, with a line in the log, where a record went bad since the start.
   */
  async *replay(afterSeq: number): AsyncGenerator<JournalRecord, void, void> {
    for (const segment of this.#chain.above(afterSeq)) {
      const bytes = await this.#chain.read(segment);
      if (bytes && !(yield* this.#records(bytes, segment, afterSeq))) return;
    }
  }

  /** Records up to `upToSeq` are no longer needed; segments that hold no other are used again or deleted. */
  release(upToSeq: number): void {
    if (!this.#running) return;
    const removed = this.#chain.release(upToSeq);
    this.#background(this.#failure.reason === 'full' ? removed.then(() => this.#makeWritable()) : removed);
  }

  /** The next record gets a seq above `seq`: for a database that remembers a later position than this folder. */
  continueAfter(seq: number): void {
    this.#lastSeq = Math.max(this.#lastSeq, seq);
  }

  /** Refuses appends from the call on, brings everything to the disk and closes. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#failure = new JournalUnavailableError('closed', 'The journal is closed.');
    if (this.#retry) clearTimeout(this.#retry);
    this.#chain.close();
    await Promise.all(this.#tasks);
    await this.#spare.close();
    try {
      await this.#sync.flush();
      this.#lock.release();
    } catch (error) {
      // The lock stays: the next start then knows that the end is uncertain.
      this.#options.log.error({ err: error }, 'the journal could not be brought to the disk');
    }
  }

  /** @returns how the folder was left; `unknown` when it cannot be written now */
  #tryLock(): 'clean' | 'unclean' | 'unknown' {
    try {
      return this.#acquire() ? 'unclean' : 'clean';
    } catch (error) {
      if (error instanceof JournalLockedError) throw error;
      return 'unknown';
    }
  }

  #acquire(): boolean {
    this.#options.fs.mkdirSync(this.#options.directory, { recursive: true, mode: PRIVATE_FOLDER });
    return this.#lock.acquire();
  }

  /** Everything between a closed or failed journal and its next record; on failure it is tried again later. */
  #makeWritable(): Promise<void> {
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    this.#making ??= this.#tryToOpen().finally(() => {
      this.#making = null;
    });
    return this.#making;
  }

  async #tryToOpen(): Promise<void> {
    try {
      if (!this.#lock.held) this.#acquire();
      await this.#repair();
      if (this.#chain.open || !this.#running) return;
      if (this.#state === 'failing' || !this.#chain.continueNewest()) await this.#renew();
      if (this.#chain.open) this.#recovered();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** New records must not stand behind damage, so this comes first. */
  async #repair(): Promise<void> {
    for (let next = this.#repairs[0]; next; next = this.#repairs[0]) {
      await repair(this.#options.fs, next);
      this.#repairs.shift();
    }
  }

  /** A fresh segment whose blocks are on the disk: proof that there is room again. */
  async #renew(): Promise<void> {
    this.#chain.refuseWhenFull();
    await this.#spare.prepare();
    if (this.#running && !this.#chain.open) this.#chain.begin(this.#id, this.#lastSeq + 1);
  }

  #recovered(): void {
    this.#failure = new JournalUnavailableError('closed', 'The journal has no open segment.');
    this.#setState('ok');
  }

  #fail(cause: unknown): JournalUnavailableError {
    if (!this.#running) return this.#failure;
    this.#failure =
      cause instanceof JournalUnavailableError
        ? cause
        : new JournalUnavailableError('disk', `The journal cannot be written: ${String(cause)}`, cause);
    this.#chain.abandon();
    this.#retry ??= setTimeout(() => this.#background(this.#makeWritable()), this.#options.retryMs).unref();
    this.#setState('failing');
    return this.#failure;
  }

  #setState(state: JournalState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'failing') this.#options.log.error({ err: this.#failure }, 'the journal cannot be written');
    else this.#options.log.warn({}, 'the journal can be written again');
    for (const listener of this.#listeners) listener(state);
  }

  /** Work that only `stop` waits for. What fails here shows again when the file is needed. */
  #background(work: Promise<void>): void {
    const task = work.catch((error: unknown) =>
      this.#options.log.warn({ err: error }, 'a journal file could not be made ready or removed'),
    );
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }

  /** @returns false when a record went bad */
  *#records(bytes: Buffer, segment: Segment, afterSeq: number): Generator<JournalRecord, boolean, void> {
    let [offset, seq] = [HEADER_BYTES, segment.firstSeq - 1];
    while (offset < segment.end) {
      const record = recordAt(bytes, offset, seq, this.#salt);
      if (!record) {
        this.#options.log.error({ path: segment.path, offset }, 'the journal cannot be read further: a record went bad');
        return false;
      }
      if (record.seq > afterSeq) yield { seq: record.seq, payload: payloadOf(bytes, record) };
      [offset, seq] = [record.end, record.seq];
    }
    return true;
  }
}
