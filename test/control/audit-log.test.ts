import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '../../src/identity/key-hash.ts';
import { keyIn, messageOf, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

const SECRET = 'sk-upstream-secret-0123456789';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(MOCKED);
});

afterAll(() => gateway.stop());

interface Log {
  readonly id: string;
  readonly action: string;
  readonly table_name: string;
  readonly object_id: string;
  readonly changed_by: string | null;
  readonly changed_by_api_key: string | null;
  readonly before_value: Record<string, unknown> | null;
  readonly updated_values: Record<string, unknown> | null;
}

async function logs(query: string): Promise<Log[]> {
  const { body, text, status } = await gateway.get(`/audit?page_size=100&sort_order=asc&${query}`);
  expect(status, text).toBe(200);
  return body['audit_logs'] as Log[];
}

describe('a key', () => {
  test('leaves a line for each change, with what changed and nothing else', async () => {
    const key = keyIn(await gateway.made({ key_alias: 'watched', max_budget: 5 }));
    const hash = hashOf(key);
    await gateway.post('/key/update', { key, max_budget: '7.000000000000001', metadata: { note: 'x' } });
    await gateway.post('/key/block', { key });
    await gateway.post('/key/unblock', { key });
    await gateway.chat(key);
    await gateway.post(`/key/${hash}/reset_spend`, { reset_to: 0 });
    await gateway.post('/key/delete', { keys: [key] });
    const lines = await logs(`object_id=${hash}`);
    expect(lines.map(({ action }) => action)).toEqual(['created', 'updated', 'blocked', 'unblocked', 'updated', 'deleted']);
    const [created, updated, blocked, , reset, deleted] = lines;
    expect(created).toMatchObject({ before_value: null, updated_values: { key_alias: 'watched', max_budget: 5, token: hash } });
    expect(updated?.before_value).toEqual({ max_budget: 5, metadata: {} });
    expect(updated?.updated_values).toEqual({ max_budget: 7.000000000000001, metadata: { note: 'x' } });
    expect(blocked).toMatchObject({ before_value: { blocked: null }, updated_values: { blocked: true } });
    expect(reset).toMatchObject({ before_value: { spend: 0.1 }, updated_values: { spend: 0 } });
    expect(deleted).toMatchObject({ before_value: { key_alias: 'watched' }, updated_values: null });
    for (const line of lines)
      expect(line).toMatchObject({ table_name: 'LiteLLM_VerificationToken', changed_by_api_key: hashOf(gateway.masterKey) });
  });

  test('that is regenerated is found by its new hash, with the old one beside it', async () => {
    const old = keyIn(await gateway.made());
    const made = keyIn(await gateway.post('/key/regenerate', { key: old }));
    const [line] = await logs(`object_id=${hashOf(made)}`);
    expect(line).toMatchObject({ action: 'regenerated', before_value: { token: hashOf(old) }, updated_values: { token: hashOf(made) } });
  });

  test('that is refused leaves no line', async () => {
    const alias = 'taken-once';
    await gateway.made({ key_alias: alias });
    expect((await gateway.post('/key/generate', { key_alias: alias })).status).toBe(400);
    const lines = (await logs('table_name=LiteLLM_VerificationToken')).filter(({ updated_values: now }) => now?.['key_alias'] === alias);
    expect(lines).toHaveLength(1);
  });
});

test('models and credentials leave lines that hold no secret', async () => {
  const made = await gateway.post('/model/new', {
    model_name: 'm',
    litellm_params: { model: 'openai/m', api_base: 'http://10.1.1.1/v1', api_key: SECRET, extra_headers: { 'x-auth': SECRET } },
  });
  const id = String(made.body['model_id']);
  await gateway.call('PATCH', `/model/${id}/update`, { litellm_params: { rpm: 7 } });
  await gateway.post('/model/delete', { id });
  await gateway.post('/credentials', { credential_name: 'audited', credential_values: { api_key: SECRET } });
  await gateway.call('PATCH', '/credentials/audited', { credential_info: { description: 'mine' } });
  await gateway.call('DELETE', '/credentials/audited');
  const ofModel = await logs(`table_name=LiteLLM_ProxyModelTable&object_id=${id}`);
  expect(ofModel.map(({ action }) => action)).toEqual(['created', 'updated', 'deleted']);
  expect(ofModel[1]).toMatchObject({ before_value: { litellm_params: {} }, updated_values: { litellm_params: { rpm: 7 } } });
  const ofCredential = await logs('table_name=LiteLLM_CredentialsTable&object_id=audited');
  expect(ofCredential.map(({ action }) => action)).toEqual(['created', 'updated', 'deleted']);
  const stored = await gateway.parts.database.query('select audit_logs::text as text from gateway.audit_logs');
  expect(JSON.stringify(stored)).not.toContain(SECRET);
});

test('secrets in free members, and texts of keys, are masked', async () => {
  const key = keyIn(
    await gateway.made({ metadata: { logging: [{ callback_vars: { langfuse_secret_key: 'lf-very-secret' } }], note: `see ${SECRET}` } }),
  );
  const [line] = await logs(`object_id=${hashOf(key)}`);
  expect(line?.updated_values?.['metadata']).toEqual({
    logging: [{ callback_vars: { langfuse_secret_key: '****' } }],
    note: 'see sk-****',
  });
  const stored = await gateway.parts.database.query('select audit_logs::text as text from gateway.audit_logs');
  expect(JSON.stringify(stored)).not.toContain(key);
  expect(JSON.stringify(stored)).not.toContain('lf-very-secret');
});

test('the person of the header is who a change is recorded for', async () => {
  const answer = await gateway.call('POST', '/key/generate', {}, gateway.masterKey, { 'litellm-changed-by': 'ann' });
  const { token } = (await answer.json()) as { token: string };
  expect((await logs('changed_by=ann')).map(({ object_id: id }) => id)).toEqual([token]);
});

describe('the list', () => {
  test('is paged, newest first, and tells how many there are', async () => {
    for (let n = 0; n < 5; n++) await gateway.made({ user_id: 'pager' });
    const first = await gateway.get('/audit?page_size=2&page=1');
    const second = await gateway.get('/audit?page_size=2&page=2');
    const ids = [first, second].flatMap(({ body }) => (body['audit_logs'] as Log[]).map(({ id }) => id));
    expect(ids).toEqual([...ids].sort().reverse());
    expect(new Set(ids).size).toBe(4);
    const total = Number(first.body['total']);
    expect(first.body).toMatchObject({ page: 1, page_size: 2, total_pages: Math.ceil(total / 2) });
    expect(total).toBe((await logs('')).length);
  });

  test.each([
    ['action=deleted', (log: Log) => log.action === 'deleted'],
    ['table_name=LiteLLM_CredentialsTable', (log: Log) => log.table_name === 'LiteLLM_CredentialsTable'],
    ['changed_by=ann', (log: Log) => log.changed_by === 'ann'],
  ])('is filtered by %s', async (query, fits) => {
    const [all, found] = [await logs(''), await logs(query)];
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(all.filter(fits));
  });

  test('is filtered by the text of the key that made the change, and by days', async () => {
    const all = await logs('');
    expect(await logs(`changed_by_api_key=${gateway.masterKey}`)).toEqual(all);
    expect(await logs('changed_by_api_key=sk-somebody-else')).toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    expect(await logs(`start_date=${today}&end_date=${today}`)).toEqual(all);
    expect(await logs('end_date=2026-01-01')).toEqual([]);
    expect(await logs('table_name=nothing')).toEqual([]);
  });

  test('is sorted by what is asked for', async () => {
    const { body } = await gateway.get('/audit?page_size=100&sort_by=action&sort_order=asc');
    const actions = (body['audit_logs'] as Log[]).map(({ action }) => action);
    expect(actions).toEqual(actions.toSorted());
  });

  test.each(['page=0', 'page_size=101', 'sort_by=before_value', 'sort_order=up', 'start_date=yesterday', 'page=x'])(
    'refuses %s with 400 and names it',
    async (query) => {
      const answer = await gateway.get(`/audit?${query}`);
      expect(answer.status, answer.text).toBe(400);
      expect(messageOf(answer)).toContain(query.split('=')[0]);
      expect((answer.body['error'] as { param: string }).param).toBe(query.split('=')[0]);
    },
  );
});

test('one line is shown by its id, and an unknown one is 404', async () => {
  const [line] = await logs('');
  expect((await gateway.get(`/audit/${line?.id}`)).body).toEqual(line);
  for (const id of ['00000000-0000-7000-8000-000000000000', 'nonsense']) expect((await gateway.get(`/audit/${id}`)).status).toBe(404);
});

test('a key that is nobody’s sees none of it', async () => {
  const key = await gateway.key();
  expect((await gateway.get('/audit', key)).status).toBe(401);
});

test('old lines are deleted in batches, and the others stay', async () => {
  const { audit, database } = gateway.parts;
  await database.execute(
    `insert into gateway.audit_logs (id, updated_at, action, table_name, object_id)
     select gen_random_uuid(), now() - interval '200 days', 'created', 'models', 'old' from generate_series(1, 2500)`,
  );
  const before = (await logs('')).length;
  const limit = Date.now() - 180 * 86_400_000;
  expect(await audit.prune(limit, new AbortController().signal)).toBe(2500);
  expect(await logs('object_id=old')).toEqual([]);
  expect((await logs('')).length).toBeLessThanOrEqual(before);
  const left = await database.query<{ n: number }>('select count(*) as n from gateway.audit_logs');
  expect(left[0]?.n).toBeGreaterThan(10);
});

test('nothing is kept while store_audit_logs is off', async () => {
  const other = await startAsked(`${MOCKED}\nlitellm_settings: { store_audit_logs: false }\n`);
  try {
    await other.made();
    expect((await other.get('/audit')).body).toMatchObject({ audit_logs: [], total: 0, total_pages: 0 });
  } finally {
    await other.stop();
  }
});
