import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, tryLoadConfig } from '../../src/config/load.ts';
import { ConfigWatcher } from '../../src/config/watch.ts';
import type { ConfigChange } from '../../src/config/watch.ts';

const row = (name: string): string => `model_list: [{model_name: ${name}, litellm_params: {model: openai/${name}}}]\n`;

let folder = '';
let file = '';
let changes: ConfigChange[] = [];
let watcher: ConfigWatcher;

async function watch(pollMs?: number): Promise<void> {
  const request = { file, variables: {} };
  watcher = new ConfigWatcher({
    config: await loadConfig(request),
    load: () => tryLoadConfig(request),
    onChange: (change) => changes.push(change),
    ...(pollMs === undefined ? {} : { pollMs }),
  });
  await settle();
}

/** Looks as often as it takes for files that rest to be read. */
async function settle(): Promise<void> {
  for (let looks = 0; looks < 4; looks += 1) await watcher.look();
}

/** Models of each change, or the messages of its problems. */
const told = (): unknown[] =>
  changes.map((change) =>
    'config' in change ? change.config.models.map(({ modelName }) => modelName) : change.problems.map(({ message }) => message),
  );

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-watch-'));
  file = join(folder, 'config.yaml');
  changes = [];
  await writeFile(file, row('a'));
});
afterEach(async () => {
  await watcher.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a watched file', () => {
  test('that nobody touches tells nothing', async () => {
    await watch();
    await utimes(file, 1, 1);
    await settle();
    expect(told()).toEqual([]);
  });

  test('that changes gives the new configuration, once', async () => {
    await watch();
    await writeFile(file, row('b'));
    await settle();
    await settle();
    expect(told()).toEqual([['b']]);
  });

  test('that an editor replaces is followed', async () => {
    await watch();
    for (const name of ['b', 'c']) {
      await writeFile(join(folder, '.config.yaml.swp'), row(name));
      await rename(join(folder, '.config.yaml.swp'), file);
      await settle();
    }
    expect(told()).toEqual([['b'], ['c']]);
  });

  test('that is being written is left alone until it rests', async () => {
    await watch();
    for (const length of [10, 20, 30]) {
      await writeFile(file, row('half-written').slice(0, length));
      await watcher.look();
    }
    expect(told()).toEqual([]);
    await writeFile(file, row('whole'));
    await settle();
    expect(told()).toEqual([['whole']]);
  });

  test('that is wrong tells its problems once, and the next right one counts', async () => {
    await watch();
    await writeFile(file, 'general_settings: {strict_status: x}\n');
    await settle();
    await settle();
    expect(told()).toEqual([['must be true or false']]);
    await writeFile(file, row('a'));
    await settle();
    expect(told().at(-1)).toEqual(['a']);
  });

  test.each([
    ['empty', () => writeFile(file, '\n# nothing\n'), 'is empty; the configuration that was read before goes on'],
    ['gone', () => rm(file), 'is gone; the configuration that was read before goes on'],
  ])('that is %s keeps what runs and warns', async (_, change, message) => {
    await watch();
    await change();
    await settle();
    expect(told()).toEqual([[message]]);
    await writeFile(file, row('again'));
    await settle();
    expect(told().at(-1)).toEqual(['again']);
  });

  test('with a wrong row is taken, the row left out', async () => {
    await watch();
    await writeFile(file, 'model_list: [{model_name: bad}, {model_name: good, litellm_params: {model: a/b}}]\n');
    await settle();
    expect(changes[0] && 'config' in changes[0] && changes[0].config.warnings.map(({ severity }) => severity)).toEqual(['error']);
  });
});

describe('included files and secrets', () => {
  test('are watched too, also those that a change brings', async () => {
    await writeFile(file, 'include: [one.yaml]\n');
    await writeFile(join(folder, 'one.yaml'), row('one'));
    await watch();
    await writeFile(join(folder, 'one.yaml'), row('uno'));
    await settle();
    await writeFile(join(folder, 'two.yaml'), row('two'));
    await writeFile(file, 'include: [two.yaml]\ngeneral_settings: {master_key: !secret m}\n');
    await settle();
    await writeFile(join(folder, 'two.yaml'), row('dos'));
    await settle();
    await writeFile(join(folder, 'secrets.yaml'), 'm: sk-1\n');
    await settle();
    await writeFile(join(folder, 'one.yaml'), row('nobody looks here any more'));
    await settle();
    expect(told()).toEqual([['uno'], ['two'], ['dos'], ['dos']]);
    expect(changes.at(-1)).toMatchObject({ config: { general: { masterKey: 'sk-1' } } });
  });

  test('that are missing make a change wrong, until they are there', async () => {
    await watch();
    await writeFile(file, 'include: [later.yaml]\n');
    await settle();
    await writeFile(join(folder, 'later.yaml'), row('later'));
    await settle();
    expect(told().at(0)).toEqual([expect.stringContaining('does not exist')]);
    expect(told().at(-1)).toEqual(['later']);
  });
});

describe('the watcher', () => {
  test('looks by itself once started, and tells nothing once stopped', async () => {
    await watch(5);
    watcher.start();
    await writeFile(file, row('timed'));
    await expect.poll(() => changes.length, { timeout: 10_000, interval: 5 }).toBe(1);
    await watcher.stop();
    await writeFile(file, row('late'));
    await settle();
    expect(told()).toEqual([['timed']]);
  });
});
