import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyIn, messageOf, MOCKED, startAsked, type AskedGateway } from './asking-for-keys.ts';

let gateway: AskedGateway;

beforeAll(async () => {
  gateway = await startAsked(`${MOCKED}
litellm_settings:
  default_key_generate_params: { max_budget: 2.5, models: [mock], metadata: { from: file }, rpm_limit: 50 }
  upperbound_key_generate_params: { max_budget: 10.05, budget_duration: 10d, tpm_limit: 1000, duration: 30d }
`);
});

afterAll(() => gateway.stop());

test('what a body leaves out comes from the defaults, then from the bounds', async () => {
  const { body } = await gateway.made();
  expect(body).toMatchObject({
    max_budget: 2.5,
    models: ['mock'],
    metadata: { from: 'file' },
    rpm_limit: 50,
    tpm_limit: 1000,
    budget_duration: '10d',
  });
  expect(Math.abs(Date.parse(String(body['expires'])) - Date.now() - 30 * 86_400_000)).toBeLessThan(60_000);
});

test('what a body says wins over the defaults', async () => {
  expect((await gateway.made({ max_budget: 1, models: ['other'], metadata: { own: true } })).body).toMatchObject({
    max_budget: 1,
    models: ['other'],
    metadata: { own: true },
  });
});

test.each([
  ['max_budget', '10.050000000000001'],
  ['tpm_limit', '1001'],
  ['budget_duration', '"11d"'],
  ['duration', '"31d"'],
  ['budget_duration', '"1mo"'],
])('%s of %s is above its bound: 400', async (name, value) => {
  const refused = await gateway.post('/key/generate', `{"${name}": ${value}}`);
  expect([refused.status, messageOf(refused)]).toEqual([400, expect.stringContaining('upper bound')]);
  const key = keyIn(await gateway.made());
  expect((await gateway.post('/key/update', `{"key": "${key}", "${name}": ${value}}`)).status).toBe(400);
});

test.each(['max_budget', 'tpm_limit', 'duration'])('a key cannot be changed to have no %s where it has a bound', async (name) => {
  const key = keyIn(await gateway.made());
  const refused = await gateway.post('/key/update', { key, [name]: null });
  expect([refused.status, messageOf(refused)]).toEqual([400, expect.stringContaining('upper bound')]);
});

test('a budget may be changed to never begin anew: that allows less', async () => {
  const key = keyIn(await gateway.made());
  expect((await gateway.post('/key/update', { key, budget_duration: null })).body).toMatchObject({ budget_duration: null });
});

test('at its bound a value is taken', async () => {
  await gateway.made({ max_budget: 10.05, tpm_limit: 1000, budget_duration: '240h', duration: '720h' });
});
