import { crc32 } from 'node:zlib';
import type { Sealer } from '../sealed.ts';

/**
 * Form of a file, little-endian: `LGK1`, then frames. The first frame names what is kept; each other one is a text.
 *
 *     u32 bytes of the label | u32 bytes of the text | u32 CRC-32 of both | sealed label | sealed text
 *
 * The label is all that has to be opened to know what there is. A frame whose text was removed is zeros behind its head, so that the
 * next one is still found.
 */
export interface Label {
  readonly key: string;
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Where in a file a text is. */
export interface FramePlace {
  readonly start: number;
  readonly labelBytes: number;
  readonly textBytes: number;
}

export interface FoundFrame extends Label, FramePlace {}

const MAGIC = Buffer.from('LGK1');
export const HEAD_BYTES = 12;

/** Beginning of a file. */
export function fileHead(name: string, sealer: Sealer): Buffer {
  return Buffer.concat([MAGIC, frame(sealer.sealBytes(Buffer.from(name)), Buffer.alloc(0))]);
}

/** A text as it is written. */
export interface Frame {
  readonly bytes: Buffer;
  readonly labelBytes: number;
  readonly textBytes: number;
}

export function frameOf({ key, owner, until }: Label, text: string, sealer: Sealer): Frame {
  const label = sealer.sealBytes(Buffer.from(JSON.stringify([key, owner, until])));
  const sealed = sealer.sealBytes(Buffer.from(text));
  return { bytes: frame(label, sealed), labelBytes: label.length, textBytes: sealed.length };
}

/** What a file is: ours, of another salt key, or nothing that can be used (its head is torn or damaged). */
export function ownerOfFile(bytes: Buffer, name: string, sealer: Sealer): 'ours' | 'foreign' | 'broken' {
  const head = bytes.subarray(0, MAGIC.length).equals(MAGIC) ? placeAt(bytes, MAGIC.length) : null;
  if (head === null) return 'broken';
  const label = sealer.openBytes(labelIn(bytes, head));
  return label === null ? 'foreign' : label.toString() === name ? 'ours' : 'broken';
}

/** Texts of a file up to where it was torn, those that were removed left out. */
export function* framesIn(bytes: Buffer, sealer: Sealer): Generator<FoundFrame, void, void> {
  const head = placeAt(bytes, MAGIC.length);
  for (let at = head && placeAt(bytes, endOf(head)); at !== null; at = placeAt(bytes, endOf(at))) {
    const label = sealer.openBytes(labelIn(bytes, at));
    if (label === null) continue;
    const [key, owner, until] = JSON.parse(label.toString()) as [string, string, number];
    yield { ...at, key, owner, until };
  }
}

function endOf({ start, labelBytes, textBytes }: FramePlace): number {
  return start + HEAD_BYTES + labelBytes + textBytes;
}

function frame(label: Buffer, text: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(label.length, 0);
  head.writeUInt32LE(text.length, 4);
  head.writeUInt32LE(crc32(head.subarray(0, 8)), 8);
  return Buffer.concat([head, label, text]);
}

/** Null: no whole frame begins here. */
function placeAt(bytes: Buffer, start: number): FramePlace | null {
  if (start + HEAD_BYTES > bytes.length) return null;
  if (crc32(bytes.subarray(start, start + 8)) !== bytes.readUInt32LE(start + 8)) return null;
  const place = { start, labelBytes: bytes.readUInt32LE(start), textBytes: bytes.readUInt32LE(start + 4) };
  return endOf(place) <= bytes.length ? place : null;
}

function labelIn(bytes: Buffer, { start, labelBytes }: FramePlace): Buffer {
  return bytes.subarray(start + HEAD_BYTES, start + HEAD_BYTES + labelBytes);
}
