import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { forEach, startSurface, type Surface } from './hostile-gateway.ts';

/**
 * SQL in every text (CVE-2026-42208 and kin). A statement that gets through sleeps, and PostgreSQL itself is asked who sleeps:
 * a slow machine is no finding, and a quick one hides none.
 */
let surface: Surface;
let watcher: Client;

const SLEEP_S = 20;
const LOOK_MS = 100;
const TEXTS = [
  `'; select pg_sleep(${SLEEP_S}); --`,
  `' or pg_sleep(${SLEEP_S}) is null or '`,
  `\\'; select pg_sleep(${SLEEP_S}); --`,
  `$$; select pg_sleep(${SLEEP_S}); $$`,
  `") or pg_sleep(${SLEEP_S}) is null --`,
  `1 or pg_sleep(${SLEEP_S}) is null`,
];

beforeAll(async () => {
  surface = await startSurface();
  watcher = new Client({ connectionString: surface.gateway.database.url });
  await watcher.connect();
});

afterEach(() => surface.expectUnharmed());

afterAll(async () => {
  await watcher.end();
  await surface.stop();
});

/** Statements of this database that sleep now. */
async function sleeping(): Promise<string[]> {
  const { rows } = await watcher.query<{ query: string }>(
    "select query from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
  );
  return rows.map(({ query }) => query);
}

/** Runs the cases, some at a time, and looks for sleepers until they are done. */
async function askAll(cases: readonly (() => Promise<Response>)[]): Promise<void> {
  const found: string[] = [];
  const done = new AbortController();
  const watching = (async () => {
    for (; !done.signal.aborted && found.length === 0; await wait(LOOK_MS)) found.push(...(await sleeping()));
  })();
  const asked = forEach(cases, async (ask, index) => {
    const answer = await ask();
    surface.judge(answer.status, await answer.text(), `case ${index}`);
  });
  await Promise.race([asked.catch(() => undefined), watching]);
  done.abort();
  await watching;
  expect(found).toEqual([]);
  await asked;
}

test('a statement that sleeps is seen, so that none seen means none was run', async () => {
  const slept = surface.gateway.parts.database.query(`select pg_sleep(${SLEEP_S})`).catch(() => undefined);
  await expect.poll(sleeping, { timeout: 15_000, interval: 20 }).toEqual([`select pg_sleep(${SLEEP_S})`]);
  await watcher.query("select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'");
  await slept;
});

test('no credential is ever SQL, wherever it stands', async () => {
  const { gateway } = surface;
  const names = ['authorization', 'x-litellm-api-key', 'x-api-key', 'api-key', 'x-goog-api-key', 'ocp-apim-subscription-key'];
  const values = TEXTS.flatMap((text) => [
    text,
    `sk-${text}`,
    `Bearer sk-${text}`,
    `Basic ${Buffer.from(`u:sk-${text}`).toString('base64')}`,
  ]);
  await askAll(
    names.flatMap((name) => values.map((value) => () => gateway.call('POST', '/v1/chat/completions', '{}', null, { [name]: value }))),
  );
});

test('no text of a body, a header, a query or a path is ever SQL', async () => {
  const { gateway } = surface;
  const key = await gateway.key();
  const members = [
    'key_alias',
    'user_id',
    'team_id',
    'organization_id',
    'project_id',
    'agent_id',
    'budget_id',
    'rotation_interval',
    'duration',
    'budget_duration',
    'key',
  ];
  const cases = TEXTS.flatMap((text, nth) => [
    ...members.map((member) => () => gateway.call('POST', '/key/generate', { [member]: member === 'key_alias' ? `${text}${nth}` : text })),
    ...['models', 'tags', 'allowed_routes', 'policies', 'guardrails'].map(
      (member) => () => gateway.call('POST', '/key/generate', { [member]: [text] }),
    ),
    ...['metadata', 'aliases', 'model_rpm_limit', 'model_max_budget', 'permissions'].map(
      (member) => () => gateway.call('POST', '/key/generate', { [member]: { [text]: text } }),
    ),
    ...['/key/block', '/key/unblock', '/key/update', '/key/regenerate'].map(
      (path) => () => gateway.call('POST', path, { key: `sk-${text}`, new_key: text }),
    ),
    () => gateway.call('POST', '/key/delete', { keys: [text], key_aliases: [text] }),
    () => gateway.call('POST', '/key/update', { key, user_id: text }, gateway.masterKey, { 'litellm-changed-by': text }),
    ...['request_id', 'api_key', 'user_id', 'start_date', 'end_date'].map(
      (name) => () => gateway.call('GET', `/spend/logs?${name}=${encodeURIComponent(text)}`),
    ),
    ...['search', 'key_alias', 'team_id', 'sort_by', 'page'].map(
      (name) => () => gateway.call('GET', `/key/list?${name}=${encodeURIComponent(text)}`),
    ),
    () => gateway.call('POST', `/key/${encodeURIComponent(text)}/reset_spend`, { reset_to: 0 }),
    () =>
      gateway.call(
        'POST',
        '/v1/chat/completions',
        {
          model: 'fast',
          messages: [{ role: 'user', content: text }],
          user: text,
          metadata: { tags: [text], session_id: text, spend_logs_metadata: { [text]: text } },
        },
        key,
        {
          'x-litellm-call-id': 'call',
          'x-litellm-tags': text,
          'x-litellm-session-id': text,
          'x-litellm-customer-id': text,
          'user-agent': text,
        },
      ),
  ]);
  await askAll(cases);
  await gateway.flushed();
  const rows = await gateway.rows();
  // It arrived as text, to the last character, and the tables still stand.
  expect(rows.filter(({ session_id: session }) => session === TEXTS[0])).toHaveLength(1);
  expect((await gateway.parts.database.query<{ n: number }>('select count(*)::int as n from gateway.virtual_keys'))[0]?.n).toBeGreaterThan(
    10,
  );
});

test('a search is text: its wildcards are letters', async () => {
  const { gateway } = surface;
  await gateway.key({ key_alias: 'house-lamp' });
  await gateway.key({ key_alias: '100%_sure' });
  const found = async (text: string): Promise<number> =>
    ((await (await gateway.call('GET', `/key/list?search=${encodeURIComponent(text)}`)).json()) as { total_count: number }).total_count;
  expect(await found('house%lamp')).toBe(0);
  expect(await found('house_lamp')).toBe(0);
  expect(await found('100%_')).toBe(1);
});
