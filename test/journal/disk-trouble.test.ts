import { describe, expect, test } from 'vitest';
import { setImmediate } from 'node:timers/promises';
import type { FileSystem } from '../../src/journal/file-system.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { JournalUnavailableError } from '../../src/journal/errors.ts';
import { allOf, MoodyDisk, newFolder, openJournal, payloadsOf, segmentsIn } from './support.ts';

function refusalOf(journal: Journal, payload = 'refused'): JournalUnavailableError {
  try {
    journal.append(payload);
  } catch (error) {
    if (error instanceof JournalUnavailableError) return error;
  }
  throw new Error('the append was not refused');
}

async function becomes(journal: Journal, state: Journal['state']): Promise<void> {
  while (journal.state !== state) await setImmediate();
}

describe('a disk that refuses', () => {
  test.each(['ENOSPC', 'EIO', 'EROFS'])('%s refuses appends at once, and the journal comes back by itself', async (code) => {
    const disk = new MoodyDisk();
    const folder = await newFolder();
    const journal = await openJournal(folder, { fs: disk.fs, retryMs: 2 });
    const states: string[] = [];
    journal.onState((state) => states.push(state));
    journal.append('before');
    disk.code = code;
    expect(refusalOf(journal)).toMatchObject({ reason: 'disk' });
    expect(refusalOf(journal).message).toContain(code);
    expect(await payloadsOf(journal)).toEqual(['before']);
    disk.code = null;
    await becomes(journal, 'ok');
    expect(journal.append('after')).toBe(2);
    expect(states).toEqual(['failing', 'ok']);
    await journal.stop();
    expect(await payloadsOf(await openJournal(folder))).toEqual(['before', 'after']);
  });

  test('failing again at once leaves nothing that a replay would stumble over', async () => {
    const disk = new MoodyDisk();
    const folder = await newFolder();
    const journal = await openJournal(folder, { fs: disk.fs, retryMs: 2 });
    journal.append('one');
    for (let n = 0; n < 3; n++) {
      disk.code = 'EIO';
      refusalOf(journal);
      disk.code = null;
      await becomes(journal, 'ok');
    }
    journal.append('two');
    expect(await payloadsOf(journal)).toEqual(['one', 'two']);
    expect((await segmentsIn(folder)).length).toBe(2);
    expect(journal.bytes).toBe(2 * 2 ** 23);
  });

  test('a record cut short by a full disk never comes back', async () => {
    const disk = new MoodyDisk();
    const folder = await newFolder();
    let room = Infinity;
    const journal = await openJournal(folder, { fs: shortOf(disk, () => room), retryMs: 2 });
    journal.append('whole');
    room = 20;
    expect(refusalOf(journal).reason).toBe('disk');
    [room, disk.code] = [Infinity, null];
    await becomes(journal, 'ok');
    journal.append('next');
    await journal.stop();
    expect(await payloadsOf(await openJournal(folder))).toEqual(['whole', 'next']);
  });

  test('of records written together, those that the full disk still took count, and no other comes back', async () => {
    const disk = new MoodyDisk();
    const folder = await newFolder();
    let room = Infinity;
    const journal = await openJournal(folder, { fs: shortOf(disk, () => room), retryMs: 2 });
    expect(journal.appendAll(['one', 'two'])).toEqual([1, 2]);
    room = 60;
    expect(journal.appendAll(['three', 'four', 'five'])).toEqual([3, 4, null]);
    expect(journal.appendAll(['refused'])).toEqual([null]);
    [room, disk.code] = [Infinity, null];
    await becomes(journal, 'ok');
    expect(journal.appendAll(['six'])).toEqual([5]);
    await journal.stop();
    expect(await payloadsOf(await openJournal(folder))).toEqual(['one', 'two', 'three', 'four', 'six']);
  });

  test('a folder that cannot be written at the start does not stop the gateway', async () => {
    const disk = new MoodyDisk();
    disk.code = 'EROFS';
    const folder = await newFolder();
    const journal = await openJournal(folder, { fs: disk.fs, retryMs: 2 });
    expect(journal.state).toBe('failing');
    const { id } = journal;
    expect(refusalOf(journal).reason).toBe('disk');
    disk.code = null;
    await becomes(journal, 'ok');
    journal.append('served');
    expect(journal.id).toBe(id);
    expect(await payloadsOf(journal)).toEqual(['served']);
  });

  test('a sync that fails is a failure of the disk', async () => {
    const { fs } = new MoodyDisk();
    let broken = false;
    const fdatasync = ((fd: number, done: (error: Error | null) => void) =>
      broken ? done(new Error('EIO')) : fs.fdatasync(fd, done)) as typeof fs.fdatasync;
    const journal = await openJournal(await newFolder(), { fs: { ...fs, fdatasync }, syncMs: 1, retryMs: 2 });
    broken = true;
    journal.append('one');
    await becomes(journal, 'failing');
    broken = false;
    await becomes(journal, 'ok');
    journal.append('two');
    expect(await payloadsOf(journal)).toEqual(['one', 'two']);
  });

  test('at its size limit the journal refuses until records are released', async () => {
    const journal = await openJournal(await newFolder(), { segmentBytes: 4096, maxBytes: 5 * 4096, retryMs: 60_000 });
    const payload = 'x'.repeat(100);
    const written = Math.floor((4096 - 64) / 120) * 5;
    for (let n = 0; n < written; n++) journal.append(payload);
    expect(refusalOf(journal, payload).reason).toBe('full');
    expect(journal.state).toBe('failing');
    expect(journal.bytes).toBe(5 * 4096);
    expect((await allOf(journal)).length).toBe(written);
    journal.release(40);
    await becomes(journal, 'ok');
    expect(journal.append('room again')).toBe(written + 1);
  });

  test('nothing can be appended before the start and after the stop', async () => {
    const journal = await openJournal(await newFolder());
    await journal.stop();
    expect(refusalOf(journal).reason).toBe('closed');
    expect(journal.state).toBe('ok');
  });
});

/** A disk with room for so many bytes in one write: it takes them, and is full then. */
function shortOf(disk: MoodyDisk, room: () => number): FileSystem {
  const { fs } = disk;
  const writeSync = ((fd: number, buffer: Buffer, offset: number, length: number, position: number) => {
    const written = fs.writeSync(fd, buffer, offset, Math.min(length, room()), position);
    if (written < length) disk.code = 'ENOSPC';
    return written;
  }) as typeof fs.writeSync;
  return { ...fs, writeSync };
}
