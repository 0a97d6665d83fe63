import { describe, expect, test } from 'vitest';
import type { environmentFields } from '../../src/config/settings/environment.ts';
import { wireNames } from '../../src/config/settings/field.ts';
import { generalFields } from '../../src/config/settings/general.ts';
import { GUARDING_KEYS, isLaterKey, LATER_KEYS } from '../../src/config/settings/later-keys.ts';
import type { SectionName } from '../../src/config/settings/later-keys.ts';
import { litellmFields } from '../../src/config/settings/litellm.ts';
import { routerFields } from '../../src/config/settings/router.ts';
import { configOf, problemsOf } from './support.ts';

/** Section, line of YAML, member of the settings, value. */
const READ: ['litellm' | 'router' | 'general', string, string, unknown][] = [
  ['litellm', 'drop_params: yes', 'dropParams', true],
  ['litellm', 'drop_params: "False"', 'dropParams', false],
  ['litellm', 'drop_params: 1', 'dropParams', true],
  ['litellm', 'request_timeout: 0.5', 'requestTimeoutMs', 500],
  ['litellm', 'request_timeout: 0', 'requestTimeoutMs', 600_000],
  ['litellm', 'request_timeout: "30"', 'requestTimeoutMs', 30_000],
  ['litellm', 'stream_idle_timeout: null', 'streamIdleTimeoutMs', 300_000],
  ['litellm', 'max_budget: 0', 'maxBudget', 0n],
  ['litellm', 'budget_duration: 30d', 'budgetDuration', '30d'],
  ['litellm', 'budget_reset_time: 06:30', 'budgetResetTime', '06:30'],
  ['litellm', 'budget_reset_time: 12:30:15', 'budgetResetTime', '12:30:15'],
  ['litellm', 'timezone: Europe/Berlin', 'timezone', 'Europe/Berlin'],
  ['litellm', 'model_alias_map: {a: b}', 'modelAliases', { a: { model: 'b', hidden: false } }],
  ['router', 'routing_strategy: usage-based-routing', 'strategy', 'usage-based-routing-v2'],
  ['router', 'routing_strategy: Least-Busy', 'strategy', 'least-busy'],
  ['router', 'num_retries: 0', 'numRetries', 0],
  ['router', 'timeout: 1.25', 'timeoutMs', 1250],
  ['router', 'timeout: 0', 'timeoutMs', null],
  ['router', 'cooldown_time: 0', 'cooldownMs', 0],
  ['router', 'allowed_fails: 3', 'allowedFails', 3],
  ['router', 'retry_policy: {TimeoutErrorRetries: 3, SomethingElse: x}', 'retryPolicy', { TimeoutErrorRetries: 3 }],
  [
    'router',
    'fallbacks: [{a: [b, {model: c, temperature: 0}]}, {d: e}]',
    'fallbacks',
    [
      { from: 'a', to: ['b', { model: 'c', temperature: 0 }] },
      { from: 'd', to: ['e'] },
    ],
  ],
  ['router', 'fallbacks: {a: [b]}', 'fallbacks', [{ from: 'a', to: ['b'] }]],
  ['router', 'fallbacks: []', 'fallbacks', []],
  ['router', 'default_fallbacks: x', 'defaultFallbacks', ['x']],
  [
    'router',
    'model_group_alias: {a: {model: b, hidden: true}, c: d}',
    'modelGroupAlias',
    { a: { model: 'b', hidden: true }, c: { model: 'd', hidden: false } },
  ],
  ['general', 'master_key: ""', 'masterKey', null],
  ['general', 'max_request_size_mb: 0.5', 'maxRequestBytes', 524_288],
  ['general', 'proxy_batch_write_at: 60', 'batchWriteMs', 60_000],
  ['general', 'budget_exceeded_status_code: "429"', 'budgetExceededStatus', 429],
  ['general', 'token_rate_limit_type: output', 'tokenRateLimitType', 'output'],
  ['general', 'litellm_key_header_name: X-My-Key', 'keyHeaderName', 'x-my-key'],
  ['general', 'on_ledger_failure: serve', 'onLedgerFailure', 'serve'],
  ['general', 'database_url: postgresql://u:p@h:5432/d?schema=public', 'databaseUrl', 'postgresql://u:p@h:5432/d?schema=public'],
];

describe('a setting', () => {
  test.each(READ)('%s: %s', async (section, line, name, value) => {
    const config = await configOf(`${section}_settings:\n  ${line}\n`);
    expect((config[section] as Record<string, unknown>)[name]).toStrictEqual(value);
  });

  test('has its default when it is absent', async () => {
    const { router, general, litellm, environment } = await configOf('{}');
    expect(router).toMatchObject({
      strategy: 'simple-shuffle',
      numRetries: 2,
      cooldownMs: 5000,
      allowedFails: null,
      maxFallbacks: 5,
      fallbacks: null,
    });
    expect(general).toMatchObject({
      maxRequestBytes: 104_857_600,
      cancelOnDisconnect: true,
      budgetExceededStatus: 422,
      budgetDefaultOutputTokens: 4096,
      onLedgerFailure: 'refuse',
    });
    expect(litellm).toMatchObject({
      dropParams: false,
      requestTimeoutMs: 600_000,
      timezone: 'UTC',
      budgetResetTime: '00:00',
      maxBudget: null,
    });
    expect(environment).toMatchObject({
      uiUsername: 'admin',
      rateLimitWindowMs: 60_000,
      maxImageDownloadBytes: 52_428_800,
      thinkingBudgetHigh: 4096,
    });
  });
});

/** Section, line of YAML, what is said of it. */
const WRONG: [string, string, string][] = [
  ['litellm_settings', 'drop_params: perhaps', '3: litellm_settings.drop_params: must be true or false'],
  ['litellm_settings', 'request_timeout: soon', '3: litellm_settings.request_timeout: must be a number of seconds from 0 to 2,147,483'],
  ['litellm_settings', 'max_budget: -1', '3: litellm_settings.max_budget: must be an amount in US dollars, 0 or more'],
  ['litellm_settings', 'max_budget: [1]', '3: litellm_settings.max_budget: must be an amount in US dollars, 0 or more'],
  ['litellm_settings', 'budget_duration: 30x', '3: litellm_settings.budget_duration: must be a duration such as 30m, 24h, 7d or 1mo'],
  ['litellm_settings', 'budget_reset_time: 25:00', '3: litellm_settings.budget_reset_time: must be a time of day such as 00:00 or 06:30'],
  ['litellm_settings', 'num_retries: -1', '3: litellm_settings.num_retries: must be a whole number, 0 or more'],
  [
    'router_settings',
    'routing_strategy: best',
    '3: router_settings.routing_strategy: must be one of: simple-shuffle, least-busy, latency-based-routing, usage-based-routing-v2, usage-based-routing, cost-based-routing, provider-budget-routing',
  ],
  ['router_settings', 'num_retries: 1.5', '3: router_settings.num_retries: must be a whole number, 0 or more'],
  ['router_settings', 'fallbacks: [a]', '15: router_settings.fallbacks[0]: must be a map: model group: [fallbacks]'],
  [
    'router_settings',
    'fallbacks: [{a: [1]}]',
    '16: router_settings.fallbacks[0].a: a fallback must be the name of a model group, or a map with `model`',
  ],
  [
    'router_settings',
    'model_group_alias: {a: 3}',
    '23: router_settings.model_group_alias.a: must be the name of a model group, or a map with `model` and `hidden`',
  ],
  [
    'router_settings',
    'retry_policy: {TimeoutErrorRetries: x}',
    '18: router_settings.retry_policy.TimeoutErrorRetries: must be a whole number, 0 or more',
  ],
  ['router_settings', 'routing_strategy_args: 3', '3: router_settings.routing_strategy_args: must be a map (name: value)'],
  [
    'general_settings',
    'database_url: mysql://u:secretpassword@h/d',
    '3: general_settings.database_url: must be a PostgreSQL address: postgresql://user:password@host:5432/name',
  ],
  ['general_settings', 'budget_exceeded_status_code: 500', '3: general_settings.budget_exceeded_status_code: must be 400, 402, 422 or 429'],
  [
    'general_settings',
    'litellm_key_header_name: "my key"',
    '3: general_settings.litellm_key_header_name: must be the name of an HTTP header',
  ],
  ['general_settings', 'master_key: [a]', '3: general_settings.master_key: must be a text'],
];

describe('a wrong value of a known key', () => {
  test.each(WRONG)('%s: %s is fatal at its place', async (section, line, message) => {
    expect(await problemsOf(`${section}:\n  ${line}\n`)).toEqual([`fatal config.yaml:2:${message}`]);
  });

  test('is told beside all others in one go', async () => {
    expect(await problemsOf('general_settings: {strict_status: x}\nrouter_settings: {num_retries: x}\n')).toHaveLength(2);
  });

  test('a section that is no map is fatal', async () => {
    expect(await problemsOf('general_settings: [a]\n')).toEqual(['fatal config.yaml:1:19: general_settings: must be a map (key: value)']);
    expect(await problemsOf('- a\n')).toEqual([
      'fatal config.yaml:1:1: must be a map of sections such as `model_list` and `general_settings`',
    ]);
  });
});

describe('a key that does nothing', () => {
  test.each([
    [
      'general_settings: {not_a_key: 1}',
      'warning config.yaml:1:20: general_settings.not_a_key: is not a setting known here; it is kept and does nothing',
    ],
    ['not_a_section: 1', 'warning config.yaml:1:1: not_a_section: is not a section known here; it is kept and does nothing'],
    [
      'general_settings: {custom_auth: a.b}',
      'warning config.yaml:1:20: general_settings.custom_auth: names Python code, which cannot be loaded here; keys are checked as always',
    ],
    [
      'litellm_settings: {callbacks: [langfuse, my.module.hook]}',
      'warning config.yaml:1:20: litellm_settings.callbacks: names Python code, which cannot be loaded here',
    ],
    [
      'general_settings: {allowed_ips: [10.0.0.0/8]}',
      'warning config.yaml:1:20: general_settings.allowed_ips: limits nothing yet: this release does not know it',
    ],
  ])('%s gives one warning', async (text, warning) => {
    expect(await problemsOf(text)).toEqual([warning]);
  });

  test('but belongs to a later release gives none, and is shown', async () => {
    const config = await configOf(
      'litellm_settings: {success_callback: [langfuse], prometheus_initialize_budget_metrics: true}\nx-anchors: {a: 1}\n',
    );
    expect(config.warnings).toEqual([]);
    expect(config.shown.litellm_settings).toEqual({ success_callback: ['langfuse'], prometheus_initialize_budget_metrics: true });
  });

  test('is never one that acts', () => {
    const acting = { litellm_settings: litellmFields, router_settings: routerFields, general_settings: generalFields };
    for (const section of Object.keys(LATER_KEYS) as SectionName[]) {
      for (const key of wireNames(acting[section])) {
        expect([key, isLaterKey(section, key), GUARDING_KEYS[section].includes(key)]).toEqual([key, false, false]);
      }
    }
  });
});

describe('keys of two places', () => {
  test('routing keys of litellm_settings count where router_settings says nothing', async () => {
    const { router } = await configOf(
      'litellm_settings: {num_retries: 7, cooldown_time: 9, allowed_fails: 1}\nrouter_settings: {num_retries: 1, allowed_fails: null}\n',
    );
    expect(router).toMatchObject({ numRetries: 1, cooldownMs: 9000, allowedFails: 1 });
  });

  test('the environment wins for master key, database and storing models', async () => {
    const text = 'general_settings: {master_key: sk-file, database_url: "postgres://file/db", store_model_in_db: true}\n';
    const { general } = await configOf(text, {
      LITELLM_MASTER_KEY: 'sk-env',
      DATABASE_URL: 'postgres://env/db',
      STORE_MODEL_IN_DB: 'False',
    });
    expect(general).toMatchObject({ masterKey: 'sk-env', databaseUrl: 'postgres://env/db', storeModelInDb: false });
  });

  test('the file wins for drop_params and modify_params, and an empty variable is none', async () => {
    const variables = {
      LITELLM_DROP_PARAMS: 'true',
      LITELLM_MODIFY_PARAMS: 'true',
      LITELLM_DISABLE_STOP_SEQUENCE_LIMIT: 'True',
      LITELLM_MASTER_KEY: '',
    };
    const { litellm, general } = await configOf(
      'litellm_settings: {drop_params: false}\ngeneral_settings: {master_key: sk-file}\n',
      variables,
    );
    expect(litellm).toMatchObject({ dropParams: false, modifyParams: true, stopUnlimited: true });
    expect(general.masterKey).toBe('sk-file');
  });

  test('a wrong variable is told by its name', async () => {
    expect(await problemsOf('{}', { DATABASE_URL: 'mysql://x' })).toEqual([
      'fatal environment: DATABASE_URL: must be a PostgreSQL address: postgresql://user:password@host:5432/name',
    ]);
    expect(await problemsOf('{}', { DISABLE_KEY_NAME: 'maybe' })).toEqual(['fatal environment: DISABLE_KEY_NAME: must be true or false']);
  });
});

describe('the environment', () => {
  test.each([
    ['SERVER_ROOT_PATH', 'gateway/', 'serverRootPath', '/gateway'],
    ['SERVER_ROOT_PATH', '/', 'serverRootPath', ''],
    ['SERVER_ROOT_PATH', '//a//b/', 'serverRootPath', '/a/b'],
    ['LITELLM_RATE_LIMIT_WINDOW_SIZE', '10', 'rateLimitWindowMs', 10_000],
    ['MAX_IMAGE_URL_DOWNLOAD_SIZE_MB', '0', 'maxImageDownloadBytes', 0],
    ['DEFAULT_REASONING_EFFORT_LOW_THINKING_BUDGET', '77', 'thinkingBudgetLow', 77],
    ['PROXY_ADMIN_ID', 'me', 'adminUserId', 'me'],
  ] satisfies [string, string, keyof typeof environmentFields, unknown][])('%s=%s', async (variable, value, name, expected) => {
    expect((await configOf('{}', { [variable]: value })).environment[name]).toBe(expected);
  });
});

describe('a configuration', () => {
  test('is frozen all the way down', async () => {
    const config = await configOf('model_list: [{model_name: m, litellm_params: {model: a/b, list: [{x: 1}]}}]\n');
    const list = config.models[0]?.params['list'] as { x: number }[];
    expect(() => Object.assign(list[0] ?? {}, { x: 2 })).toThrow(TypeError);
    expect(Object.isFrozen(config.general) && Object.isFrozen(config.variables) && Object.isFrozen(config.models)).toBe(true);
  });

  test('tells where its parts stand', async () => {
    const config = await configOf('router_settings:\n  num_retries: 1\nmodel_list:\n  - {model_name: m, litellm_params: {model: a/b}}\n');
    expect(config.sourceOf('router_settings.num_retries')).toEqual({ file: 'config.yaml', line: 2, column: 3 });
    expect(config.sourceOf('model_list[0]')).toEqual({ file: 'config.yaml', line: 4, column: 5 });
    expect(config.sourceOf('router_settings.timeout')).toBeNull();
  });

  test('from an empty text has no models and a warning', async () => {
    const config = await configOf('# nothing yet\n');
    expect(config.models).toEqual([]);
    expect(config.warnings.map(({ message }) => message)).toEqual(['is empty: no model is configured']);
  });

  test('has another fingerprint when a text changes', async () => {
    expect((await configOf('a: 1')).fingerprint).not.toBe((await configOf('a: 2')).fingerprint);
    expect((await configOf('a: 1')).fingerprint).toBe((await configOf('a: 1')).fingerprint);
  });
});
