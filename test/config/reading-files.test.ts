import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkConfig, isFit } from '../../src/config/check.ts';
import { loadConfig } from '../../src/config/load.ts';
import { problemText } from '../../src/config/problem.ts';
import { ConfigError } from '../../src/core/errors.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-files-'));
  file = join(folder, 'config.yaml');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const check = async (): Promise<string[]> =>
  (await checkConfig({ file, variables: {} })).map((problem) => problemText(problem).replace(`${folder}/`, ''));

describe('a file', () => {
  test('that is not there, a folder, or not UTF-8 is told by name', async () => {
    expect(await check()).toEqual(['config.yaml: does not exist']);
    file = folder;
    expect((await check())[0]).toMatch(/is not a file$/);
    file = join(folder, 'latin1.yaml');
    await writeFile(file, Buffer.from('a: caf\xe9\n', 'latin1'));
    expect(await check()).toEqual(['latin1.yaml: is not UTF-8 text']);
  });

  test('of ten megabytes is refused', async () => {
    await writeFile(file, 'model_list:\n'.padEnd(10_485_760, '# filler\n'));
    expect(await check()).toEqual(['config.yaml: is larger than 2 MB, which no configuration is']);
  });

  test('behind a link is read', async () => {
    await writeFile(join(folder, 'real.yaml'), 'model_list: [{model_name: m, litellm_params: {model: a/b}}]\n');
    await symlink(join(folder, 'real.yaml'), file);
    expect((await loadConfig({ file, variables: {} })).models).toHaveLength(1);
  });

  test('with two thousand models loads', async () => {
    const rows = Array.from(
      { length: 2000 },
      (_, index) => `  - {model_name: m${index}, litellm_params: {model: openai/m${index}, rpm: ${index}}}`,
    );
    await writeFile(file, `model_list:\n${rows.join('\n')}\n`);
    expect((await loadConfig({ file, variables: {} })).models).toHaveLength(2000);
  });
});

describe('a start with a wrong file', () => {
  test('stops with file, line, column and key of each problem', async () => {
    await writeFile(file, 'router_settings:\n  num_retries: often\ngeneral_settings:\n  strict_status: x\n');
    const start = loadConfig({ file, variables: {} });
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(
      `${file}:2:3: router_settings.num_retries: must be a whole number, 0 or more\n${file}:4:3: general_settings.strict_status: must be true or false`,
    );
  });

  test('lists ten problems and counts the rest', async () => {
    await writeFile(
      file,
      `router_settings: {fallbacks: [], retry_policy: {}}\ngeneral_settings:\n${['strict_status', 'cancel_on_disconnect', 'store_model_in_db', 'allow_client_side_credentials', 'allow_private_image_urls', 'expand_wildcards_in_model_info', 'dangerously_allow_mock_testing_request_params', 'max_request_size_mb', 'budget_exceeded_status_code', 'token_rate_limit_type', 'on_ledger_failure', 'reasoning_state'].map((key) => `  ${key}: wrong\n`).join('')}`,
    );
    await expect(loadConfig({ file, variables: {} })).rejects.toThrow(/(?:.*\n){10}\.\.\. and 2 more$/);
  });
});

describe('checking a file', () => {
  test('tells fatal problems, rows left out and warnings from top to bottom', async () => {
    await writeFile(file, 'router_settings: {num_retries: x}\nmodel_list:\n  - {model_name: a}\nodd_key: 1\n');
    const problems = await checkConfig({ file, variables: {} });
    expect(problems.map(({ severity, line }) => [severity, line])).toEqual([
      ['fatal', 1],
      ['error', 3],
      ['warning', 4],
    ]);
    expect(isFit(problems)).toBe(false);
  });

  test('finds one fit that only gives warnings', async () => {
    await writeFile(file, 'odd_key: 1\n');
    expect(isFit(await checkConfig({ file, variables: {} }))).toBe(true);
    await writeFile(file, 'model_list:\n  - {model_name: a}\n');
    expect(isFit(await checkConfig({ file, variables: {} }))).toBe(false);
  });
});
