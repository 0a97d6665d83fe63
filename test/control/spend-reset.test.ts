import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LedgerUnavailableError } from '../../src/core/errors.ts';
import { hashOf } from '../../src/identity/key-hash.ts';
import { VirtualKey } from '../../src/identity/virtual-key.ts';
import { usdOf } from '../../src/core/money.ts';
import { infoOf, keyIn, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

const BUDGETED = `${MOCKED}
litellm_settings:
  max_budget: 1000
`;

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(BUDGETED);
});

afterAll(() => gateway.stop());

async function reset(): Promise<string> {
  const { status, text, body } = await gateway.post('/global/spend/reset', {});
  expect(status, text).toBe(200);
  expect(body['status']).toBe('success');
  return String(body['message']);
}

async function balanceOf(key: string): Promise<{ spend: string; total: string } | undefined> {
  await gateway.flushed();
  const [row] = await gateway.parts.database.query<{ spend: string; total: string }>(
    'select spend::text, total::text from gateway.balances where account = $1',
    [`key:${hashOf(key)}`],
  );
  return row;
}

async function resetLines(): Promise<Record<string, unknown>[]> {
  const { body } = await gateway.get('/audit?object_id=all%20keys&sort_order=desc&page_size=100');
  return body['audit_logs'] as Record<string, unknown>[];
}

test('every key begins anew, and rows, sums, people and the budget over all stay', async () => {
  const own = keyIn(await gateway.post('/user/new', { user_id: 'cleo' }));
  const limited = keyIn(await gateway.made({ max_budget: 0.2 }));
  const idle = keyIn(await gateway.made());
  for (const key of [own, limited, limited]) expect((await gateway.chat(key)).status).toBe(200);
  expect((await gateway.chat(limited)).status).toBe(422);
  const sums = await gateway.get('/global/spend/keys');
  const rows = await gateway.rows();
  const all = gateway.parts.limits.globalBudget().spend;

  expect(await reset()).toContain('of 2 keys');
  for (const key of [own, limited, idle]) expect(await infoOf(gateway, key)).toMatchObject({ spend: 0 });
  expect(await balanceOf(limited)).toEqual({ spend: expect.stringMatching(/^0(?:\.0*)?$/) as string, total: '0.2' });
  expect((await gateway.get('/global/spend/keys')).text).toBe(sums.text);
  expect(await gateway.rows()).toEqual(rows);
  expect(gateway.parts.limits.globalBudget().spend).toBe(all);
  expect((await gateway.get('/user/info?user_id=cleo')).body).toMatchObject({ user_info: { spend: 0.1 } });
  expect((await gateway.chat(limited)).status).toBe(200);
});

test('leaves one line in the audit log, however many keys there are', async () => {
  await reset();
  const before = await resetLines();
  const keys = await Promise.all([0, 1, 2].map(async (spend) => keyIn(await gateway.made({ spend: `${spend}.000000000000001` }))));
  await reset();
  const [line, ...older] = await resetLines();
  expect(older).toEqual(before);
  expect(line).toMatchObject({
    action: 'updated',
    table_name: 'LiteLLM_VerificationToken',
    changed_by_api_key: hashOf(gateway.masterKey),
    before_value: { keys_with_spend: 3, spend: 3.000000000000003 },
    updated_values: { keys_with_spend: 0, spend: 0 },
  });
  const { body } = await gateway.get(`/audit?object_id=${hashOf(keys[0] ?? '')}`);
  expect((body['audit_logs'] as Record<string, unknown>[]).map(({ action }) => action)).toEqual(['created']);
});

test('what a call costs that ends after the reset is counted', async () => {
  const key = keyIn(await gateway.made({ spend: 5 }));
  const entry = gateway.parts.ring.get(hashOf(key));
  const estimate = { cost: usdOf('1'), inputTokens: 1, outputTokens: 1 };
  const hold = gateway.parts.limits.admit({ policy: entry?.policy ?? null, model: 'mock', estimate, free: false });
  await reset();
  gateway.parts.limits.settle(hold, usdOf('0.25'), { input: 1, output: 1 });
  expect(await infoOf(gateway, key)).toMatchObject({ spend: 0.25 });
});

test('touches only keys that spent something', async () => {
  const key = keyIn(await gateway.made());
  await reset();
  expect(await reset()).toContain('of 0 keys');
  expect(await balanceOf(key)).toBeUndefined();
});

test('many thousands of keys are cleared in short turns', async () => {
  const [one] = gateway.parts.ring.all();
  if (!one) throw new Error('no key');
  const { ledger, limits, ring } = gateway.parts;
  for (let made = 0; made < 20_000; made++) {
    const hash = randomBytes(32).toString('hex');
    ring.put(new VirtualKey({ ...one.fields, hash, alias: null, budgetDuration: null, budgetResetAt: null }));
    ledger.adjust(limits.adjust(`key:${hash}`, usdOf('0.000000000000001')));
  }
  let turns = 0;
  let running = true;
  const count = (): void => {
    turns++;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  expect(await reset()).toContain('of 20000 keys');
  running = false;
  // Eighty portions of 250: others had as many turns in between.
  expect(turns).toBeGreaterThan(79);
  expect([...ring.all()].every((key) => limits.spendOf(key.keyHash) === usdOf('0'))).toBe(true);
  await gateway.flushed();
});

test('is refused while the ledger cannot keep it, and told as far as it came', async () => {
  const key = keyIn(await gateway.made({ spend: 4 }));
  const need = vi.spyOn(gateway.parts.ledger, 'need').mockImplementation(() => {
    throw new LedgerUnavailableError();
  });
  const before = await resetLines();
  const refused = await gateway.post('/global/spend/reset', {});
  expect(refused.status).toBe(503);
  expect(await infoOf(gateway, key)).toMatchObject({ spend: 4 });
  expect(await resetLines()).toEqual(before);
  // The first portion of the ring is cleared, the last is not: the new key stands there.
  need.mockImplementationOnce(() => undefined);
  const [first] = gateway.parts.ring.all();
  if (!first) throw new Error('no key');
  gateway.parts.ledger.adjust(gateway.parts.limits.adjust(`key:${first.keyHash}`, usdOf('3')));
  expect((await gateway.post('/global/spend/reset', {})).status).toBe(503);
  need.mockRestore();
  expect(await infoOf(gateway, key)).toMatchObject({ spend: 4 });
  const [line, ...older] = await resetLines();
  expect(older).toEqual(before);
  expect(line).toMatchObject({ before_value: { keys_with_spend: 1, spend: 3 }, updated_values: { keys_with_spend: 0, spend: 0 } });
});

test('is for the master key alone', async () => {
  const administrator = keyIn(await gateway.post('/user/new', { user_id: 'dan', user_role: 'proxy_admin' }));
  const { status, body } = await gateway.post('/global/spend/reset', {}, administrator);
  expect(status).toBe(401);
  expect(body['error']).toMatchObject({ message: 'Only the master key may call this route.' });
});

test('there is nothing to refresh', async () => {
  const { status, body } = await gateway.post('/global/spend/refresh', {});
  expect(status).toBe(200);
  expect(body).toEqual({ message: expect.stringContaining('always up to date') as string, status: 'success' });
});

// The last: the parts of the program that runs are others then.
test('stands after the program starts again', async () => {
  const key = keyIn(await gateway.made());
  await gateway.chat(key);
  await reset();
  await gateway.chat(key);
  await gateway.pause();
  await gateway.resume();
  expect(await infoOf(gateway, key)).toMatchObject({ spend: 0.1 });
});
