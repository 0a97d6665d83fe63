import { createHash } from 'node:crypto';
import { median } from '../rig/measured.ts';
import type { Rig, Verdict } from '../rig/rig.ts';
import { HISTORY_DAYS, seedHistory } from '../store/spend-history.ts';

const KEYS = 100_000;
const ROWS = 2_000_000;
/** What `--quick` fills in: a look at the questions, no measure of them. */
const FEW_ROWS = 50_000;
const TRIES = 7;

interface Question {
  readonly what: string;
  readonly path: string;
  readonly barMs: number;
}

const DAY_MS = 86_400_000;

/** What `SEED` of the rig makes a key's hash of. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function questions(now: number): Question[] {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const range = `start_date=${day(now - (HISTORY_DAYS - 1) * DAY_MS)}&end_date=${day(now)}`;
  const logs = `/spend/logs/v2?${range}`;
  const week = `/spend/logs/v2?start_date=${day(now - 7 * DAY_MS)}&end_date=${day(now)}`;
  return [
    { what: 'keys, first page', path: '/key/list?size=100&return_full_object=true', barMs: 100 },
    { what: 'keys, searched', path: '/key/list?size=100&search=bench-99', barMs: 100 },
    { what: 'keys, by spend', path: '/key/list?size=100&sort_by=spend', barMs: 100 },
    { what: 'calls, newest', path: logs, barMs: 300 },
    { what: 'calls of a key', path: `${logs}&api_key=${hashOf('bench 1')}`, barMs: 300 },
    { what: 'calls of a model', path: `${logs}&model_group=model-3`, barMs: 300 },
    { what: 'calls of a person', path: `${logs}&user_id=user-7`, barMs: 300 },
    { what: 'calls that failed', path: `${logs}&status_filter=failure`, barMs: 300 },
    { what: 'calls of a session', path: `${logs}&session_id=session-1000`, barMs: 2000 },
    { what: 'calls of a provider', path: `${logs}&provider=groq`, barMs: 2000 },
    { what: 'calls with a tag', path: `${logs}&request_tags=night`, barMs: 2000 },
    { what: 'calls by an error', path: `${logs}&error_message=request%201999`, barMs: 2000 },
    { what: 'calls of a week by cost', path: `${week}&sort_by=spend`, barMs: 2000 },
    { what: 'calls by cost', path: `${logs}&sort_by=spend`, barMs: 2000 },
    { what: 'calls by duration', path: `${logs}&sort_by=request_duration_ms`, barMs: 2000 },
    { what: 'calls of a model by cost', path: `${logs}&model_group=model-3&sort_by=spend`, barMs: 2000 },
    { what: 'calls by status 429', path: `${logs}&error_code=429`, barMs: 2000 },
    { what: 'use of 90 days', path: `/user/daily/activity/aggregated?${range}`, barMs: 500 },
    { what: 'use of 90 days in a zone', path: `/user/daily/activity/aggregated?${range}&timezone=Europe/Berlin`, barMs: 500 },
    { what: 'use of 90 days of a person', path: `/user/daily/activity/aggregated?${range}&user_id=user-7`, barMs: 500 },
    { what: 'summary', path: '/panel/summary?timezone=Europe/Berlin', barMs: 100 },
  ];
}

/** P11: lists and sums over 100,000 keys and 2 million calls of 90 days, through HTTP; the middle of several tries after one. */
export async function lists({ gateway, quick, say }: Rig): Promise<Verdict[]> {
  const rows = quick ? FEW_ROWS : ROWS;
  say(`P11 fills in ${KEYS} keys and ${rows} calls`);
  await gateway.stop();
  await gateway.seedKeys(KEYS);
  await gateway.withStore((database) => seedHistory(database, rows, KEYS));
  await gateway.start();
  const verdicts: Verdict[] = [];
  for (const question of questions(Date.now())) verdicts.push(await verdictOf(question, rows, gateway));
  return verdicts;
}

async function verdictOf({ what, path, barMs }: Question, rows: number, gateway: Rig['gateway']): Promise<Verdict> {
  const shared = { id: 'P11', what: `${what}, ${rows} calls`, bar: `<= ${barMs} ms` };
  try {
    await gateway.ask(path);
    const times: number[] = [];
    for (let n = 0; n < TRIES; n++) times.push(await gateway.ask(path));
    const [middle, worst] = [median(times), Math.max(...times)];
    const measured = `${middle.toFixed(0)} ms, at worst ${worst.toFixed(0)} ms`;
    return { ...shared, measured, passed: middle <= barMs, figures: { middle, worst } };
  } catch (error) {
    return { ...shared, measured: error instanceof Error ? error.message.slice(0, 160) : String(error), passed: false, figures: {} };
  }
}
