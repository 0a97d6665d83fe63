/**
 * Appends without end, tells each seq on standard output and releases what lies far enough behind, until it is killed.
 * Arguments: folder, how many records stay unreleased.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/core/clock.ts';
import { Journal } from '../../src/journal/journal.ts';

const [directory = '', kept = '0'] = process.argv.slice(2);
const journal = new Journal({ directory, clock: systemClock, segmentBytes: 16_384, syncMs: 5 });
await journal.start();

function burst(): void {
  for (let n = 0; n < 20; n++) {
    const text = 'y'.repeat((n * 37) % 400);
    writeSync(1, `${journal.append(text)} ${text.length}\n`);
  }
  journal.release(journal.lastSeq - Number(kept));
  setImmediate(burst);
}
burst();
