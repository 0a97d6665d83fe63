import { describe, expect, test } from 'vitest';
import { loadTexts } from './support.ts';
import { problemText } from '../../src/config/problem.ts';

const row = (name: string): string => `- {model_name: ${name}, litellm_params: {model: openai/${name}}}`;

async function load(texts: Record<string, string>) {
  const { config, problems, files } = await loadTexts(texts);
  return {
    config,
    problems: problems.map((problem) => `${problem.severity} ${problemText(problem)}`),
    files,
    names: config?.models.map(({ modelName }) => modelName),
  };
}

describe('include', () => {
  test('joins lists, the main file first, and lets the main file win in maps', async () => {
    const { config, names, problems } = await load({
      'config.yaml': `include: [models.yaml]\nmodel_list:\n  ${row('main')}\nrouter_settings: {num_retries: 1}\n`,
      'models.yaml': `model_list:\n  ${row('included')}\nrouter_settings: {num_retries: 9, max_fallbacks: 7}\ngeneral_settings: {strict_status: true}\n`,
    });
    expect(names).toEqual(['main', 'included']);
    expect(config?.router).toMatchObject({ numRetries: 1, maxFallbacks: 7 });
    expect(config?.general.strictStatus).toBe(true);
    expect(problems).toEqual([]);
  });

  test('fills a section that the main file leaves empty', async () => {
    const { names } = await load({ 'config.yaml': 'include: more.yaml\nmodel_list:\n', 'more.yaml': `model_list:\n  ${row('a')}\n` });
    expect(names).toEqual(['a']);
  });

  test('names paths relative to the main file, at every level', async () => {
    const { names, files } = await load({
      'config.yaml': 'include: [sub/a.yaml]\n',
      'sub/a.yaml': `include: [sub/b.yaml]\nmodel_list:\n  ${row('a')}\n`,
      'sub/b.yaml': `model_list:\n  ${row('b')}\n`,
    });
    expect(names).toEqual(['a', 'b']);
    expect(files).toHaveLength(3);
  });

  test('places a problem in the file it stands in', async () => {
    const { problems, config } = await load({
      'config.yaml': 'include: [bad.yaml]\n',
      'bad.yaml': '# hello\ngeneral_settings: {strict_status: perhaps}\n',
    });
    expect(config).toBeNull();
    expect(problems).toEqual(['fatal bad.yaml:2:20: general_settings.strict_status: must be true or false']);
  });

  test('of a file that is not there is fatal, at its line', async () => {
    expect((await load({ 'config.yaml': 'a: 1\ninclude:\n  - gone.yaml\n' })).problems).toEqual([
      'fatal config.yaml:3:5: include: gone.yaml does not exist',
    ]);
  });

  test('of each other ends, with a warning', async () => {
    const { problems, names } = await load({
      'config.yaml': `include: [a.yaml]\nmodel_list:\n  ${row('main')}\n`,
      'a.yaml': 'include: [config.yaml]\n',
    });
    expect(names).toEqual(['main']);
    expect(problems).toEqual(['warning a.yaml:1:11: include: config.yaml is included more than once; it counts once']);
  });

  test('goes five levels deep and no further', async () => {
    const chain = (levels: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: levels + 1 }, (_, level) => [
          level === 0 ? 'config.yaml' : `${level}.yaml`,
          (level < levels ? `include: [${level + 1}.yaml]\n` : '') + `model_list:\n  ${row(`m${level}`)}\n`,
        ]),
      );
    expect((await load(chain(5))).names).toHaveLength(6);
    expect((await load(chain(6))).problems).toEqual([
      'fatal 5.yaml:1:11: include: files may include each other 5 levels deep, and 100 in all',
    ]);
  });

  test('of something else than file names is fatal', async () => {
    expect((await load({ 'config.yaml': 'include: [{a: b}]\n' })).problems).toEqual([
      'fatal config.yaml:1:11: include: must be a list of file names',
    ]);
  });
});
