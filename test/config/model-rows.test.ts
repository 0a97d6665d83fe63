import { describe, expect, test } from 'vitest';
import { configOf, problemsOf } from './support.ts';

/** A row with the given lines under `litellm_params`. */
const row = (params: string, rest = ''): string =>
  `model_list:\n  - model_name: m\n    litellm_params: {model: openai/m${params ? `, ${params}` : ''}}\n${rest}`;

describe('a model row', () => {
  test('has its file, line, parameters and info', async () => {
    const { models } = await configOf(`# first line\n${row('temperature: 0.5', '    model_info: {mode: chat, id: 007, custom: yes}\n')}`);
    expect(models).toEqual([
      {
        modelName: 'm',
        params: { model: 'openai/m', temperature: 0.5 },
        shown: { model: 'openai/m', temperature: 0.5 },
        info: { mode: 'chat', id: '007', custom: true },
        prices: {},
        file: 'config.yaml',
        line: 3,
        problem: null,
      },
    ]);
  });

  test('reads numeric text of numeric keys as numbers', async () => {
    const { models } = await configOf(row('rpm: "12", tpm: 1_000, weight: "0.5", timeout: 1e1, temperature: 1e-1, max_tokens: "64"'));
    expect(models[0]?.params).toMatchObject({ rpm: 12, tpm: 1000, weight: 0.5, timeout: 10, temperature: 0.1, max_tokens: 64 });
  });

  test('keeps names, keys and versions as written', async () => {
    const { models } = await configOf(row('api_key: 0123, api_version: 2024-10-21, organization: 42, region_name: no'));
    expect(models[0]?.params).toMatchObject({ api_key: '0123', api_version: '2024-10-21', organization: '42', region_name: 'no' });
  });

  test('takes limits from the row itself where litellm_params has none', async () => {
    const { models } = await configOf(row('rpm: 5', '    rpm: 9\n    tpm: "100"\n    weight: 2\n    order: 1\n'));
    expect(models[0]?.params).toMatchObject({ rpm: 5, tpm: 100, weight: 2, order: 1 });
    expect(models[0]?.shown).toMatchObject({ rpm: 5, tpm: 100, weight: 2, order: 1 });
  });

  test('takes base_url for api_base', async () => {
    expect((await configOf(row('base_url: "http://a"'))).models[0]?.params['api_base']).toBe('http://a');
    expect((await configOf(row('base_url: "http://a", api_base: "http://b"'))).models[0]?.params['api_base']).toBe('http://b');
  });

  test('reads a time-out of 0 as none', async () => {
    expect((await configOf(row('timeout: 0, stream_timeout: "0"'))).models[0]?.params).toMatchObject({
      timeout: null,
      stream_timeout: null,
    });
  });

  test('with a list as organization is one row for each', async () => {
    const { models } = await configOf(row('organization: [org-a, os.environ/ORG]'), { ORG: 'org-b' });
    expect(models.map(({ params, shown }) => [params['organization'], shown['organization']])).toEqual([
      ['org-a', 'org-a'],
      ['org-b', 'os.environ/ORG'],
    ]);
  });

  test('with a list as organization numbers the id it gives', async () => {
    const { models } = await configOf(row('organization: [a, b, c]', '    model_info: {id: mine}\n'));
    expect(models.map(({ info, problem }) => [info['id'], problem])).toEqual([
      ['mine', null],
      ['mine-2', null],
      ['mine-3', null],
    ]);
  });
});

const WRONG: [string, string, string][] = [
  ['that is a word', 'model_list:\n  - gpt-4o\n', 'config.yaml:2:5: model_list[0]: must be a map with `model_name` and `litellm_params`'],
  ['without a name', 'model_list:\n  - litellm_params: {model: a/b}\n', 'config.yaml:2:5: model_list[0]: needs a `model_name`'],
  [
    'without parameters',
    'model_list:\n  - model_name: m\n',
    'config.yaml:2:5: model_list[0]: needs `litellm_params` with at least `model`',
  ],
  [
    'without a model',
    'model_list:\n  - {model_name: m, litellm_params: {api_key: x}}\n',
    'config.yaml:2:5: model_list[0]: needs `litellm_params.model`',
  ],
  ['with info that is no map', row('', '    model_info: chat\n'), 'config.yaml:2:5: model_list[0]: `model_info` must be a map'],
  ['with a limit in words', row('rpm: many'), 'config.yaml:2:5: model_list[0]: `litellm_params.rpm` must be a whole number, 0 or more'],
  ['with half a request', row('rpm: 0.5'), 'config.yaml:2:5: model_list[0]: `litellm_params.rpm` must be a whole number, 0 or more'],
  ['with a negative weight', row('weight: -1'), 'config.yaml:2:5: model_list[0]: `litellm_params.weight` must be a number, 0 or more'],
  [
    'with a price in words',
    row('input_cost_per_token: cheap'),
    'config.yaml:2:5: model_list[0]: `input_cost_per_token` must be a price in US dollars, 0 or more',
  ],
  [
    'with a negative price in info',
    row('', '    model_info: {output_cost_per_token: -1}\n'),
    'config.yaml:2:5: model_list[0]: `output_cost_per_token` must be a price in US dollars, 0 or more',
  ],
  [
    'with a budget that never resets right',
    row('max_budget: 1, budget_duration: soon'),
    'config.yaml:2:5: model_list[0]: `litellm_params.budget_duration` must be a duration such as 24h, 7d or 1mo',
  ],
];

describe('a wrong model row', () => {
  test.each(WRONG)('%s is left out and says why', async (_, text, message) => {
    const config = await configOf(text);
    expect(config.models[0]?.problem).not.toBeNull();
    expect(await problemsOf(text)).toEqual([`error ${message}; this model is left out`]);
  });

  test('keeps no other row from working', async () => {
    const { models } = await configOf(`${row('')}  - {model_name: bad}\n  - {model_name: good, litellm_params: {model: a/b}}\n`);
    expect(models.map(({ problem }) => problem === null)).toEqual([true, false, true]);
  });

  test('is the second of two with the same id', async () => {
    const info = 'model_info: {id: one}';
    const text = `model_list:\n  - {model_name: a, litellm_params: {model: a/b}, ${info}}\n  - {model_name: b, litellm_params: {model: a/b}, ${info}}\n`;
    expect((await configOf(text)).models.map(({ problem }) => problem)).toEqual([null, '`model_info.id` is the id of another model above']);
  });

  test('model_list that is no list is fatal', async () => {
    expect(await problemsOf('model_list: {model_name: m}\n')).toEqual([
      'fatal config.yaml:1:13: model_list: must be a list of models, each beginning with `- model_name:`',
    ]);
  });
});

describe('a named credential', () => {
  const credentials =
    'credential_list:\n  - credential_name: azure\n    credential_values: {api_key: os.environ/K, api_base: "https://a", api_version: 2024-06-01}\n    credential_info: {custom_llm_provider: azure}\n';

  test('fills what the row does not set itself', async () => {
    const { models, credentials: list } = await configOf(
      `${credentials}${row('litellm_credential_name: azure, api_version: 2025-01-01, api_base: null')}`,
      { K: 'sk-1' },
    );
    expect(models[0]?.params).toMatchObject({ api_key: 'sk-1', api_base: 'https://a', api_version: '2025-01-01' });
    expect(models[0]?.shown).toEqual({ model: 'openai/m', litellm_credential_name: 'azure', api_version: '2025-01-01', api_base: null });
    expect(list).toEqual([
      {
        name: 'azure',
        values: { api_key: 'sk-1', api_base: 'https://a', api_version: '2024-06-01' },
        info: { custom_llm_provider: 'azure' },
      },
    ]);
  });

  test('that the file lacks is a warning: the database may have it', async () => {
    expect(await problemsOf(row('litellm_credential_name: nowhere'))).toEqual([
      'warning config.yaml:3:64: model_list[0].litellm_params.litellm_credential_name: names a credential that `credential_list` does not have',
    ]);
  });

  test('without a name, or with one used before, is left out', async () => {
    const text =
      'credential_list:\n  - {credential_values: {}}\n  - {credential_name: a, credential_values: {api_key: 1}}\n  - {credential_name: a, credential_values: {api_key: 2}}\n';
    expect((await configOf(text)).credentials.map(({ name, values }) => [name, values['api_key']])).toEqual([['a', '1']]);
    expect((await problemsOf(text)).map((problem) => problem.slice(0, 38))).toEqual([
      'error config.yaml:2:5: credential_list',
      'error config.yaml:4:5: credential_list',
    ]);
  });
});
