import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Rig, Verdict } from '../rig/rig.ts';

/** A line of the flush bench. */
const LINE = /batches of\s+(\d+):\s+(\d+) rows\/s/g;

/** P10: rows per second into PostgreSQL; bench/store/flush.ts measures it on a database of its own, and knows the bar. */
export async function spendRows(_rig: Rig): Promise<Verdict[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'store', 'flush.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  const rates = [...printed.matchAll(LINE)].map(([, batch, perSecond]) => ({ batch: Number(batch), perSecond: Number(perSecond) }));
  const best = rates.toSorted((a, b) => b.perSecond - a.perSecond)[0];
  if (!best) throw new Error(`the flush bench told nothing:\n${printed}`);
  return [
    {
      id: 'P10',
      what: 'spend rows into PostgreSQL',
      measured: `${best.perSecond} rows/s in batches of ${best.batch}`,
      bar: '>= 15000 rows/s',
      passed: code === 0,
      figures: best,
    },
  ];
}
