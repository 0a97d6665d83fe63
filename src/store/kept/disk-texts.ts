import { Changes } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import type { StoreLog } from '../log.ts';
import type { Sealer } from '../sealed.ts';
import { DiskFolder } from './disk-folder.ts';
import { fileHead, frameOf, type FoundFrame, type FramePlace, type Label } from './frames.ts';
import type { SegmentFile } from './segment-file.ts';
import type { KeepingBounds, TextKeeper } from './text-keeper.ts';
import { Waiting } from './waiting.ts';

/** Waits with its text, then stands where `at` says. */
interface Entry extends Label {
  text: string | null;
  at: Place | null;
}

interface Place extends FramePlace {
  readonly segment: SegmentFile;
}

export interface DiskTextsParts {
  readonly clock: Clock;
  readonly log: StoreLog;
  readonly sealer: Sealer;
  /** Holds the files of this keeper and nothing else; made when it is needed. */
  readonly directory: string;
  /** For people: what is kept. */
  readonly what: string;
  readonly bounds: KeepingBounds;
}

/** A file takes no more texts than for these bytes and this long: the oldest goes as a whole. */
const SEGMENT_BYTES = 4_194_304;
const SEGMENT_MS = 3_600_000;
/** Sealed and written at once: sealing holds everything else up. */
const BATCH_BYTES = 262_144;
/** Of texts that a slow or full disk does not take. */
const MOST_WAITING_BYTES = 16_777_216;
/** How long a disk that refused is left alone. */
const REST_MS = 5000;

/**
 * Keeps texts in files, sealed under the salt key; in memory is only where each of them stands. They are written behind, in the order in
 * which they came: a kill loses those of the last moment and no others. The oldest file goes when there are too many bytes, and any file when
 * all in it is too old. What is removed is overwritten.
 */
export class DiskTexts implements TextKeeper {
  readonly #parts: DiskTextsParts;
  readonly #folder: DiskFolder;
  /** All that touches files, one after another. */
  readonly #work = new Changes();
  readonly #loaded = Promise.withResolvers<void>();
  #isLoaded = false;
  #started = false;
  /** Oldest first. */
  #entries = new Map<string, Entry>();
  #segments: SegmentFile[] = [];
  #current: SegmentFile | null = null;
  readonly #waiting = new Waiting<Entry>(MOST_WAITING_BYTES);
  #writing = false;
  /** The disk refused; it is asked again from this time on. Null: it takes what it gets. */
  #refusedUntil: number | null = null;

  constructor(parts: DiskTextsParts) {
    this.#parts = parts;
    this.#folder = new DiskFolder(parts.directory, parts.what, parts.sealer);
  }

  get empty(): boolean {
    return this.#isLoaded && this.#entries.size === 0;
  }

  /** Reads where everything stands, in the background; who asks before waits for it. Nobody else may have the folder open. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#work.next(() => this.#load());
  }

  /** Resolves when all is written. */
  async stop(): Promise<void> {
    if (this.#started) await this.#work.next(async () => undefined);
  }

  put(key: string, owner: string, text: string): void {
    const { bounds, clock } = this.#parts;
    const old = this.#entries.get(key);
    if (old) void this.#forget([old]).catch(this.#tell);
    if (text.length > bounds.bytes) return;
    const entry: Entry = { key, owner, until: clock.now() + bounds.lifeMs, text, at: null };
    this.#entries.set(key, entry);
    for (const lost of this.#waiting.push(entry)) this.#drop(lost);
    this.#pushOut();
    this.#writeSoon();
  }

  async get(key: string): Promise<string | null> {
    await this.#whenLoaded();
    const entry = this.#entries.get(key);
    if (!entry || entry.until <= this.#parts.clock.now()) return null;
    if (entry.at === null) return entry.text;
    const sealed = await entry.at.segment.text(entry.at).catch(() => null);
    return (sealed && this.#parts.sealer.openBytes(sealed)?.toString('utf8')) ?? null;
  }

  async remove(key: string): Promise<void> {
    await this.#whenLoaded();
    const entry = this.#entries.get(key);
    if (entry) await this.#forget([entry]);
  }

  async removeOf(owner: string): Promise<void> {
    await this.#whenLoaded();
    await this.#forget([...this.#entries.values()].filter((entry) => entry.owner === owner));
  }

  /** Deletes everything that came before, in the background. */
  discard(): void {
    this.#entries.clear();
    this.#waiting.clear();
    const work = this.#work.next(async () => {
      await this.#removeFiles(this.#segments);
      await this.#folder.remove();
    });
    work.catch(this.#tell);
  }

  sweep(): void {
    if (!this.#isLoaded) return;
    const now = this.#parts.clock.now();
    if (this.#current && now - this.#current.since > SEGMENT_MS) this.#current = null;
    const dead = this.#segments.filter((segment) => segment !== this.#current && (segment.live === 0 || segment.until <= now));
    if (dead.length > 0) void this.#work.next(() => this.#removeFiles(dead)).catch(this.#tell);
    this.#writeSoon();
  }

  async #whenLoaded(): Promise<void> {
    if (!this.#isLoaded) await this.#loaded.promise;
  }

  async #load(): Promise<void> {
    const { log, what } = this.#parts;
    const early = this.#entries;
    const found = new Map<string, Entry>();
    const replaced: Entry[] = [];
    const add = (entry: Entry): void => {
      const before = found.get(entry.key);
      if (before) replaced.push(before);
      found.delete(entry.key);
      found.set(entry.key, entry);
      if (entry.at) entry.at.segment.live++;
    };
    try {
      const { segments, foreign } = await this.#folder.read((frame, segment) => {
        if (frame.until > this.#parts.clock.now()) add(standing(frame, segment));
      });
      this.#segments = segments;
      if (foreign > 0) log.warn(`The ${what} on the disk were kept under another salt key: they cannot be read, and keeping begins anew`);
    } catch (error) {
      log.warn(`The ${what} on the disk cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    for (const entry of early.values()) add(entry);
    for (const { at } of replaced) if (at) at.segment.live--;
    this.#entries = found;
    this.#isLoaded = true;
    this.#loaded.resolve();
    void this.#forget(replaced).catch(this.#tell);
    this.#pushOut();
    this.sweep();
  }

  /** Begins to write what waits, unless that is going on or the disk is left alone. */
  #writeSoon(): void {
    if (!this.#started || this.#writing || this.#waiting.length === 0) return;
    if (this.#refusedUntil !== null && this.#parts.clock.elapsed() < this.#refusedUntil) return;
    this.#writing = true;
    void this.#work.next(() => this.#writeAll()).then(this.#wrote, this.#tell);
  }

  readonly #wrote = (): void => {
    this.#writing = false;
    this.#refusedUntil = null;
    this.#writeSoon();
  };

  readonly #tell = (error: unknown): void => {
    this.#writing = false;
    const { clock, log, what } = this.#parts;
    if (this.#refusedUntil === null)
      log.warn(`The ${what} cannot be written to the disk: ${error instanceof Error ? error.message : String(error)}`);
    this.#refusedUntil = clock.elapsed() + REST_MS;
  };

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.take(BATCH_BYTES).filter((entry) => this.#isCurrent(entry));
      if (batch.length === 0) continue;
      try {
        await this.#write(batch);
      } catch (error) {
        this.#waiting.putBack(batch);
        throw error;
      }
    }
  }

  async #write(batch: readonly Entry[]): Promise<void> {
    const { sealer, what } = this.#parts;
    const frames = batch.map((entry) => ({ entry, ...frameOf(entry, entry.text ?? '', sealer) }));
    const segment = await this.#segmentFor(frames.reduce((sum, { bytes }) => sum + bytes.length, 0));
    const head = segment.bytes === 0 ? fileHead(what, sealer) : Buffer.alloc(0);
    let start = segment.bytes + head.length;
    await segment.append(Buffer.concat([head, ...frames.map(({ bytes }) => bytes)]));
    if (!this.#segments.includes(segment)) this.#segments.push(segment);
    for (const { entry, bytes, labelBytes, textBytes } of frames) {
      entry.at = { segment, start, labelBytes, textBytes };
      entry.text = null;
      segment.until = Math.max(segment.until, entry.until);
      if (this.#isCurrent(entry)) segment.live++;
      start += bytes.length;
    }
  }

  /** Where `bytes` go; room is made for them. */
  async #segmentFor(bytes: number): Promise<SegmentFile> {
    const { bounds, clock } = this.#parts;
    const now = clock.now();
    const current = this.#current;
    if (current && (current.failed || current.bytes + bytes > SEGMENT_BYTES || now - current.since > SEGMENT_MS)) {
      this.#current = null;
      if (current.live === 0) await this.#removeFiles([current]);
    }
    const kept = (): number => this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    for (let oldest = this.#segments[0]; oldest && kept() + bytes > bounds.bytes; oldest = this.#segments[0])
      await this.#removeFiles([oldest]);
    this.#current ??= await this.#folder.next(now);
    return this.#current;
  }

  /** Lets go of entries; resolves when nothing of them is on the disk. */
  #forget(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) this.#drop(entry);
    return this.#work.next(async () => {
      for (const [segment, places] of Map.groupBy(placesOf(entries), (place) => place.segment)) {
        if (!this.#segments.includes(segment)) continue;
        if (segment.live === 0 && segment !== this.#current) await this.#removeFiles([segment]);
        else await segment.wipe(places);
      }
    });
  }

  async #removeFiles(segments: readonly SegmentFile[]): Promise<void> {
    const gone = new Set(segments);
    for (const entry of this.#entries.values()) if (entry.at && gone.has(entry.at.segment)) this.#entries.delete(entry.key);
    this.#segments = this.#segments.filter((segment) => !gone.has(segment));
    if (this.#current && gone.has(this.#current)) this.#current = null;
    for (const segment of segments) await segment.remove();
  }

  /** More entries than there may be: the oldest are not known any more. Their bytes go with their file. */
  #pushOut(): void {
    for (const oldest of this.#entries.values()) {
      if (this.#entries.size <= this.#parts.bounds.entries) break;
      this.#drop(oldest);
    }
  }

  #drop(entry: Entry): void {
    if (!this.#isCurrent(entry)) return;
    this.#entries.delete(entry.key);
    if (entry.at) entry.at.segment.live--;
  }

  #isCurrent(entry: Entry): boolean {
    return this.#entries.get(entry.key) === entry;
  }
}

function standing({ key, owner, until, start, labelBytes, textBytes }: FoundFrame, segment: SegmentFile): Entry {
  return { key, owner, until, text: null, at: { segment, start, labelBytes, textBytes } };
}

function placesOf(entries: readonly Entry[]): Place[] {
  return entries.map(({ at }) => at).filter((at) => at !== null);
}
