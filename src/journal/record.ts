import { crc32 } from 'node:zlib';

/**
 * Form of a record, little-endian, beginning at a multiple of 8:
 *
 *     u32 payload bytes | u32 checksum | u32 seq low | u32 seq high | payload, utf-8 | zeros up to a multiple of 8
 *
 * The checksum is CRC-32 over seq and payload, started from the length mixed with the journal's salt: neither a wrong
 * length nor a record of another journal in a reused file can pass.
 */
const HEAD_BYTES = 16;
const ALIGN = 8;
const TWO_32 = 2 ** 32;

/** A record found in a segment; `end` is where the next one begins. */
export interface FoundRecord {
  readonly seq: number;
  readonly start: number;
  readonly end: number;
  /** Payload bytes. */
  readonly length: number;
}

/** Bytes a payload of `payloadBytes` takes in a segment. */
export function recordBytes(payloadBytes: number): number {
  return Math.ceil((HEAD_BYTES + payloadBytes) / ALIGN) * ALIGN;
}

/** Encodes records one behind another into one buffer that is used again and again. */
export class RecordEncoder {
  #buffer = Buffer.alloc(65_536);
  #size = 0;
  readonly #salt: number;

  constructor(salt: number) {
    this.#salt = salt;
  }

  /** Holds what was encoded since {@link clear}; overwritten afterwards. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Bytes of what was encoded since {@link clear}. */
  get size(): number {
    return this.#size;
  }

  clear(): void {
    this.#size = 0;
  }

  /** @returns the record's size in bytes */
  encode(seq: number, payload: string): number {
    const start = this.#size;
    if (start + HEAD_BYTES + payload.length * 3 + ALIGN > this.#buffer.length) this.#grow(payload);
    const buffer = this.#buffer;
    const length = buffer.write(payload, start + HEAD_BYTES, 'utf8');
    const end = start + HEAD_BYTES + length;
    this.#size = start + recordBytes(length);
    buffer.fill(0, end, this.#size);
    buffer.writeUInt32LE(length, start);
    buffer.writeUInt32LE(seq % TWO_32, start + 8);
    buffer.writeUInt32LE(Math.floor(seq / TWO_32), start + 12);
    buffer.writeUInt32LE(crc32(buffer.subarray(start + 8, end), (length ^ this.#salt) >>> 0), start + 4);
    return this.#size - start;
  }

  #grow(payload: string): void {
    const needed = this.#size + recordBytes(Buffer.byteLength(payload)) + ALIGN;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.alloc(needed * 2);
    this.#buffer.copy(larger, 0, 0, this.#size);
    this.#buffer = larger;
  }
}

/**
 * The record at `offset`, or null when there is none whose checksum holds and whose seq is above `afterSeq`.
 * A segment that was used before holds old records behind its end; their lower seq tells them apart.
 */
export function recordAt(buffer: Buffer, offset: number, afterSeq: number, salt: number): FoundRecord | null {
  if (offset + HEAD_BYTES > buffer.length) return null;
  const seq = buffer.readUInt32LE(offset + 12) * TWO_32 + buffer.readUInt32LE(offset + 8);
  if (seq <= afterSeq || !Number.isSafeInteger(seq)) return null;
  const length = buffer.readUInt32LE(offset);
  const payloadEnd = offset + HEAD_BYTES + length;
  if (payloadEnd > buffer.length) return null;
  const checksum = crc32(buffer.subarray(offset + 8, payloadEnd), (length ^ salt) >>> 0);
  if (checksum !== buffer.readUInt32LE(offset + 4)) return null;
  return { seq, start: offset, end: offset + recordBytes(length), length };
}

export function payloadOf(buffer: Buffer, record: FoundRecord): string {
  const start = record.start + HEAD_BYTES;
  return buffer.toString('utf8', start, start + record.length);
}

/** The first whole record at or behind `offset` with a seq above `afterSeq`: proof that bytes before it went bad. */
export function findRecord(buffer: Buffer, offset: number, afterSeq: number, salt: number): FoundRecord | null {
  for (let at = offset; at + HEAD_BYTES <= buffer.length; at += ALIGN) {
    while (beginsUnwritten(buffer, at)) at += UNWRITTEN.length - ALIGN;
    const record = recordAt(buffer, at, afterSeq, salt);
    if (record) return record;
  }
  return null;
}

/** What was never written is zeros, and most of a segment is that. No record begins there, unless in the last eight of them. */
const UNWRITTEN = Buffer.alloc(4096);

function beginsUnwritten(buffer: Buffer, at: number): boolean {
  const end = at + UNWRITTEN.length;
  return (
    buffer[at] === 0 && buffer[at + ALIGN] === 0 && end <= buffer.length && buffer.compare(UNWRITTEN, 0, UNWRITTEN.length, at, end) === 0
  );
}
