import { runOnLoadCore } from '../rig/processes.ts';
import type { Rig, Verdict } from '../rig/rig.ts';
import { wrk } from '../rig/wrk.ts';

/** What the program tells of a fixed rate of calls; times from the moment a call was due. */
interface RateRun {
  readonly accepted: number;
  readonly refused: number;
  /** Answers that are neither 200 nor 429 or 503. */
  readonly other: number;
  readonly broken: number;
  readonly unanswered: number;
  /** Calls that found no connection: all were waiting for an answer. */
  readonly unsent: number;
  readonly acceptedP50Us: number;
  readonly acceptedP99Us: number;
  readonly refusedP99Us: number;
}

const CHAT = '/v1/chat/completions';
const MOST_SLOWER = 3;
const RECOVERY_S = 5;
/** A normal load, and the overload, by what the gateway can do at most. */
const NORMAL = 0.5;
const TWICE = 2;

/** P9: twice the calls that can be served. */
export async function overload(rig: Rig): Promise<Verdict[]> {
  const { gateway, folder } = rig;
  const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'Count for me, please.' }] });
  const ask = async (share: number, seconds: number): Promise<RateRun> =>
    JSON.parse(
      await runOnLoadCore(
        rig.streams.program,
        ['rate', gateway.port, CHAT, Math.round(capacity * share), seconds, gateway.key, 'bench'].map(String),
      ),
    ) as RateRun;
  const { perSecond: capacity } = await wrk(folder, { port: gateway.port, path: CHAT, key: gateway.key, body }, 64, 4);
  const normal = await ask(NORMAL, 4);
  const over = await ask(TWICE, 6);
  const recovery = await recoveryOf(() => ask(NORMAL, 1), normal);
  const slower = over.acceptedP99Us / normal.acceptedP99Us;
  const clean = over.other + over.broken + over.unanswered === 0;
  return [
    {
      id: 'P9',
      what: `twice the ${Math.round(capacity)} calls/s it can serve`,
      measured: `accepted ${over.accepted}, p99 ${ms(over.acceptedP99Us)} (normal ${ms(normal.acceptedP99Us)}, ${slower.toFixed(1)}x); refused ${over.refused}, p99 ${ms(over.refusedP99Us)}; other ends ${over.other + over.broken + over.unanswered}; normal again after ${recovery === null ? `more than ${RECOVERY_S}` : recovery} s`,
      bar: `< ${MOST_SLOWER}x, the rest 429 or 503, <= ${RECOVERY_S} s`,
      passed: slower < MOST_SLOWER && clean && recovery !== null,
      figures: {
        capacity,
        slower,
        acceptedP99Us: over.acceptedP99Us,
        normalP99Us: normal.acceptedP99Us,
        accepted: over.accepted,
        refused: over.refused,
        refusedP99Us: over.refusedP99Us,
        unsent: over.unsent,
        recoveryS: recovery ?? NaN,
      },
    },
  ];
}

/** Seconds until a normal load is served as before; null: not within the bar. */
async function recoveryOf(ask: () => Promise<RateRun>, normal: RateRun): Promise<number | null> {
  for (let second = 1; second <= RECOVERY_S; second++) {
    const run = await ask();
    if (run.refused === 0 && run.acceptedP99Us < MOST_SLOWER * normal.acceptedP99Us) return second;
  }
  return null;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(us < 10_000 ? 1 : 0)} ms`;
}
