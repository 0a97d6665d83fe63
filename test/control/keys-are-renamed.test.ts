import { afterAll, beforeAll, expect, test } from 'vitest';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { infoOf, keyIn, messageOf, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked();
});

afterAll(() => gateway.stop());

test('the new text works, the old one is refused at once, and everything else stays', async () => {
  const made = await gateway.made({ key_alias: 'renamed', max_budget: 1, rpm_limit: 9, metadata: { a: 1 } });
  await gateway.chat(keyIn(made));
  const again = await gateway.post(`/key/${keyIn(made)}/regenerate`, {});
  expect(again.body).toMatchObject({
    key_alias: 'renamed',
    max_budget: 1,
    rpm_limit: 9,
    metadata: { a: 1 },
    spend: 0.1,
    rotation_count: 1,
    last_rotation_at: expect.any(String),
  });
  expect(again.body['token']).not.toBe(made.body['token']);
  expect((await gateway.chat(keyIn(made))).status).toBe(401);
  expect((await gateway.chat(keyIn(again))).status).toBe(200);
  expect((await infoOf(gateway, keyIn(again)))['spend']).toBe(0.2);
});

test('no budget begins anew: own, window and model', async () => {
  const made = await gateway.made({ max_budget: 1, budget_limits: [{ budget_duration: '1d', max_budget: 0.1 }] });
  const other = await gateway.made({ model_max_budget: { mock: 0.1 } });
  for (const key of [made, other]) {
    expect((await gateway.chat(keyIn(key))).status).toBe(200);
    const again = await gateway.post('/key/regenerate', { key: keyIn(key) });
    expect((await gateway.chat(keyIn(again))).status).toBe(422);
  }
});

test('what calls that run meanwhile cost is owed by the key under its new name', async () => {
  const answer = Promise.withResolvers<void>();
  const provider = await FakeProvider.start(async (request, response) => {
    await answer.promise;
    await json(completion('late'))(request, response);
  });
  await gateway.post('/model/new', {
    model_name: 'slow',
    litellm_params: {
      model: 'openai/m',
      api_base: `${provider.url}/v1`,
      api_key: 'sk-x',
      input_cost_per_token: 0,
      output_cost_per_token: 0.02,
    },
  });
  const made = await gateway.made({ max_budget: 1, budget_limits: [{ budget_duration: '1d', max_budget: 1 }] });
  await gateway.chat(keyIn(made));
  const running = gateway.chat(keyIn(made), 'slow');
  await expect.poll(() => provider.seen.length).toBe(1);
  const again = await gateway.post(`/key/${keyIn(made)}/regenerate`, {});
  answer.resolve();
  expect((await running).status).toBe(200);
  // 0.1 before, and 5 tokens at 0.02.
  expect(await infoOf(gateway, keyIn(again))).toMatchObject({ spend: 0.2 });
  await gateway.flushed();
  const rows = await gateway.parts.database.query(
    'select account, spend::text as spend from gateway.balances where account like $1 order by 1',
    [`key:${String(again.body['token'])}%`],
  );
  expect(rows.map(({ spend }) => Number(spend))).toEqual([0.2, 0.2]);
  await provider.stop();
});

test('the body may change the key on the way, and name its new text', async () => {
  const made = await gateway.made({ max_budget: 1 });
  const again = await gateway.post(`/key/${String(made.body['token'])}/regenerate`, { new_key: 'sk-the-new-one-here', max_budget: 2 });
  expect(again.body).toMatchObject({ key: 'sk-the-new-one-here', max_budget: 2 });
  expect((await gateway.post('/key/regenerate', { key: 'sk-the-new-one-here', new_key: 'sk-the-new-one-here' })).status).toBe(400);
});

test('in its grace the old text is the same key: one budget, one list entry, one row owner', async () => {
  const made = await gateway.made({ key_alias: 'graceful', max_budget: 0.3 });
  const again = await gateway.post(`/key/${keyIn(made)}/regenerate`, { grace_period: '1h' });
  expect((await gateway.chat(keyIn(made))).status).toBe(200);
  expect((await gateway.chat(keyIn(again))).status).toBe(200);
  expect((await gateway.chat(keyIn(made))).status).toBe(200);
  for (const key of [made, again]) expect(messageOf(await gateway.chat(keyIn(key)))).toContain('Current cost: 0.3, Max budget: 0.3');
  await gateway.post('/key/update', { key: keyIn(again), max_budget: 0.4 });
  expect((await gateway.chat(keyIn(made))).status).toBe(200);
  expect((await gateway.get('/key/list?search=graceful')).body['keys']).toEqual([again.body['token']]);
  const own = await gateway.get('/key/info', keyIn(made));
  expect(own.body['key']).toBe(again.body['token']);
  await gateway.flushed();
  const rows = await gateway.parts.database.query<{ api_key: string; spend: string }>(
    'select api_key, sum(spend)::text as spend from gateway.spend_logs where api_key = any($1) group by 1',
    [[made.body['token'], again.body['token']]],
  );
  expect(rows).toEqual([{ api_key: again.body['token'], spend: '0.4' }]);
  await gateway.post('/key/block', { key: keyIn(again) });
  expect((await gateway.chat(keyIn(made))).status).toBe(401);
});

test('when the grace is over, the old text alone is refused', async () => {
  const made = await gateway.made();
  const again = await gateway.post(`/key/${keyIn(made)}/regenerate`, { grace_period: '1s' });
  expect((await gateway.chat(keyIn(made))).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 1050));
  expect((await gateway.chat(keyIn(made))).body['error']).toMatchObject({ type: 'expired_key' });
  expect((await gateway.chat(keyIn(again))).status).toBe(200);
});

test('a deleted successor takes the old text with it', async () => {
  const made = await gateway.made();
  const again = await gateway.post(`/key/${keyIn(made)}/regenerate`, { grace_period: '1h' });
  await gateway.post('/key/delete', { keys: [keyIn(again)] });
  expect((await gateway.chat(keyIn(made))).status).toBe(401);
});

test('an old text in its grace can be deleted by itself', async () => {
  const made = await gateway.made();
  const again = await gateway.post(`/key/${keyIn(made)}/regenerate`, { grace_period: '1h' });
  await gateway.post('/key/delete', { keys: [keyIn(made)] });
  expect((await gateway.chat(keyIn(made))).status).toBe(401);
  expect((await gateway.chat(keyIn(again))).status).toBe(200);
});

test('unknown keys are 404, nonsense is 400', async () => {
  expect((await gateway.post('/key/sk-not-known-here/regenerate', {})).status).toBe(404);
  expect((await gateway.post('/key/nonsense/regenerate', {})).status).toBe(400);
  expect((await gateway.post('/key/regenerate', {})).status).toBe(400);
  expect((await gateway.post(`/key/${await gateway.key()}/regenerate`, { grace_period: 'long' })).status).toBe(400);
});
