import { cpus, totalmem } from 'node:os';
import type { Verdict } from './rig.ts';

/** The results as a table in Markdown. */
export function printTable(verdicts: readonly Verdict[], say: (line: string) => void): void {
  say('\n| bar | what | measured | to meet | |\n|---|---|---|---|---|');
  for (const { id, what, measured, bar, passed, note } of verdicts)
    say(`| ${id} | ${what} | ${measured}${note === undefined ? '' : ` (${note})`} | ${bar} | ${passed ? 'met' : '**missed**'} |`);
  say('');
}

/** The results for programs, with the kind of machine they come from. */
export function reportOf(verdicts: readonly Verdict[]): unknown {
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
  };
  return { date: new Date().toISOString(), machine, verdicts };
}
