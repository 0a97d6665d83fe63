import nodeFs from 'node:fs';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { GroupSync } from '../../src/journal/group-sync.ts';
import type { FileSystem } from '../../src/journal/file-system.ts';

/** A disk that notes its syncs and ends them when it is told to. */
class SlowDisk {
  readonly log: string[] = [];
  #waiting: ((error: Error | null) => void)[] = [];

  readonly fs: FileSystem = {
    ...nodeFs,
    fdatasync: ((fd: number, done: (error: Error | null) => void) => {
      this.log.push(`sync ${fd}`);
      this.#waiting.push(done);
    }) as typeof nodeFs.fdatasync,
    closeSync: (fd) => {
      this.log.push(`close ${fd}`);
    },
  };

  async finish(error: Error | null = null): Promise<void> {
    for (const done of this.#waiting.splice(0)) done(error);
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('group syncs', () => {
  const errors: unknown[] = [];
  let disk: SlowDisk;
  let sync: GroupSync;

  beforeEach(() => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    errors.length = 0;
    disk = new SlowDisk();
    const clock = { now: () => Date.now(), elapsed: () => performance.now() };
    sync = new GroupSync({ fs: disk.fs, clock, intervalMs: 50, onError: (cause) => errors.push(cause) });
  });

  test('many writes are one sync, 50 ms after the first', async () => {
    for (let n = 0; n < 100; n++) sync.touch(7);
    await vi.advanceTimersByTimeAsync(49);
    expect(disk.log).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(disk.log).toEqual(['sync 7']);
  });

  test('nothing is synced when nothing was written', async () => {
    sync.touch(7);
    await vi.advanceTimersByTimeAsync(50);
    await disk.finish();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(disk.log).toEqual(['sync 7']);
  });

  test('what is written during a sync gets the next one, never two at once', async () => {
    sync.touch(7);
    await vi.advanceTimersByTimeAsync(50);
    sync.touch(7);
    await vi.advanceTimersByTimeAsync(500);
    expect(disk.log).toEqual(['sync 7']);
    await disk.finish();
    await vi.advanceTimersByTimeAsync(50);
    expect(disk.log).toEqual(['sync 7', 'sync 7']);
  });

  test('a slow sync does not stretch the interval', async () => {
    sync.touch(7);
    await vi.advanceTimersByTimeAsync(50);
    sync.touch(7);
    await vi.advanceTimersByTimeAsync(40);
    await disk.finish();
    await vi.advanceTimersByTimeAsync(10);
    expect(disk.log).toEqual(['sync 7', 'sync 7']);
  });

  test('a full segment is synced before the one after it, then closed', async () => {
    sync.touch(8);
    sync.retire(7);
    await vi.advanceTimersByTimeAsync(50);
    await disk.finish();
    await disk.finish();
    expect(disk.log).toEqual(['sync 7', 'sync 8', 'close 7']);
  });

  test('a flush waits until everything written is on the disk', async () => {
    sync.touch(7);
    await vi.advanceTimersByTimeAsync(50);
    sync.touch(7);
    let flushed = false;
    const flush = sync.flush().then(() => {
      flushed = true;
    });
    await disk.finish();
    expect([disk.log.length, flushed]).toEqual([2, false]);
    await disk.finish();
    await flush;
    expect(flushed).toBe(true);
  });

  test('an error is told once, and later writes are synced again', async () => {
    sync.touch(7);
    await vi.advanceTimersByTimeAsync(50);
    await disk.finish(new Error('EIO'));
    expect(errors).toEqual([new Error('EIO')]);
    sync.touch(9);
    await vi.advanceTimersByTimeAsync(50);
    expect(disk.log).toEqual(['sync 7', 'sync 9']);
  });
});
