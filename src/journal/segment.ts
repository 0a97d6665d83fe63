import { crc32 } from 'node:zlib';
import { findRecord, recordAt } from './record.ts';

/** Bytes before the first record of a segment. */
export const HEADER_BYTES = 64;

const MAGIC = 0x4a57474c; // "LGWJ"
const VERSION = 1;
const CHECKED_BYTES = 40;

/** Stands at the beginning of every segment file. */
export interface SegmentHeader {
  /** The journal's id, a UUID. */
  readonly id: string;
  /** Every record of the segment has this seq or a higher one. */
  readonly firstSeq: number;
  /** Last seq of the segment before; 0 for the first. Shows a reader whether something is missing in between. */
  readonly previousSeq: number;
}

/** A segment as the journal knows it. `lastSeq` and `end` grow while it is the active one. */
export interface Segment {
  readonly path: string;
  readonly firstSeq: number;
  /** `firstSeq - 1` while it is empty. */
  lastSeq: number;
  /** Offset behind the last good record. */
  end: number;
  /** Bytes of the file. */
  readonly size: number;
}

export interface SegmentScan {
  /** null: not readable, or not of this name. */
  readonly header: SegmentHeader | null;
  readonly lastSeq: number;
  readonly end: number;
  /** Nothing was ever written: only zeros. */
  readonly blank: boolean;
  /** A whole record stands behind bytes that are none: not a torn tail, the file went bad. */
  readonly damaged: boolean;
}

export function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(16, '0')}.journal`;
}

/** The first seq in a segment's file name, or null for any other file. */
export function firstSeqOf(name: string): number | null {
  const digits = /^(\d{16})\.journal$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Number mixed into every checksum of the journal. */
export function saltOf(id: string): number {
  return crc32(id);
}

export function encodeHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(VERSION, 4);
  Buffer.from(header.id.replaceAll('-', ''), 'hex').copy(bytes, 8);
  bytes.writeDoubleLE(header.firstSeq, 24);
  bytes.writeDoubleLE(header.previousSeq, 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CHECKED_BYTES)), CHECKED_BYTES);
  return bytes;
}

export function decodeHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC || bytes.readUInt32LE(4) !== VERSION) return null;
  if (crc32(bytes.subarray(0, CHECKED_BYTES)) !== bytes.readUInt32LE(CHECKED_BYTES)) return null;
  const hex = bytes.toString('hex', 8, 24);
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, firstSeq: bytes.readDoubleLE(24), previousSeq: bytes.readDoubleLE(32) };
}

/** Reads how far a segment's bytes are good. `id`, when known, must be the header's. */
export function scanSegment(bytes: Buffer, firstSeq: number, id: string | null): SegmentScan {
  const header = decodeHeader(bytes);
  const valid = header !== null && header.firstSeq === firstSeq && (id === null || header.id === id);
  const salt = saltOf((valid ? header.id : id) ?? '');
  let [lastSeq, end] = [firstSeq - 1, HEADER_BYTES];
  if (valid) {
    for (let record = recordAt(bytes, end, lastSeq, salt); record; record = recordAt(bytes, end, lastSeq, salt)) {
      [lastSeq, end] = [record.seq, record.end];
    }
  }
  const damaged = findRecord(bytes, end, lastSeq, salt) !== null;
  const blank = !valid && bytes.equals(Buffer.alloc(bytes.length));
  return { header: valid ? header : null, lastSeq, end, damaged, blank };
}
