import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Sealer } from '../sealed.ts';
import { framesIn, ownerOfFile, type FoundFrame } from './frames.ts';
import { SegmentFile } from './segment-file.ts';

const NAME = /^(\d{8})\.kept$/;
/** Frames opened before others get their turn. */
const AT_ONCE = 50;

/** What a folder holds. */
export interface FolderContent {
  /** Oldest first. */
  readonly segments: SegmentFile[];
  /** Files of another salt key; they are deleted. */
  readonly foreign: number;
}

/** The files of one keeper, in the order in which they were begun. */
export class DiskFolder {
  readonly #directory: string;
  readonly #name: string;
  readonly #sealer: Sealer;
  #last = 0;

  /** @param name what is kept in it; stands in each file */
  constructor(directory: string, name: string, sealer: Sealer) {
    this.#directory = directory;
    this.#name = name;
    this.#sealer = sealer;
  }

  /**
   * Reads what is there. What cannot be used is deleted: nothing of it will ever be asked for.
   *
   * @param onFrame told every text, oldest first
   * @throws the disk's error
   */
  async read(onFrame: (frame: FoundFrame, segment: SegmentFile) => void): Promise<FolderContent> {
    const segments: SegmentFile[] = [];
    let foreign = 0;
    for (const file of (await this.#files()).sort()) {
      this.#last = Number(NAME.exec(file)?.[1]);
      const path = join(this.#directory, file);
      const bytes = await readFile(path);
      const whose = ownerOfFile(bytes, this.#name, this.#sealer);
      if (whose === 'foreign') foreign++;
      if (whose !== 'ours') {
        await rm(path, { force: true });
        continue;
      }
      const segment = new SegmentFile(path, 0, bytes.length);
      let read = 0;
      for (const frame of framesIn(bytes, this.#sealer)) {
        segment.until = Math.max(segment.until, frame.until);
        onFrame(frame, segment);
        if (++read % AT_ONCE === 0) await setImmediate();
      }
      segments.push(segment);
    }
    return { segments, foreign };
  }

  /** A further file; it is made when something is written to it. */
  async next(since: number): Promise<SegmentFile> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    this.#last++;
    return new SegmentFile(join(this.#directory, `${String(this.#last).padStart(8, '0')}.kept`), since, 0);
  }

  remove(): Promise<void> {
    return rm(this.#directory, { recursive: true, force: true });
  }

  async #files(): Promise<string[]> {
    try {
      return (await readdir(this.#directory)).filter((name) => NAME.test(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}
