import { join } from 'node:path';
import { JournalUnavailableError, systemCodeOf } from './errors.ts';
import { unlinkQuietly, writeFully, type FileSystem } from './file-system.ts';
import type { GroupSync } from './group-sync.ts';
import { encodeHeader, HEADER_BYTES, segmentName, type Segment } from './segment.ts';
import type { Spare } from './spare.ts';

interface ChainParts {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly segmentBytes: number;
  readonly maxBytes: number;
  readonly sync: GroupSync;
  readonly spare: Spare;
  /** The next segment will be needed soon. Until then a released one may still become the spare. */
  readonly onNearEnd: () => void;
}

/** Share of a segment after which the next is made ready. */
const NEAR_END = 0.75;

/** The segments of the journal, oldest first. The newest is the active one, while the journal can be written. */
export class SegmentChain {
  readonly #parts: ChainParts;
  #segments: Segment[] = [];
  #active: { readonly segment: Segment; readonly fd: number } | null = null;
  #nearEnd = 0;
  #releasedSeq = 0;
  #removing: Promise<void> | null = null;

  constructor(parts: ChainParts) {
    this.#parts = parts;
  }

  /** Whether records can be written. */
  get open(): boolean {
    return this.#active !== null;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  load(segments: Segment[]): void {
    this.#segments = segments;
  }

  /** Copies of the segments that hold records above `seq`, as they are now. */
  above(seq: number): Segment[] {
    return this.#segments.filter(({ lastSeq }) => lastSeq > seq).map((segment) => Object.assign({}, segment));
  }

  /** Goes on in the newest segment, behind its last good record. @returns false when it cannot take more */
  continueNewest(): boolean {
    const segment = this.#segments.at(-1);
    if (!segment || segment.size !== this.#parts.segmentBytes) return false;
    this.#activate(segment, this.#parts.fs.openSync(segment.path, 'r+'));
    return true;
  }

  /**
   * Begins a new segment and makes it the active one.
   *
   * @throws {JournalUnavailableError} when the journal would pass its size limit
   * @throws the disk's error
   */
  begin(id: string, firstSeq: number): void {
    this.refuseWhenFull();
    const { directory, segmentBytes, spare, sync } = this.#parts;
    const path = join(directory, segmentName(firstSeq));
    const previousSeq = this.#segments.at(-1)?.lastSeq ?? 0;
    const fd = spare.take(path, encodeHeader({ id, firstSeq, previousSeq }));
    this.close();
    const segment: Segment = { path, firstSeq, lastSeq: firstSeq - 1, end: HEADER_BYTES, size: segmentBytes };
    this.#segments.push(segment);
    this.#activate(segment, fd);
    sync.touch(fd);
    sync.touchFolder(directory);
  }

  /** @throws {JournalUnavailableError} when one more segment would pass the size limit */
  refuseWhenFull(): void {
    const { maxBytes, segmentBytes } = this.#parts;
    if (this.#segments.length < 2 || this.bytes + segmentBytes <= maxBytes) return;
    throw new JournalUnavailableError(
      'full',
      `The journal has reached its limit of ${maxBytes} bytes; it shrinks when its records reach the database.`,
    );
  }

  /** Whether a record of `size` bytes has room in the active segment. */
  fits(size: number): boolean {
    return this.#active !== null && this.#active.segment.end + size <= this.#active.segment.size;
  }

  /**
   * Writes encoded records into the active segment.
   *
   * @param firstSeq of the first of them; the others follow
   * @param ends where each of them ends in the buffer
   * @returns how many stand in the segment now, the first ones, and the disk's error when they are not all
   */
  write(firstSeq: number, records: Buffer, ends: readonly number[]): { readonly count: number; readonly error: unknown } {
    if (!this.#active) return { count: 0, error: new JournalUnavailableError('closed', 'The journal has no open segment.') };
    const { segment, fd } = this.#active;
    let written = 0;
    let error: unknown = null;
    try {
      writeFully(this.#parts.fs, fd, records, ends.at(-1) ?? 0, segment.end, (bytes) => (written = bytes));
      written = ends.at(-1) ?? 0;
    } catch (thrown) {
      error = thrown;
    }
    const count = error === null ? ends.length : ends.filter((end) => end <= written).length;
    if (count > 0) this.#advance(segment, fd, firstSeq + count - 1, ends[count - 1] ?? 0);
    return { count, error };
  }

  #advance(segment: Segment, fd: number, lastSeq: number, bytes: number): void {
    this.#parts.sync.touch(fd);
    segment.end += bytes;
    segment.lastSeq = lastSeq;
    if (segment.end < this.#nearEnd) return;
    this.#nearEnd = Infinity; // once for each segment
    this.#parts.onNearEnd();
  }

  /** The active segment gets no more records. */
  close(): void {
    if (this.#active) this.#parts.sync.retire(this.#active.fd);
    this.#active = null;
  }

  /** The active segment could not be written. Empty, it goes; else it keeps what it has. */
  abandon(): void {
    const segment = this.#active?.segment;
    this.close();
    if (!segment || segment.end > HEADER_BYTES) return;
    this.#segments.pop();
    unlinkQuietly(this.#parts.fs, segment.path);
  }

  /**
   * Removes the segments that hold nothing above `seq`, strictly oldest first: whatever interrupts it, the segments
   * that stay follow on each other.
   */
  release(seq: number): Promise<void> {
    this.#releasedSeq = Math.max(this.#releasedSeq, seq);
    this.#removing ??= this.#removeReleased().finally(() => {
      this.#removing = null;
    });
    return this.#removing;
  }

  /** A segment's bytes; null when it was released in the meantime. */
  async read({ path, lastSeq }: Segment): Promise<Buffer | null> {
    try {
      return await this.#parts.fs.promises.readFile(path);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT' && lastSeq <= this.#releasedSeq) return null;
      throw error;
    }
  }

  #activate(segment: Segment, fd: number): void {
    this.#active = { segment, fd };
    this.#nearEnd = segment.size * NEAR_END;
  }

  async #removeReleased(): Promise<void> {
    for (let oldest = this.#oldestReleased(); oldest; oldest = this.#oldestReleased()) {
      await this.#parts.spare.recycle(oldest.path, oldest.size);
      this.#segments.shift();
    }
  }

  /** The newest stays in any case: it carries id and seq over a restart. */
  #oldestReleased(): Segment | null {
    const [oldest, ...newer] = this.#segments;
    return oldest && newer.length > 0 && oldest.lastSeq <= this.#releasedSeq ? oldest : null;
  }
}
