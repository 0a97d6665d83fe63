import { describe, expect, test } from 'vitest';
import { configOf, loadTexts, problemsOf } from './support.ts';

const ROW = 'model_list:\n  - model_name: m\n    litellm_params:\n      model: openai/m\n';

describe('os.environ/NAME', () => {
  test('is replaced anywhere, also in lists and maps, and shown as written', async () => {
    const {
      models: [row],
    } = await configOf(`${ROW}      api_key: os.environ/KEY\n      extra_body: {list: [os.environ/KEY, plain]}\n`, { KEY: 'sk-1' });
    expect(row?.params).toMatchObject({ api_key: 'sk-1', extra_body: { list: ['sk-1', 'plain'] } });
    expect(row?.shown).toMatchObject({ api_key: 'os.environ/KEY', extra_body: { list: ['os.environ/KEY', 'plain'] } });
  });

  test('stays text where a text is wanted and becomes a number where one is', async () => {
    const {
      models: [row],
    } = await configOf(`${ROW}      api_key: os.environ/N\n      rpm: os.environ/N\n      input_cost_per_token: os.environ/P\n`, {
      N: '12',
      P: '3e-7',
    });
    expect(row?.params).toMatchObject({ api_key: '12', rpm: 12, input_cost_per_token: '3e-7' });
  });

  test('of a variable that is not set or empty is null, with a warning that names the key path', async () => {
    const text = `${ROW}      api_key: os.environ/GONE\n      api_base: os.environ/EMPTY\n`;
    expect((await configOf(text, { EMPTY: '' })).models[0]?.params).toMatchObject({ api_key: null, api_base: null });
    expect(await problemsOf(text, { EMPTY: '' })).toEqual([
      'warning config.yaml:5:16: model_list[0].litellm_params.api_key: environment variable GONE is not set',
      'warning config.yaml:6:17: model_list[0].litellm_params.api_base: environment variable EMPTY is not set',
    ]);
  });

  test('inside longer text is replaced in headers alone', async () => {
    const text = `${ROW}      extra_headers: {Authorization: "Bearer os.environ/T, again os.environ/T"}\n      user: "see os.environ/T"\n`;
    const {
      models: [row],
    } = await configOf(text, { T: 'tok' });
    expect(row?.params).toMatchObject({ extra_headers: { Authorization: 'Bearer tok, again tok' }, user: 'see os.environ/T' });
  });

  test('never finds what every object has, and quotes no text that is no name', async () => {
    const text = `${ROW}      api_key: os.environ/constructor\n      api_base: os.environ/sk-written-by-mistake\n`;
    expect((await configOf(text)).models[0]?.params).toMatchObject({ api_key: null, api_base: null });
    expect((await problemsOf(text)).map((problem) => problem.split(': ').at(-1))).toEqual([
      'environment variable constructor is not set',
      'what follows `os.environ/` is no name of an environment variable',
    ]);
  });

  test('in a setting is read as that setting', async () => {
    const { general } = await configOf('general_settings:\n  strict_status: os.environ/STRICT\n  max_request_size_mb: os.environ/MB\n', {
      STRICT: 'True',
      MB: '2',
    });
    expect(general).toMatchObject({ strictStatus: true, maxRequestBytes: 2_097_152 });
  });
});

describe('!secret name', () => {
  const main = `${ROW}      api_key: !secret openai\ngeneral_settings:\n  master_key: !secret master\n`;

  test('is replaced from secrets.yaml beside the file, and shown as written', async () => {
    const { config, files } = await loadTexts({ 'config.yaml': main, 'secrets.yaml': 'openai: sk-secret\nmaster: 0123\n' });
    expect(config?.models[0]?.params['api_key']).toBe('sk-secret');
    expect(config?.models[0]?.shown['api_key']).toBe('!secret openai');
    expect(config?.general.masterKey).toBe('0123');
    expect(files.some((file) => file.endsWith('/secrets.yaml'))).toBe(true);
  });

  test('without an entry, or without the file, is null with a warning', async () => {
    const { config, problems } = await loadTexts({ 'config.yaml': main, 'secrets.yaml': 'openai: x\n' });
    expect(config?.general.masterKey).toBeNull();
    expect(problems.map(({ line, key, message }) => [line, key, message])).toEqual([
      [7, 'general_settings.master_key', '`secrets.yaml` has no such entry'],
    ]);

    const without = await loadTexts({ 'config.yaml': main });
    expect(without.config).not.toBeNull();
    expect(without.problems.map(({ message }) => message)).toContain('does not exist');
  });

  test('leaves secrets.yaml alone when nothing refers to it', async () => {
    const { files } = await loadTexts({ 'config.yaml': ROW });
    expect(files).toHaveLength(1);
  });
});

describe('environment_variables', () => {
  test('are set before the rest is read, each able to use those above', async () => {
    const text = `environment_variables:\n  A: os.environ/OUTER\n  B: os.environ/A\n  PORT_TEXT: 0123\n  PORT_NUMBER: 12\n${ROW}      api_key: os.environ/B\n`;
    const config = await configOf(text, { OUTER: 'deep' });
    expect(config.models[0]?.params['api_key']).toBe('deep');
    expect(config.variables).toMatchObject({ A: 'deep', B: 'deep', PORT_TEXT: '0123', PORT_NUMBER: '12', OUTER: 'deep' });
  });

  test('replace variables of the process, but not those that an option set', async () => {
    const text = 'environment_variables: {OPENAI_API_KEY: from-file, UI_PASSWORD: from-file, UI_USERNAME: from-file}\n';
    const config = await configOf(text, { OPENAI_API_KEY: 'outer', UI_PASSWORD: 'option' });
    expect(config.variables).toMatchObject({ OPENAI_API_KEY: 'from-file', UI_PASSWORD: 'option' });
    expect(config.environment).toMatchObject({ uiPassword: 'option', uiUsername: 'from-file' });
    expect(config.warnings.map(({ key, message }) => [key, message])).toEqual([
      ['environment_variables.UI_PASSWORD', 'is set by an option already, and that value counts'],
    ]);
  });

  test('may be pinned by the caller', async () => {
    const { config } = await loadTexts({ 'config.yaml': 'environment_variables: {MINE: file}\n' }, { MINE: 'option' }, new Set(['MINE']));
    expect(config?.variables['MINE']).toBe('option');
  });

  test('with a wrong value are told where the file sets them', async () => {
    expect(await problemsOf('environment_variables:\n  LITELLM_RATE_LIMIT_WINDOW_SIZE: soon\n')).toEqual([
      'fatal config.yaml:2:3: LITELLM_RATE_LIMIT_WINDOW_SIZE: must be a whole number, 1 or more',
    ]);
  });
});
