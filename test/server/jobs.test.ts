import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Logger } from 'pino';
import { jobsOf } from '../../src/server/jobs.ts';
import { MOCKED, startAsked, type AskedGateway } from '../control/asking-for-keys.ts';

let gateway: AskedGateway;
const told: string[] = [];

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
});

afterAll(() => gateway.stop());

/** Runs a job as the schedule does. */
async function run(name: string): Promise<number | void> {
  const log = { info: (text: string) => told.push(text) } as unknown as Logger;
  const job = jobsOf({ ...gateway.parts, log, kept: [] }).find((one) => one.name === name);
  return job?.run(new AbortController().signal);
}

/** Makes the calls so far this many days older. */
async function aged(days: number): Promise<void> {
  await gateway.flushed();
  await gateway.parts.database.execute(`update gateway.spend_logs set start_time = start_time - make_interval(days => $1)`, [days]);
}

test('rows of calls go after the time that the settings say, and what they cost stays', async () => {
  const key = await gateway.key();
  await gateway.chat(key);
  await aged(40);
  await run('Deleting rows of old calls');
  expect(await gateway.rows()).toHaveLength(1);
  await gateway.post('/config/update', { general_settings: { maximum_spend_logs_retention_period: 'never' } });
  await aged(400);
  await run('Deleting rows of old calls');
  expect(await gateway.rows()).toHaveLength(1);
  await gateway.post('/config/update', { general_settings: { maximum_spend_logs_retention_period: '30d' } });
  expect(await run('Deleting rows of old calls')).toBeUndefined();
  expect(await gateway.rows()).toEqual([]);
  expect(told).toEqual([
    expect.stringMatching(/^Calls from before \d{4}-\d{2}-\d{2} are no longer kept; rows deleted: 1, whole months: \d+$/),
  ]);
  expect((await gateway.get('/global/spend')).body['spend']).toBe(0.1);
});

test('a run that has no time left goes on a minute later', async () => {
  await gateway.chat(gateway.masterKey);
  await gateway.chat(gateway.masterKey);
  await aged(100);
  await gateway.post('/config/update', {
    general_settings: {
      maximum_spend_logs_retention_period: '90d',
      maximum_spend_logs_cleanup_batch_size: 1,
      maximum_spend_logs_cleanup_max_batches: 1,
    },
  });
  expect(await run('Deleting rows of old calls')).toBe(60_000);
  expect(await gateway.rows()).toHaveLength(1);
});

test('lines of the audit log go after the time that the settings say', async () => {
  await gateway.parts.database.execute(`update gateway.audit_logs set updated_at = updated_at - interval '40 days'`);
  await run('Deleting old rows of the audit log');
  expect((await gateway.get('/audit')).body['total']).not.toBe(0);
  await gateway.post('/config/update', { general_settings: { maximum_audit_log_retention_period: '30d' } });
  await run('Deleting old rows of the audit log');
  expect((await gateway.get('/audit')).body['total']).toBe(1);
});
