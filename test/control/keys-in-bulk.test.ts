import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { KeyBulkAnswer } from '../../src/contract/key.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { DatabaseError } from '../../src/store/database-error.ts';
import { infoOf, keyIn, messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked();
});

afterAll(() => gateway.stop());

async function bulk(keys: readonly unknown[], caller?: string) {
  const answer = await gateway.post('/key/bulk_update', { keys }, caller);
  expect(answer.status, answer.text).toBe(200);
  return KeyBulkAnswer.parse(answer.body);
}

test('each key is changed as /key/update changes it, by text or hash', async () => {
  const [first, second] = [keyIn(await gateway.made({ tags: ['old'], rpm_limit: 3 })), keyIn(await gateway.made())];
  const answer = await bulk([
    { key: first, max_budget: '7.000000000000001', tags: ['new'] },
    { key: hashOf(second), team_id: 'red', budget_id: 'monthly' },
  ]);
  expect(answer).toMatchObject({
    total_requested: 2,
    successful_updates: [
      { key: first, key_info: { max_budget: 7.000000000000001, tags: ['new'], rpm_limit: 3 } },
      { key: hashOf(second), key_info: { team_id: 'red' } },
    ],
    failed_updates: [],
  });
  expect(await infoOf(gateway, first)).toMatchObject({ max_budget: 7.000000000000001, tags: ['new'] });
  const alone = await gateway.post('/key/update', { key: second });
  expect(answer.successful_updates[1]?.key_info).toMatchObject({ budget_id: alone.body['budget_id'], team_id: alone.body['team_id'] });
});

test('an entry that fails says why, and the others are made', async () => {
  const [good, taken, late] = [
    keyIn(await gateway.made({ key_alias: 'good' })),
    keyIn(await gateway.made({ key_alias: 'taken', max_budget: 4 })),
    keyIn(await gateway.made()),
  ];
  const answer = await bulk([
    { key: taken, key_alias: 'good', max_budget: 9 },
    { key: 'sk-nobody-at-all', max_budget: 1 },
    { key: good, max_budget: -1 },
    { key: 'no key', max_budget: 1 },
    { max_budget: 1 },
    null,
    'sk-text',
    { key: late, max_budget: 1.5 },
  ]);
  expect(answer.total_requested).toBe(8);
  expect(answer.successful_updates.map(({ key }) => key)).toEqual([late]);
  const reasons = answer.failed_updates.map(({ key, failed_reason: reason }) => [key, reason]);
  expect(reasons).toEqual([
    [taken, expect.stringContaining("alias 'good' already exists")],
    ['sk-nobody-at-all', 'Key not found in database.'],
    [good, expect.stringContaining('max_budget')],
    ['no key', expect.stringContaining('Invalid key format')],
    ['', expect.stringContaining('body.key: Field required')],
    ['', expect.any(String)],
    ['', expect.any(String)],
  ]);
  expect(answer.failed_updates.map(({ key_info: info }) => info?.['max_budget'] ?? null)).toEqual([4, ...Array<null>(6).fill(null)]);
  expect(await infoOf(gateway, taken)).toMatchObject({ key_alias: 'taken', max_budget: 4 });
});

test('spend that an entry sets is what the key has spent', async () => {
  const key = keyIn(await gateway.made({ max_budget: 1 }));
  await gateway.chat(key);
  expect((await bulk([{ key, spend: 1 }])).successful_updates).toMatchObject([{ key_info: { spend: 1 } }]);
  expect((await gateway.chat(key)).status).toBe(422);
});

test('each change leaves a line in the audit log', async () => {
  const key = keyIn(await gateway.made());
  await bulk([{ key, max_budget: 3 }]);
  const { body } = await gateway.get(`/audit?object_id=${hashOf(key)}&sort_order=desc`);
  const [line] = body['audit_logs'] as Record<string, unknown>[];
  expect(line).toMatchObject({ action: 'updated', before_value: { max_budget: null }, updated_values: { max_budget: 3 } });
});

test('people change their own keys alone, and learn nothing of others', async () => {
  const own = keyIn(await gateway.post('/user/new', { user_id: 'bea', max_budget: 10 }));
  const made = keyIn(await gateway.post('/key/generate', {}, own));
  const other = keyIn(await gateway.made({ key_alias: 'not of bea', max_budget: 5 }));
  const answer = await bulk([{ key: made, max_budget: 2 }, { key: made, max_budget: 20 }, { key: other, max_budget: 6 }], own); // prettier-ignore
  expect(answer.successful_updates).toMatchObject([{ key: made, key_info: { max_budget: 2 } }]);
  expect(answer.failed_updates).toMatchObject([
    { key: made, key_info: { max_budget: 2 }, failed_reason: 'max_budget is above your own limit.' },
    { key: other, key_info: null, failed_reason: 'This key is not yours.' },
  ]);
  expect(await infoOf(gateway, other)).toMatchObject({ max_budget: 5 });
});

test('five hundred keys are changed, one more and none at all are refused', async () => {
  const keys = await Promise.all(Array.from({ length: 5 }, async () => keyIn(await gateway.made())));
  const entries = Array.from({ length: 500 }, (_, index) => ({ key: keys[index % 5], max_budget: index }));
  const answer = await bulk(entries);
  expect(answer.successful_updates).toHaveLength(500);
  expect(await infoOf(gateway, keys[4] ?? '')).toMatchObject({ max_budget: 499 });
  for (const wrong of [[...entries, entries[0]], []]) {
    const refused = await gateway.post('/key/bulk_update', { keys: wrong });
    expect(refused.status).toBe(400);
    expect(refused.body['error']).toMatchObject({ param: 'keys' });
    expect(messageOf(refused)).toContain(`it names ${wrong.length}`);
  }
  expect(await infoOf(gateway, keys[0] ?? '')).toMatchObject({ max_budget: 495 });
});

test('a body without the list is refused as a whole', async () => {
  const { status, text } = await gateway.post('/key/bulk_update', {});
  expect(status).toBe(422);
  expect(text).toContain('Field required');
});

test('while the database is away it is asked once, and every entry says so', async () => {
  const keys = await Promise.all([1, 2, 3].map(async () => keyIn(await gateway.made())));
  let asked = 0;
  const transaction = vi.spyOn(gateway.parts.database, 'transaction').mockImplementation(() => {
    asked++;
    return Promise.reject(new DatabaseError('gone', 'away'));
  });
  const answer = await bulk(keys.map((key) => ({ key, rpm_limit: 1 }))).finally(() => transaction.mockRestore());
  expect(asked).toBe(1);
  expect(answer.successful_updates).toEqual([]);
  expect(answer.failed_updates.map(({ key }) => key)).toEqual(keys);
  for (const { failed_reason: reason } of answer.failed_updates) expect(reason).toContain('The database cannot be reached');
  expect(await infoOf(gateway, keys[0] ?? '')).toMatchObject({ rpm_limit: null });
});

test('what nobody foresaw is told to the log and not to the caller, and the others are made', async () => {
  const [first, second] = [keyIn(await gateway.made()), keyIn(await gateway.made())];
  const transaction = vi.spyOn(gateway.parts.database, 'transaction').mockRejectedValueOnce(new Error('a secret of the house'));
  const answer = await bulk([{ key: first, rpm_limit: 1 }, { key: second, rpm_limit: 1 }]).finally(() => transaction.mockRestore()); // prettier-ignore
  expect(answer.failed_updates).toMatchObject([{ key: first, failed_reason: expect.stringContaining('Internal server error') as string }]);
  expect(answer.successful_updates).toMatchObject([{ key: second, key_info: { rpm_limit: 1 } }]);
  const lines = gateway.log.filter((line) => line.includes('unforeseen error while changing a key'));
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(answer)).not.toContain('secret of the house');
});
