import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAsked, type AskedGateway } from '../control/asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked();
});
afterAll(() => gateway.stop());

/** Each column of those that nothing acts on: a value as SQL has it, and as it is echoed. */
const REST: readonly (readonly [column: string, sql: string, echoed: unknown])[] = [
  ['permissions', '{"a": 1.5}', { a: 1.5 }],
  ['object_permission', '{"mcp_servers": ["one"]}', { mcp_servers: ['one'] }],
  ['budget_fallbacks', '{"m": ["n"]}', { m: ['n'] }],
  ['config', '{"x": true}', { x: true }],
  ['router_settings', '{"num_retries": 3}', { num_retries: 3 }],
  ['project_id', 'project', 'project'],
  ['agent_id', 'agent', 'agent'],
  ['budget_id', 'budget', 'budget'],
  ['throttle_on_budget_exceeded', 'true', true],
  ['auto_rotate', 'true', true],
  ['rotation_interval', '30d', '30d'],
  ['rotation_count', '4', 4],
  ['allowed_cache_controls', '{no-cache}', ['no-cache']],
  ['access_group_ids', '{group}', ['group']],
  ['policies', '{strict}', ['strict']],
  ['last_rotation_at', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
  ['key_rotation_at', '2026-02-03T04:05:06Z', '2026-02-03T04:05:06.000Z'],
];

test.each(REST)('%s of a key is there after a start', async (column, sql, echoed) => {
  const { keys, database, ring } = gateway.parts;
  const { body } = await gateway.made({ key_alias: `with-${column}` });
  const hash = String(body['token']);
  await database.execute(`update gateway.virtual_keys set ${column} = '${sql}' where token = $1`, [hash]);
  await keys.load(database);
  const rest: unknown = JSON.parse(JSON.stringify(ring.get(hash)?.fields.rest ?? null));
  expect(rest).toMatchObject({ [column]: echoed });
});

test('keys of more than one page are all read, with and without such columns', async () => {
  const { keys, database, ring } = gateway.parts;
  await database.query(
    `insert into gateway.virtual_keys (token, key_alias, project_id)
     select encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), 'many-' || n, case when n % 7 = 0 then 'p' || n end from generate_series(1, 2500) n`,
  );
  await keys.load(database);
  const many = [...ring.all()].filter(({ keyAlias }) => keyAlias?.startsWith('many-'));
  expect(many).toHaveLength(2500);
  for (const { keyAlias, fields } of many) {
    const n = Number(keyAlias?.slice(5));
    expect(fields.rest['project_id'] ?? null).toBe(n % 7 === 0 ? `p${n}` : null);
  }
});
