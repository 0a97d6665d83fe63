import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { infoOf, keyIn, messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked();
});

afterAll(() => gateway.stop());

describe('the answer', () => {
  test('shows the key once, its hash, and every field, also those without a value', async () => {
    const { body } = await gateway.made({ key_alias: 'shape' });
    expect(body['key']).toMatch(/^sk-[A-Za-z0-9_-]{22}$/);
    expect(body['token']).toMatch(/^[0-9a-f]{64}$/);
    expect(body).toMatchObject({
      token_id: body['token'],
      key_name: `sk-...${String(body['key']).slice(-4)}`,
      short_key: false,
      key_alias: 'shape',
      expires: null,
      models: [],
      aliases: {},
      config: {},
      spend: 0,
      max_budget: null,
      budget_duration: null,
      budget_id: null,
      user_id: null,
      team_id: null,
      organization_id: null,
      metadata: {},
      permissions: {},
      tpm_limit: null,
      rpm_limit: null,
      max_parallel_requests: null,
      model_max_budget: {},
      blocked: null,
      allowed_routes: [],
      allowed_cache_controls: [],
      tags: null,
      guardrails: null,
      litellm_budget_table: null,
      created_by: 'default_user_id',
      updated_by: 'default_user_id',
    });
    expect(Date.parse(String(body['created_at']))).toBeGreaterThan(Date.now() - 60_000);
  });

  test('the key itself is nowhere in the database', async () => {
    const key = await gateway.key();
    const [row] = await gateway.parts.database.query<{ all: string }>(
      'select string_agg(k::text, chr(10)) as all from gateway.virtual_keys k',
    );
    expect(row?.all).not.toContain(key);
  });

  test.each(['0.1', '12.345678901234567', '1e-9', '100000000000000000.000000000000001', '5.0'])(
    'money %s comes back digit for digit in value',
    async (amount) => {
      const answer = await gateway.post('/key/generate', `{"max_budget": ${amount}, "soft_budget": ${amount}}`);
      expect(answer.status, answer.text).toBe(200);
      const told = /"max_budget":([^,}]+)/.exec(answer.text)?.[1] ?? '';
      const [same] = await gateway.parts.database.query<{ same: boolean }>('select round($1::numeric, 15) = $2::numeric as same', [
        amount,
        told,
      ]);
      expect(same?.same, told).toBe(true);
      const info = await gateway.get(`/key/info?key=${keyIn(answer)}`);
      expect(info.text).toContain(`"max_budget":${told}`);
    },
  );
});

describe('own text', () => {
  test('is taken as it is, and only once', async () => {
    expect(keyIn(await gateway.made({ key: 'sk-my-own-key-text' }))).toBe('sk-my-own-key-text');
    const again = await gateway.post('/key/generate', { key: 'sk-my-own-key-text' });
    expect([again.status, messageOf(again)]).toEqual([400, expect.stringContaining('exists already')]);
    expect((await gateway.chat('sk-my-own-key-text')).status).toBe(200);
  });

  test('of fewer than 20 characters is told as short until the key gets another one, also when keys are read anew', async () => {
    const shortIn = async (key: string) => (await infoOf(gateway, key))['short_key'];
    const short = keyIn(await gateway.made({ key: 'sk-nineteen-letters' }));
    expect(await shortIn(short)).toBe(true);
    expect(await shortIn(keyIn(await gateway.made({ key: 'sk-twenty-characters' })))).toBe(false);
    await gateway.parts.keys.load(gateway.parts.database);
    expect(await shortIn(short)).toBe(true);
    const { body } = await gateway.post('/key/regenerate', { key: short });
    expect(body['short_key']).toBe(false);
    expect(await shortIn(String(body['key']))).toBe(false);
  });

  test.each(['my-own-key-text', 'sk-1234', 'sk-with blanks', 'sk-ünïcode'])('%j is refused', async (key) => {
    const answer = await gateway.post('/key/generate', { key });
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('Invalid key format')]);
  });

  test('a deleted text may be used again, and begins at nothing spent', async () => {
    const body = {
      key: 'sk-comes-back-again',
      budget_limits: [{ budget_duration: '1d', max_budget: 1 }],
      model_max_budget: { mock: 1 },
      max_budget: 0.1,
    };
    await gateway.made(body);
    expect((await gateway.chat('sk-comes-back-again')).status).toBe(200);
    expect((await gateway.chat('sk-comes-back-again')).status).toBe(422);
    await gateway.post('/key/delete', { keys: ['sk-comes-back-again'] });
    const again = await gateway.made(body);
    expect(again.body['spend']).toBe(0);
    expect((await infoOf(gateway, 'sk-comes-back-again'))['budget_limits']).toMatchObject([{ spend: 0 }]);
    expect((await gateway.chat('sk-comes-back-again')).status).toBe(200);
    await gateway.flushed();
    const [balance] = await gateway.parts.database.query<{ spend: string; total: string }>(
      'select spend::text as spend, total::text as total from gateway.balances where account = $1',
      [`key:${String(again.body['token'])}`],
    );
    expect(balance).toEqual({ spend: '0.1', total: '0.2' });
  });
});

describe('an alias', () => {
  test('belongs to one live key: 400 naming the member, also when two ask at once', async () => {
    await gateway.made({ key_alias: 'taken' });
    const clash = await gateway.post('/key/generate', { key_alias: 'taken' });
    expect(clash.status).toBe(400);
    expect(clash.body['error']).toMatchObject({ type: 'bad_request_error', param: 'key_alias', code: '400' });
    const both = await Promise.all([
      gateway.post('/key/generate', { key_alias: 'both' }),
      gateway.post('/key/generate', { key_alias: 'both' }),
    ]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  });

  test('is free again when its key is deleted', async () => {
    const key = keyIn(await gateway.made({ key_alias: 'for-a-while' }));
    await gateway.post('/key/delete', { keys: [key] });
    await gateway.made({ key_alias: 'for-a-while' });
  });

  test.each([['x'.repeat(256)], ['a\u0000b'], ['line\nbreak']])('%j is 422', async (alias) => {
    expect((await gateway.post('/key/generate', { key_alias: alias })).status).toBe(422);
  });
});

describe('durations', () => {
  test.each([
    ['30s', 30_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('duration %s expires that much later', async (duration, ms) => {
    const { body } = await gateway.made({ duration });
    expect(Math.abs(Date.parse(String(body['expires'])) - Date.now() - ms)).toBeLessThan(30_000);
  });

  test.each([
    { duration: 'soon' },
    { budget_duration: '0d' },
    { budget_limits: [{ budget_duration: 'x', max_budget: 1 }] },
    { model_max_budget: { mock: { max_budget: 1, budget_duration: 'x' } } },
  ])('%j is 400', async (body) => {
    const answer = await gateway.post('/key/generate', body);
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('Invalid duration')]);
  });

  test('a budget_duration sets the next boundary of the calendar', async () => {
    const { body } = await gateway.made({ budget_duration: '1d', max_budget: 1 });
    const midnight = new Date();
    midnight.setUTCHours(24, 0, 0, 0);
    expect(body['budget_reset_at']).toBe(midnight.toISOString());
  });

  test('an expired key is refused and says so', async () => {
    const key = keyIn(await gateway.made({ duration: '1s' }));
    await new Promise((resolve) => setTimeout(resolve, 1050));
    const answer = await gateway.chat(key);
    expect(answer.status).toBe(401);
    expect(answer.body['error']).toMatchObject({ type: 'expired_key', code: '401' });
  });
});

describe('wrong types', () => {
  test.each([
    [{ max_budget: 'much' }, ['body', 'max_budget']],
    [{ max_budget: -1 }, ['body', 'max_budget']],
    [{ models: 'mock' }, ['body', 'models']],
    [{ rpm_limit: 1.5 }, ['body', 'rpm_limit']],
    [{ tpm_limit: '10' }, ['body', 'tpm_limit']],
    [{ metadata: [] }, ['body', 'metadata']],
    [{ blocked: 'yes' }, ['body', 'blocked']],
    [{ key_type: 'king' }, ['body', 'key_type']],
    [{ budget_limits: [{ max_budget: 1 }] }, ['body', 'budget_limits', 0, 'budget_duration']],
  ])('%j is 422 with the list of what is wrong', async (body, loc) => {
    const answer = await gateway.post('/key/generate', body);
    expect(answer.status).toBe(422);
    expect(answer.body).toEqual({ detail: [{ loc, msg: expect.any(String), type: expect.any(String) }] });
  });

  test('a body that is no JSON is 400, and one that is no object is 422', async () => {
    expect((await gateway.post('/key/generate', '{"a":')).status).toBe(400);
    expect((await gateway.post('/key/generate', '[1]')).status).toBe(422);
  });

  test('whole numbers may be written with a point or an exponent', async () => {
    const answer = await gateway.post('/key/generate', '{"rpm_limit": 10.0, "tpm_limit": 1e3}');
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ rpm_limit: 10, tpm_limit: 1000 });
  });

  test('members that nobody knows are ignored', async () => {
    expect((await gateway.post('/key/generate', { brand_new: { a: 1 } })).status).toBe(200);
  });

  test('two windows of one duration are 400', async () => {
    const window = { budget_duration: '1d', max_budget: 1 };
    expect((await gateway.post('/key/generate', { budget_limits: [window, window] })).status).toBe(400);
  });

  test.each([{ mock: 'a' }, { mock: {} }, { mock: { max_budget: -1 } }, { mock: null }])(
    'model_max_budget %j is 400',
    async (model_max_budget) => {
      expect((await gateway.post('/key/generate', { model_max_budget })).status).toBe(400);
    },
  );
});

test('twenty made at once all work', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => gateway.key({ max_budget: 1 })));
  expect(new Set(keys).size).toBe(20);
  const answers = await Promise.all(keys.map((key) => gateway.chat(key)));
  expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
});

test('an initial spend counts against the budget', async () => {
  const made = await gateway.made({ spend: 0.95, max_budget: 1 });
  expect(made.text).toContain('"spend":0.95');
  expect((await gateway.chat(keyIn(made))).status).toBe(200);
  const refused = await gateway.chat(keyIn(made));
  expect(messageOf(refused)).toContain('Current cost: 1.05, Max budget: 1');
});
