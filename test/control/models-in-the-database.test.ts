import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { StoredModels } from '../../src/providers/stored/models.ts';
import { Sealer } from '../../src/store/sealed.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { messageOf, MOCKED, startAsked, type AskedGateway, type Told } from './asking-for-keys.ts';

const SECRET = 'sk-upstream-secret-0123456789';

let provider: FakeProvider;
let gateway: AskedGateway;

beforeAll(async () => {
  provider = await FakeProvider.start(json(completion('Hi')));
  gateway = await startAsked(`${MOCKED}
general_settings: { store_model_in_db: true }
`);
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

beforeEach(() => {
  provider.seen.length = 0;
});

/** A model at the fake provider. */
function bodyOf(name: string, more: { params?: Record<string, unknown>; info?: Record<string, unknown> } = {}): Record<string, unknown> {
  return {
    model_name: name,
    litellm_params: { model: 'openai/upstream', api_base: `${provider.url}/v1`, api_key: SECRET, ...more.params },
    ...(more.info ? { model_info: more.info } : {}),
  };
}

async function made(name: string, more: Parameters<typeof bodyOf>[1] = {}): Promise<string> {
  const answer = await gateway.post('/model/new', bodyOf(name, more));
  expect(answer.status, answer.text).toBe(200);
  return String(answer.body['model_id']);
}

async function infosOf(
  query: string,
): Promise<{ model_name: string; litellm_params: Record<string, unknown>; model_info: Record<string, unknown> }[]> {
  const { body, text } = await gateway.get(`/v2/model/info?${query}`);
  expect(Array.isArray(body['data']), text).toBe(true);
  return body['data'] as Awaited<ReturnType<typeof infosOf>>;
}

async function patch(id: string, body: unknown): Promise<Told> {
  const answer = await gateway.call('PATCH', `/model/${id}/update`, body);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) as Record<string, unknown> };
}

describe('a model made at run time', () => {
  test('is called at once, with its key, and costs what its prices say', async () => {
    const id = await made('fresh', { params: { input_cost_per_token: 0.001, output_cost_per_token: 0.01 } });
    const answer = await gateway.chat(gateway.masterKey, 'fresh');
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('x-litellm-model-id')).toBe(id);
    expect(answer.headers.get('x-litellm-response-cost')).toBe('0.06');
    expect(provider.last.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect((await gateway.get('/v1/models')).text).toContain('"fresh"');
  });

  test('is shown as one of the database, its key to nobody', async () => {
    const answer = await gateway.post('/model/new', bodyOf('shown', { info: { mode: 'chat', note: 'mine' } }));
    expect(answer.body).toMatchObject({
      model_name: 'shown',
      litellm_params: { model: 'openai/upstream', api_base: `${provider.url}/v1`, api_key: 'sk****89' },
      model_info: { db_model: true, note: 'mine', id: answer.body['model_id'] },
      created_at: expect.stringMatching(/^20/),
    });
    const [row] = await infosOf('model=shown');
    expect(row?.model_info).toMatchObject({ db_model: true, note: 'mine', id: answer.body['model_id'] });
    expect(row?.litellm_params).not.toHaveProperty('api_key');
    expect((await infosOf('model=mock'))[0]?.model_info).toMatchObject({ db_model: false });
    const rows = await gateway.parts.database.query('select models::text as text from gateway.models');
    expect(JSON.stringify(rows)).not.toContain(SECRET);
  });

  test('shares its name with models of the file: both are called', async () => {
    const id = await made('mock');
    const answered = new Set<string | null>();
    for (let n = 0; n < 40 && answered.size < 2; n++)
      answered.add((await gateway.chat(gateway.masterKey, 'mock')).headers.get('x-litellm-model-id'));
    expect(answered.size).toBe(2);
    expect(answered).toContain(id);
    await gateway.post('/model/delete', { id });
  });

  test('is there after a restart, its key too', async () => {
    const id = await made('kept', { params: { input_cost_per_token: 0.00000015, extra_headers: { 'x-team': 'blue' } } });
    const again = reopened(gateway.parts.sealer);
    await again.load();
    expect(again.get(id)).toMatchObject({
      modelName: 'kept',
      lost: false,
      params: { api_key: SECRET, extra_headers: { 'x-team': 'blue' }, input_cost_per_token: { rawJSON: '0.00000015' } },
    });
  });

  test('under another salt key is left out until its keys are entered again', async () => {
    const id = await made('sealed');
    const other = reopened(new Sealer('another salt key'));
    await other.load();
    expect(other.get(id)).toMatchObject({ lost: true, params: { model: 'openai/upstream' } });
    expect(JSON.stringify(other.get(id))).not.toContain(SECRET);
    const mended = await other.change(
      id,
      (old) => ({ ...old, params: { ...old.params, api_key: 'sk-entered-again' } }),
      null,
      async () => undefined,
    );
    expect(mended.lost).toBe(false);
  });

  test('may bring its id, once', async () => {
    expect(await made('with-id', { info: { id: 'my-own-id' } })).toBe('my-own-id');
    const again = await gateway.post('/model/new', bodyOf('with-id', { info: { id: 'my-own-id' } }));
    expect([again.status, messageOf(again)]).toEqual([400, expect.stringContaining('exists already')]);
  });

  test.each([
    ['no provider', { model: 'nowhere-at-all' }],
    ['a dialect that is not built', { model: 'bedrock/anthropic.claude' }],
    ['a price that is none', { model: 'openai/x', input_cost_per_token: 'cheap' }],
    ['an address that no provider may have', { model: 'openai/x', api_base: 'http://169.254.169.254/v1' }],
  ])('is refused with the reason for %s', async (_, params) => {
    const answer = await gateway.post('/model/new', { model_name: 'wrong', litellm_params: params });
    expect(answer.status, answer.text).toBe(400);
    expect(messageOf(answer)).toMatch(/^This model is not taken: ./);
    expect((await gateway.get('/v1/models')).text).not.toContain('"wrong"');
  });

  test('needs a name and parameters', async () => {
    const answer = await gateway.post('/model/new', { litellm_params: 'none' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('model_name');
  });
});

describe('a change', () => {
  test('acts on the next call; what it does not name stays', async () => {
    const id = await made('changing', { params: { input_cost_per_token: 0.001, output_cost_per_token: 0 } });
    const answer = await patch(id, { litellm_params: { input_cost_per_token: 0.002 }, model_info: { note: 'new' } });
    expect(answer.body).toMatchObject({ model_info: { note: 'new', id }, litellm_params: { input_cost_per_token: 0.002 } });
    expect((await gateway.chat(gateway.masterKey, 'changing')).headers.get('x-litellm-response-cost')).toBe('0.02');
    expect(provider.last.headers.authorization).toBe(`Bearer ${SECRET}`);
  });

  test('with null takes a member out, at any depth', async () => {
    const id = await made('emptied', { params: { input_cost_per_token: 0.5, extra_body: { a: 1, b: 2 } } });
    const { body } = await patch(id, { litellm_params: { input_cost_per_token: null, extra_body: { a: null } } });
    expect(body['litellm_params']).toMatchObject({ extra_body: { b: 2 } });
    expect(body['litellm_params']).not.toHaveProperty('input_cost_per_token');
  });

  test('that sends a mask back leaves the key as it is', async () => {
    const id = await made('masked');
    await patch(id, { litellm_params: { api_key: 'sk****89' } });
    await gateway.chat(gateway.masterKey, 'masked');
    expect(provider.last.headers.authorization).toBe(`Bearer ${SECRET}`);
  });

  test('by name needs that name to be one model alone', async () => {
    const id = await made('named');
    const answer = await gateway.post('/model/update', { model_name: 'named', litellm_params: { rpm: 7 } });
    expect(answer.body).toMatchObject({ model_id: id, litellm_params: { rpm: 7, model: 'openai/upstream' } });
    await made('named');
    expect((await gateway.post('/model/update', { model_name: 'named', litellm_params: { rpm: 8 } })).status).toBe(400);
    expect((await gateway.post('/model/update', { model_name: 'unknown', litellm_params: {} })).status).toBe(404);
  });

  test('that would make the model uncallable is refused, and nothing changes', async () => {
    const id = await made('steady');
    expect((await patch(id, { litellm_params: { model: 'petals/a-model' } })).status).toBe(400);
    expect((await gateway.chat(gateway.masterKey, 'steady')).status).toBe(200);
  });

  test('of a model of the file is refused with the place to make it', async () => {
    const [row] = await infosOf('model=other');
    const id = String(row?.model_info['id']);
    for (const answer of [await patch(id, { model_name: 'x' }), await gateway.post('/model/delete', { id })])
      expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('configuration file')]);
  });
});

test('a deleted model is unknown from the next call on', async () => {
  const id = await made('gone');
  expect((await gateway.post('/model/delete', { id })).status).toBe(200);
  expect((await gateway.chat(gateway.masterKey, 'gone')).status).toBe(400);
  expect((await gateway.post('/model/delete', { id })).status).toBe(404);
});

test('a reload of the file keeps the models of the database', async () => {
  await made('stays');
  await gateway.configure(`${MOCKED}
  - model_name: added
    litellm_params: { model: openai/upstream, api_key: sk-provider, mock_response: Hello }
general_settings: { store_model_in_db: true }
`);
  await expect.poll(async () => (await gateway.get('/v1/models')).text, { timeout: 10_000 }).toContain('"added"');
  expect((await gateway.chat(gateway.masterKey, 'stays')).status).toBe(200);
});

test('the list is searched, sorted and paged', async () => {
  for (const name of ['page-b', 'page-a', 'page-c']) await made(name);
  const page = await gateway.get('/v2/model/info?search=PAGE-&sort_by=model_name&sort_order=desc&size=2');
  expect(page.body).toMatchObject({ total_count: 3, current_page: 1, total_pages: 2, size: 2 });
  expect((page.body['data'] as { model_name: string }[]).map((row) => row.model_name)).toEqual(['page-c', 'page-b']);
  expect((await infosOf('search=page-&sort_by=model_name&size=2&page=2')).map((row) => row.model_name)).toEqual(['page-c']);
  for (const query of ['size=0', 'page=x', 'sort_by=colour']) expect((await gateway.get(`/v2/model/info?${query}`)).status).toBe(400);
});

test('the list is filtered by provider and sorted by size and prices, and says how many models each provider has', async () => {
  const at = (provider: string, cost: number, context: number) => ({
    params: { model: `${provider}/upstream`, output_cost_per_token: cost },
    info: { max_input_tokens: context },
  });
  await made('facet-b', at('groq', 0.00002, 1000));
  await made('facet-a', at('groq', 0.00001, 3000));
  await made('facet-c', at('mistral', 0.00003, 2000));
  const names = async (query: string) => (await infosOf(`search=facet-&${query}`)).map((row) => row.model_name);
  expect(await names('provider=groq&sort_by=model_name')).toEqual(['facet-a', 'facet-b']);
  expect(await names('sort_by=output_costs')).toEqual(['facet-a', 'facet-b', 'facet-c']);
  expect(await names('sort_by=context&sort_order=desc')).toEqual(['facet-a', 'facet-c', 'facet-b']);
  expect(await names('sort_by=provider&sort_order=desc')).toEqual(['facet-c', 'facet-b', 'facet-a']);
  const { providers } = (await gateway.get('/v2/model/info?search=nothing-has-this')).body as { providers: object[] };
  expect(providers).toContainEqual({ provider: 'groq', deployments: 2 });
});

test('deployments of one name say which of how many they are, also when the other is on another page', async () => {
  await made('twin', { params: { model: 'groq/one' } });
  await made('twin', { params: { model: 'mistral/two' } });
  await made('alone');
  const placeOf = async (query: string) => (await infosOf(query)).map((row) => (row as { place?: unknown }).place);
  expect(await placeOf('model=twin&size=1&page=2')).toEqual([{ position: 2, of: 2 }]);
  expect(await placeOf('model=twin&provider=groq')).toEqual([{ position: 1, of: 2 }]);
  expect(await placeOf('model=alone')).toEqual([{ position: 1, of: 1 }]);
});

test('a stored model is shown as it was given, its key masked, to administrators alone', async () => {
  const id = await made('as-given', { info: { max_input_tokens: 4096 } });
  const { body, text } = await gateway.get(`/panel/models/${id}`);
  expect(body).toMatchObject({ model_id: id, model_name: 'as-given', model_info: { max_input_tokens: 4096, db_model: true } });
  expect((body['litellm_params'] as Record<string, unknown>)['api_key']).toBe('sk****89');
  expect(text).not.toContain(SECRET);
  expect((await gateway.get(`/panel/models/${id}`, await gateway.key())).status).toBe(401);
  expect((await gateway.get('/panel/models/nobody')).status).toBe(404);
});

test('a virtual key may list models and change none', async () => {
  const key = await gateway.key();
  expect((await gateway.get('/v2/model/info', key)).status).toBe(200);
  for (const path of ['/model/new', '/model/update', '/model/delete'])
    expect((await gateway.post(path, bodyOf('theirs'), key)).status).toBe(401);
});

test('without store_model_in_db a change is refused, with what to set', async () => {
  const plain = await startAsked(`${MOCKED}
general_settings: { store_model_in_db: false }
`);
  try {
    const answer = await plain.post('/model/new', bodyOf('refused'));
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('store_model_in_db')]);
  } finally {
    await plain.stop();
  }
});

/** The stored models as another process would read them. */
function reopened(sealer: Sealer): StoredModels {
  return new StoredModels({ clock: systemClock, database: gateway.parts.database, sealer, onChange: () => undefined });
}
