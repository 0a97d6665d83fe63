import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../rig/measured.ts';
import { memoryOf } from '../rig/processes.ts';
import { KEYS, type Rig, type Verdict } from '../rig/rig.ts';

const SETTLE_MS = 8000;

/** P6: memory of a server that was started, made one call, served the panel (P12 comes before), and rests. Measured before any load. */
export async function idleMemory(rig: Rig): Promise<Verdict[]> {
  await sleep(SETTLE_MS);
  const server = memoryOf(rig.gateway.pid);
  const database = (await rig.gateway.database()).reduce((sum, pid) => sum + memoryOf(pid).pss, 0);
  return [
    {
      id: 'P6',
      what: `idle memory, ${KEYS} keys`,
      measured: `server ${server.rss.toFixed(0)} MB RSS (${server.pss.toFixed(0)} MB PSS), PostgreSQL ${database.toFixed(0)} MB PSS`,
      bar: '<= 120 MB, <= 70 MB',
      passed: server.rss <= 120 && database <= 70,
      figures: { serverRss: server.rss, serverPss: server.pss, databasePss: database },
    },
  ];
}

/** P7: from the start of the process to its first served call; taken while the rig was set up. */
export function startTimes({ starts }: Rig): Verdict[] {
  const laterMs = median(starts.laterMs);
  return [
    {
      id: 'P7',
      what: `start to first served call, ${KEYS} keys`,
      measured: `${(laterMs / 1000).toFixed(2)} s; first start with initdb ${(starts.firstMs / 1000).toFixed(2)} s`,
      bar: '<= 2 s, <= 6 s',
      passed: laterMs <= 2000 && starts.firstMs <= 6000,
      figures: { laterMs, firstMs: starts.firstMs },
    },
  ];
}
