import { join } from 'node:path';
import { systemCodeOf } from './errors.ts';
import { PRIVATE_FILE, type FileSystem } from './file-system.ts';
import { firstSeqOf, scanSegment, type Segment, type SegmentScan } from './segment.ts';

/** What a folder holds, as far as it is good. */
export interface Opened {
  /** null: the folder holds no segment. */
  readonly id: string | null;
  /** Oldest first; every record in them can be read. */
  readonly segments: Segment[];
  /** No record was ever given a higher seq, as far as the folder tells; 0 for none. */
  readonly highestSeq: number;
  /** Bytes that went bad, or records that are missing, were found. */
  readonly damaged: boolean;
  /** Changes to make in the folder, in this order, before anything is written to it. */
  readonly repairs: readonly Repair[];
}

export type Repair =
  /** The file is blank: a power cut came between the making of a segment and its first sync. */
  | { readonly type: 'remove'; readonly path: string }
  /** Everything from `from` on moves to a file named `.damaged`. */
  | { readonly type: 'set_aside'; readonly path: string; readonly from: number };

interface Found {
  readonly path: string;
  readonly firstSeq: number;
  readonly size: number;
  readonly scan: SegmentScan;
}

/** Reads all segments of a folder. A folder that does not exist is empty. @throws the disk's error when it cannot be read */
export async function readFolder(fs: FileSystem, directory: string): Promise<Opened> {
  const found = await scanAll(fs, directory);
  const id = found.find(({ scan }) => scan.header)?.scan.header?.id ?? null;
  const segments: Segment[] = [];
  const repairs: Repair[] = [];
  let damaged = false;
  let highestSeq = 0;
  for (const file of found) {
    const { path, firstSeq, size, scan } = file;
    highestSeq = Math.max(highestSeq, firstSeq - 1, scan.lastSeq);
    if (scan.blank && file === found.at(-1)) {
      repairs.push({ type: 'remove', path });
    } else if (damaged || !follows(file, segments.at(-1))) {
      damaged = true;
      repairs.push({ type: 'set_aside', path, from: 0 });
    } else {
      segments.push({ path, firstSeq, lastSeq: scan.lastSeq, end: scan.end, size: scan.damaged ? scan.end : size });
      if (scan.damaged) repairs.push({ type: 'set_aside', path, from: scan.end });
      damaged = scan.damaged;
    }
  }
  return { id, segments, highestSeq, damaged, repairs };
}

/** Makes one change. @throws the disk's error */
export async function repair(fs: FileSystem, change: Repair): Promise<void> {
  const { type, path } = change;
  if (type === 'remove') await fs.promises.unlink(path);
  else if (change.from === 0) await fs.promises.rename(path, asideOf(path));
  else await cutOff(fs, path, change.from);
}

async function scanAll(fs: FileSystem, directory: string): Promise<Found[]> {
  const found: Found[] = [];
  let id: string | null = null;
  for (const name of (await namesIn(fs, directory)).sort()) {
    const firstSeq = firstSeqOf(name);
    if (firstSeq === null) continue;
    const path = join(directory, name);
    const bytes = await fs.promises.readFile(path);
    const scan = scanSegment(bytes, firstSeq, id);
    id ??= scan.header?.id ?? null;
    found.push({ path, firstSeq, size: bytes.length, scan });
  }
  return found;
}

async function namesIn(fs: FileSystem, directory: string): Promise<string[]> {
  try {
    return await fs.promises.readdir(directory);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function follows({ scan }: Found, before: Segment | undefined): boolean {
  return scan.header !== null && (before === undefined || scan.header.previousSeq === before.lastSeq);
}

async function cutOff(fs: FileSystem, path: string, from: number): Promise<void> {
  const bytes = await fs.promises.readFile(path);
  await fs.promises.writeFile(asideOf(path), bytes.subarray(from), { mode: PRIVATE_FILE });
  await fs.promises.truncate(path, from);
}

function asideOf(path: string): string {
  return path.replace(/\.journal$/, '.damaged');
}
