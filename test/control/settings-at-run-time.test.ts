import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { LiveSettings } from '../../src/server/live-settings.ts';
import { Sealer } from '../../src/store/sealed.ts';
import { until } from '../drills/support/scale.ts';
import { completion, FakeProvider, json } from '../support/fake-provider.ts';
import { messageOf, startAsked, type AskedGateway, type Told } from './asking-for-keys.ts';

const SECRET = 'sk-variable-secret-0123456789';

let provider: FakeProvider;
let gateway: AskedGateway;

const FILE = (url: string): string => `
model_list:
  - model_name: mock
    litellm_params: { model: openai/upstream, api_key: sk-provider, mock_response: Hello, input_cost_per_token: 0, output_cost_per_token: 0.005 }
  - model_name: failing
    litellm_params: { model: openai/failing, api_key: sk-provider, api_base: "http://127.0.0.1:9/v1" }
  - model_name: by-variable
    litellm_params: { model: openai/upstream, api_key: os.environ/PANEL_KEY, api_base: "${url}/v1" }
litellm_settings: { max_budget: 40, budget_duration: 1mo, success_callback: [langfuse] }
router_settings: { num_retries: 1, retry_after: 0 }
`;

beforeAll(async () => {
  provider = await FakeProvider.start(json(completion('Hi')));
  gateway = await startAsked(FILE(provider.url));
});

afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

/** Every test begins with what the file says. */
afterEach(async () => {
  const { settings } = gateway.parts;
  await settings.change(
    () => ({ litellm_settings: {}, general_settings: {}, router_settings: {}, environment_variables: {} }),
    null,
    async () => undefined,
  );
});

async function update(body: unknown): Promise<Told> {
  const answer = await gateway.post('/config/update', body);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body['message']).toContain('success');
  return answer;
}

async function refused(body: unknown): Promise<{ message: string; param: unknown }> {
  const before = await stored();
  const answer = await gateway.post('/config/update', body);
  expect(answer.status, answer.text).toBe(400);
  expect(await stored(), 'nothing is stored').toEqual(before);
  return { message: messageOf(answer), param: (answer.body['error'] as { param: unknown }).param };
}

function stored(): Promise<unknown> {
  return gateway.parts.database.query(
    "select key, value::text as value from gateway.settings where key like '%settings' or key = 'environment_variables' order by key",
  );
}

interface Field {
  readonly field_name: string;
  readonly field_value: unknown;
  readonly source: string;
  readonly stored_in_db: boolean | null;
  readonly place: { file: string; line: number } | null;
  readonly field_default_value: unknown;
  readonly [name: string]: unknown;
}

async function field(name: string, type: string): Promise<Field> {
  const { body, status, text } = await gateway.get(`/config/field/info?field_name=${name}&config_type=${type}`);
  expect(status, text).toBe(200);
  return body as unknown as Field;
}

describe('a change by /config/update', () => {
  test('of the household budget refuses the next call that is over it, and null takes it away', async () => {
    const key = await gateway.key();
    await gateway.chat(key, 'mock');
    await update({ litellm_settings: { max_budget: 0.05 } });
    const over = await gateway.chat(key, 'mock');
    expect([over.status, over.headers.get('x-litellm-budget-scope')]).toEqual([422, 'global']);
    await update({ litellm_settings: { max_budget: null } });
    expect((await gateway.chat(key, 'mock')).status).toBe(200);
    expect((await gateway.get('/global/spend')).body['max_budget']).toBeNull();
    expect(await field('max_budget', 'litellm_settings')).toMatchObject({ field_value: null, source: 'database', stored_in_db: true });
  });

  test('keeps every digit of an amount', async () => {
    await gateway.post('/config/update', '{"litellm_settings":{"max_budget":12.345678901234567}}');
    expect((await gateway.get('/config/field/info?field_name=max_budget&config_type=litellm_settings')).text).toContain(
      '"field_value":12.345678901234567',
    );
    expect((await gateway.get('/global/spend')).text).toContain('12.345678901234567');
  });

  test('of fallbacks and retries acts on the next call', async () => {
    expect((await gateway.chat(gateway.masterKey, 'failing')).status).toBe(502);
    await update({ router_settings: { fallbacks: [{ failing: ['mock'] }], num_retries: 0 } });
    const answer = await gateway.chat(gateway.masterKey, 'failing');
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect(gateway.parts.router.retries).toBe(0);
  });

  test('of a time-out, of a rest and of the writing of spend acts on this process', async () => {
    await update({ router_settings: { timeout: 0.2, cooldown_time: 7, allowed_fails: 3 }, general_settings: { proxy_batch_write_at: 1 } });
    const slow = await FakeProvider.start(() => undefined);
    try {
      await gateway.post('/model/new', {
        model_name: 'slow',
        litellm_params: { model: 'openai/slow', api_key: 'k', api_base: `${slow.url}/v1`, num_retries: 0 },
      });
      const answer = await gateway.chat(gateway.masterKey, 'slow');
      expect([answer.status, messageOf(answer)]).toEqual([408, expect.stringContaining('0.2')]);
    } finally {
      await slow.stop();
    }
    expect(gateway.parts.live.config.router).toMatchObject({ cooldownMs: 7000, allowedFails: 3 });
    expect(gateway.parts.live.config.general.batchWriteMs).toBe(1000);
  });

  test('of statuses and of the audit log is read by who answers', async () => {
    await update({ general_settings: { budget_exceeded_status_code: 429 }, litellm_settings: { max_budget: 0 } });
    expect((await gateway.chat(await gateway.key(), 'mock')).status).toBe(429);
  });

  test('merges maps, joins lists of callbacks, and keeps what it does not name', async () => {
    await update({ router_settings: { retry_policy: { TimeoutErrorRetries: 3 }, cooldown_time: 9 } });
    await update({
      router_settings: { retry_policy: { RateLimitErrorRetries: 1 } },
      litellm_settings: { success_callback: ['otel', 'langfuse'] },
    });
    await update({ router_settings: { retry_policy: { TimeoutErrorRetries: null } }, litellm_settings: { success_callback: ['s3'] } });
    const { config } = gateway.parts.live;
    expect(config.router).toMatchObject({ retryPolicy: { RateLimitErrorRetries: 1 }, cooldownMs: 9000 });
    expect(config.shown.litellm_settings['success_callback']).toEqual(['langfuse', 'otel', 's3']);
    const { body } = await gateway.get('/get/config/callbacks');
    expect(body).toMatchObject({
      status: 'success',
      callbacks: ['langfuse', 'otel', 's3'].map((name) => ({ name, type: 'success', variables: {} })),
      router_settings: { num_retries: 1, cooldown_time: 9 },
    });
  });

  test('of a variable gives a model its key, which is encrypted in the database and shown to nobody', async () => {
    await update({ environment_variables: { PANEL_KEY: SECRET } });
    expect((await gateway.chat(gateway.masterKey, 'by-variable')).status).toBe(200);
    expect(provider.last.headers.authorization).toBe(`Bearer ${SECRET}`);
    const list = await gateway.get('/config/list?config_type=environment_variables');
    expect(list.body).toMatchObject([{ field_name: 'PANEL_KEY', field_value: '****', source: 'database' }]);
    expect(JSON.stringify(await stored())).not.toContain(SECRET);
    const audit = await gateway.get('/audit?table_name=LiteLLM_Config&object_id=environment_variables');
    expect((audit.body['audit_logs'] as unknown[])[0]).toMatchObject({ action: 'updated', updated_values: { PANEL_KEY: '****' } });
    expect(audit.text + list.text + gateway.log.join('')).not.toContain(SECRET);
    await update({ environment_variables: { PANEL_KEY: null } });
    expect((await gateway.get('/config/list?config_type=environment_variables')).body).toEqual([]);
  });

  test('leaves a line in the audit log, with what it changed', async () => {
    await update({ router_settings: { num_retries: 5 } });
    await update({ router_settings: { num_retries: 6, timeout: 30 } });
    const { body } = await gateway.get('/audit?table_name=LiteLLM_Config&object_id=router_settings');
    expect((body['audit_logs'] as unknown[])[0]).toMatchObject({
      action: 'updated',
      before_value: { num_retries: 5 },
      updated_values: { num_retries: 6, timeout: 30 },
    });
  });

  test('keeps a key that is not known here, and says so', async () => {
    const answer = await update({ general_settings: { unheard_of: 1, alerting: ['slack'] } });
    expect(answer.body['warnings']).toEqual(['general_settings.unheard_of is not a setting known here; it is kept and does nothing']);
    const fields = (await gateway.get('/config/list')).body as unknown as Field[];
    expect(fields.find(({ field_name: name }) => name === 'unheard_of')).toMatchObject({ field_value: 1, acts: false, source: 'database' });
  });
});

describe('a change that does not fit', () => {
  test.each([
    [{ router_settings: { num_retries: 'often' } }, 'router_settings.num_retries', 'must be a whole number, 0 or more'],
    [{ litellm_settings: { budget_duration: '30x' } }, 'litellm_settings.budget_duration', 'must be a duration'],
    [{ router_settings: { fallbacks: [{ a: [1] }] } }, 'router_settings.fallbacks[0].a', 'a fallback must be the name'],
    [{ general_settings: { display_currency: 'euros' } }, 'general_settings.display_currency', 'three letters'],
    [{ general_settings: { display_exchange_rate: 0 } }, 'general_settings.display_exchange_rate', 'above 0'],
    [{ general_settings: { master_key: 'sk-another' } }, 'general_settings.master_key', 'cannot be changed while the gateway runs'],
    [{ general_settings: { database_url: 'postgres://h/d' } }, 'general_settings.database_url', 'cannot be changed while'],
    [{ general_settings: { store_model_in_db: false } }, 'general_settings.store_model_in_db', 'cannot be changed while'],
    [{ environment_variables: { LITELLM_SALT_KEY: 'x' } }, 'environment_variables.LITELLM_SALT_KEY', 'cannot be changed while'],
    [{ environment_variables: { PORT: 1 } }, 'environment_variables.PORT', 'cannot be changed while'],
  ])('%j is refused by its name, and nothing of it is stored', async (body, param, words) => {
    const { message, param: named } = await refused({
      ...body,
      litellm_settings: { drop_params: true, ...(body as { litellm_settings?: object }).litellm_settings },
    });
    expect(named).toBe(param);
    expect(message).toContain(words);
    expect(gateway.parts.live.config.litellm.dropParams).toBe(false);
  });

  test('a section that is no map is 422', async () => {
    expect((await gateway.post('/config/update', { router_settings: [1] })).status).toBe(422);
  });
});

describe('where a value comes from', () => {
  test('is told of each field: default, file with its line, database, environment', async () => {
    expect(await field('num_retries', 'router_settings')).toMatchObject({
      field_value: 1,
      source: 'file',
      stored_in_db: false,
      place: { file: 'litellm_config.yaml', line: 10 },
      field_default_value: 2,
      field_type: 'Integer',
      changeable: true,
    });
    expect(await field('cooldown_time', 'router_settings')).toMatchObject({
      field_value: 5,
      field_default_value: 5,
      source: 'default',
      stored_in_db: null,
      unit: 'seconds',
    });
    await update({ router_settings: { num_retries: 4 } });
    expect(await field('num_retries', 'router_settings')).toMatchObject({
      field_value: 4,
      source: 'database',
      stored_in_db: true,
      place: null,
    });
    expect(await field('database_url', 'general_settings')).toMatchObject({
      field_value: '****',
      source: 'environment',
      changeable: false,
    });
    expect(await field('routing_strategy', 'router_settings')).toMatchObject({ options: expect.arrayContaining(['least-busy']) });
    expect(await field('max_request_size_mb', 'general_settings')).toMatchObject({ field_value: 100, unit: 'megabytes' });
    expect(await field('maximum_audit_log_retention_period', 'general_settings')).toMatchObject({ field_value: '180d', unit: 'duration' });
  });

  test('every setting that acts is listed, and shows its own default', async () => {
    for (const [type, least] of [
      ['general_settings', 20],
      ['litellm_settings', 15],
      ['router_settings', 18],
    ] as const) {
      const fields = (await gateway.get(`/config/list?config_type=${type}`)).body as unknown as Field[];
      expect(fields.length).toBeGreaterThan(least);
      for (const { field_name: name, source, field_value: value, field_default_value: byDefault } of fields)
        if (source === 'default') expect([name, value]).toEqual([name, byDefault]);
    }
  });
});

describe('one field', () => {
  test('is set and taken out again: then the file counts', async () => {
    const set = await gateway.post('/config/field/update', { field_name: 'num_retries', field_value: 9, config_type: 'router_settings' });
    expect(set.body).toEqual({ param_name: 'router_settings', param_value: { num_retries: 9 } });
    expect(gateway.parts.router.retries).toBe(9);
    const gone = await gateway.post('/config/field/delete', { field_name: 'num_retries', config_type: 'router_settings' });
    expect(gone.body).toEqual({ param_name: 'router_settings', param_value: {} });
    expect(gateway.parts.router.retries).toBe(1);
  });

  test('that does not exist, or is not set in the database, is 400 by its name', async () => {
    const unknown = await gateway.post('/config/field/update', { field_name: 'nonsense', field_value: 1 });
    expect([unknown.status, messageOf(unknown)]).toEqual([400, 'general_settings has no setting nonsense.']);
    const unset = await gateway.post('/config/field/delete', { field_name: 'strict_status' });
    expect([unset.status, messageOf(unset)]).toEqual([400, 'strict_status is not set in the database.']);
    expect((await gateway.get('/config/field/info?field_name=nonsense')).status).toBe(400);
    expect((await gateway.get('/config/list?config_type=models')).status).toBe(400);
  });
});

test('the settings of routing are told with their values, and without', async () => {
  const { body } = await gateway.get('/router/settings');
  const fields = body['fields'] as { field_name: string; field_value: unknown; ui_field_name: string }[];
  expect(fields.find(({ field_name: name }) => name === 'num_retries')).toMatchObject({ field_value: 1, ui_field_name: 'Num retries' });
  expect(body['current_values']).toMatchObject({ num_retries: 1, routing_strategy: 'simple-shuffle', cooldown_time: 5 });
  expect(body['routing_strategy_descriptions']).toHaveProperty('least-busy');
  const bare = (await gateway.get('/router/fields')).body;
  expect((bare['fields'] as { field_value: unknown }[]).every(({ field_value: value }) => value === null)).toBe(true);
});

test('the callbacks that act are listed with the name clients look for', async () => {
  expect((await gateway.get('/callbacks/list')).body).toEqual({ success: [], failure: [], success_and_failure: ['_ProxyDBLogger'] });
});

test('amounts are shown in a currency of its own, to any key', async () => {
  const key = await gateway.key();
  expect((await gateway.get('/panel/display', key)).body).toEqual({ currency: 'USD', exchange_rate: '1' });
  await gateway.post('/config/update', '{"general_settings":{"display_currency":"eur","display_exchange_rate":0.9234567890123456789}}');
  expect((await gateway.get('/panel/display', key)).body).toEqual({ currency: 'EUR', exchange_rate: '0.9234567890123456789' });
});

test('a changed file keeps what the database says, and the database’s null', async () => {
  await update({ router_settings: { num_retries: 8 }, litellm_settings: { max_budget: null } });
  await gateway.configure(
    FILE(provider.url)
      .replace('num_retries: 1, retry_after: 0', 'num_retries: 3, retry_after: 0.5')
      .replace('max_budget: 40', 'max_budget: 41'),
  );
  await until('the file is taken', () => gateway.parts.live.config.router.retryAfterMs === 500);
  expect(gateway.parts.live.config.router.numRetries).toBe(8);
  expect(gateway.parts.live.config.litellm.maxBudget).toBeNull();
  await gateway.configure(FILE(provider.url));
  await until('the file is taken', () => gateway.parts.live.config.router.retryAfterMs === 0);
});

test('a change is put over the file that runs, not over one that is broken now', async () => {
  await gateway.configure('router_settings: { num_retries: often }\n');
  await update({ router_settings: { cooldown_time: 3 } });
  expect(gateway.parts.live.config.router).toMatchObject({ numRetries: 1, cooldownMs: 3000 });
  expect((await gateway.get('/v1/models')).text).toContain('by-variable');
  await gateway.configure(FILE(provider.url));
});

test('many changes at once all stand', async () => {
  const names = ['num_retries', 'timeout', 'cooldown_time', 'max_fallbacks', 'allowed_fails', 'retry_after', 'stream_timeout'];
  await Promise.all(names.map((name, index) => update({ router_settings: { [name]: index + 1 } })));
  expect(gateway.parts.settings.stored.router_settings).toEqual(Object.fromEntries(names.map((name, index) => [name, index + 1])));
});

describe('a start', () => {
  /** What the next start makes of the file and the database. */
  async function restarted(sealer = gateway.parts.sealer): Promise<{ log: string[]; config: Config }> {
    const { clock, database } = gateway.parts;
    const load = { file: join(gateway.directory, 'litellm_config.yaml'), variables: { DATABASE_URL: gateway.database.url } };
    const live = { config: await loadConfig(load) };
    const lines: string[] = [];
    const tell = (text: string): number => lines.push(text);
    const log = { warn: tell, error: tell } as unknown as Logger;
    const apply = (config: Config): void => {
      live.config = config;
    };
    await new LiveSettings({ clock, database, sealer, load, live, log, apply }).load();
    return { log: lines, config: live.config };
  }

  test('finds what was changed, variables too', async () => {
    await update({ router_settings: { num_retries: 7 }, environment_variables: { PANEL_KEY: SECRET } });
    const { config, log } = await restarted();
    expect(config.router.numRetries).toBe(7);
    expect(config.variables['PANEL_KEY']).toBe(SECRET);
    expect(log).toEqual([]);
  });

  test('under another salt key leaves out what was sealed, and says so', async () => {
    await update({ router_settings: { num_retries: 7 }, environment_variables: { PANEL_KEY: SECRET } });
    const { config, log } = await restarted(new Sealer('another salt key'));
    expect(config.router.numRetries).toBe(7);
    expect(config.variables['PANEL_KEY']).toBeUndefined();
    expect(log).toEqual([expect.stringContaining('environment_variables in the database were stored under another salt key')]);
  });

  test('leaves out what does not fit any more, and takes the rest', async () => {
    await update({ router_settings: { num_retries: 7, cooldown_time: 4 } });
    await gateway.parts.database.execute(
      `update gateway.settings set value = jsonb_set(value, '{open,num_retries}', '"often"') where key = 'router_settings'`,
    );
    const { config, log } = await restarted();
    expect(config.router).toMatchObject({ cooldownMs: 4000 });
    expect(log).toEqual(['database: router_settings.num_retries: must be a whole number, 0 or more; this setting is left out']);
  });
});

test('nothing is stored while store_model_in_db is off', async () => {
  const other = await startAsked('general_settings: { store_model_in_db: false }\n');
  try {
    const answer = await other.post('/config/update', { router_settings: { num_retries: 0 } });
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('store_model_in_db: true')]);
    expect((await other.get('/config/list')).status).toBe(200);
  } finally {
    await other.stop();
  }
});

test('a key that is nobody’s neither sees nor changes settings', async () => {
  const key = await gateway.key();
  expect((await gateway.get('/config/list', key)).status).toBe(401);
  expect((await gateway.post('/config/update', { router_settings: { num_retries: 0 } }, key)).status).toBe(401);
  expect(gateway.parts.router.retries).toBe(1);
});
