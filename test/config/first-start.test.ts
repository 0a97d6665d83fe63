import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ensureConfigFile, SAMPLE_CONFIG } from '../../src/config/sample.ts';
import { configOf, problemsOf } from './support.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-sample-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('the first start', () => {
  test('writes a file that loads without a warning and serves demo', async () => {
    const file = join(folder, 'new', 'litellm_config.yaml');
    expect(await ensureConfigFile(file)).toBe(true);
    const config = await loadConfig({ file, variables: {} });
    expect(config.warnings).toEqual([]);
    expect(config.models.map(({ modelName, problem }) => [modelName, problem])).toEqual([['demo', null]]);
    expect(config.models[0]?.params['mock_response']).toMatch(/^Hello from LLM Gateway/);
    expect((await stat(file)).mode & 0o007).toBe(0);
  });

  test('never touches a file that is there', async () => {
    const file = join(folder, 'litellm_config.yaml');
    await writeFile(file, 'mine: true\n');
    expect(await ensureConfigFile(file)).toBe(false);
    expect(await readFile(file, 'utf8')).toBe('mine: true\n');
  });

  test('says where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(ensureConfigFile(join(folder, 'file', 'x.yaml'))).rejects.toThrow(
      /x\.yaml: the configuration file cannot be made \((?:ENOTDIR|EEXIST)\)/,
    );
  });

  test('writes samples that work when their comment signs are taken off', async () => {
    const text = SAMPLE_CONFIG.replaceAll(
      /^(\s*)# (\s*(?:- model_name|litellm_params|model|api_base|api_key|max_budget|budget_duration|router_settings|fallbacks):.*)$/gm,
      '$1$2',
    );
    const variables = { OPENAI_API_KEY: 'sk-o', ANTHROPIC_API_KEY: 'sk-a' };
    expect(await problemsOf(text, variables)).toEqual([]);
    const config = await configOf(text, variables);
    expect(config.models.map(({ modelName }) => modelName)).toEqual(['demo', 'home', 'gpt-5-mini', 'claude']);
    expect(config.litellm).toMatchObject({ dropParams: true, maxBudget: 20n * 10n ** 15n, budgetDuration: '1mo' });
    expect(config.router.fallbacks).toEqual([{ from: 'home', to: ['claude'] }]);
  });
});
