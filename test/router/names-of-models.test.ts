import { describe, expect, test } from 'vitest';
import type { Deployment } from '../../src/core/deployment.ts';
import { ModelTable, type ModelAlias, type WildcardRow } from '../../src/router/model-table.ts';
import { deployment } from './support.ts';

function wildcard(pattern: string, prefix = '', id = pattern): WildcardRow<unknown> {
  return {
    pattern,
    publicName: () => null,
    sample: null,
    accessGroups: ['wild'],
    concrete: (name) => deployment(id, { group: name, model: prefix + name }),
  };
}

function table(
  deployments: readonly Deployment[],
  wildcards: readonly WildcardRow<unknown>[] = [],
  aliases: readonly ModelAlias[] = [],
): ModelTable<unknown> {
  return new ModelTable({
    deployments,
    wildcards,
    aliases,
    accessGroupsOf: ({ info }) => (info['access_groups'] as string[] | undefined) ?? [],
  });
}

const ids = (group: { deployments: readonly Deployment[] } | null): string[] | null => group && group.deployments.map(({ id }) => id);

describe('a name is looked for', () => {
  const models = table(
    [
      deployment('1', { group: 'chat', model: 'gpt-4o' }),
      deployment('2', { group: 'chat', model: 'gpt-4o-mini' }),
      deployment('3', { group: 'other', model: 'gpt-4o' }),
    ],
    [wildcard('open/*')],
    [
      { alias: 'friendly', group: 'chat', hidden: false },
      { alias: 'far', group: 'open/far', hidden: true },
      { alias: 'lost', group: 'nowhere', hidden: false },
    ],
  );

  test('among groups, with all their deployments', () => {
    expect(ids(models.find('chat'))).toEqual(['1', '2']);
  });

  test('among ids: the group for rights, one deployment for the call', () => {
    expect(models.find('2')).toMatchObject({ name: 'chat' });
    expect(ids(models.find('2'))).toEqual(['2']);
    expect([models.isId('2'), models.isId('chat')]).toEqual([true, false]);
  });

  test('among aliases, also of wildcard names', () => {
    expect(models.find('friendly')).toMatchObject({ name: 'chat' });
    expect(models.find('far')).toMatchObject({ name: 'open/far' });
    expect(models.find('lost')).toBeNull();
  });

  test('among wildcard rows, then among upstream names of the first group that has it', () => {
    expect(models.find('open/any')).toMatchObject({ name: 'open/any', accessGroups: ['wild'] });
    expect(models.find('gpt-4o')).toMatchObject({ name: 'chat' });
    expect(models.find('gpt-5')).toBeNull();
  });
});

describe('among wildcard rows', () => {
  test('the longest literal text wins, then the fewest stars; an exact name wins over all', () => {
    const models = table(
      [deployment('exact', { group: 'a/b-c' })],
      [wildcard('*'), wildcard('a/*'), wildcard('a/b-*'), wildcard('*/b-*'), wildcard('a/*-*')],
    );
    expect(['a/b-c', 'a/b-d', 'a/x-y', 'a/x', 'z/b-d', 'z'].map((name) => ids(models.find(name)))).toEqual([
      ['exact'],
      ['a/b-*'],
      ['a/*-*'],
      ['a/*'],
      ['*/b-*'],
      ['*'],
    ]);
  });

  test('equal patterns make one group', () => {
    expect(ids(table([], [wildcard('a/*', '', '1'), wildcard('b/*', '', '2'), wildcard('a/*', '', '3')]).find('a/x'))).toEqual(['1', '3']);
  });

  test('a row that cannot serve a name leaves it to nobody', () => {
    const models = table([], [{ ...wildcard('a/*'), concrete: () => null }]);
    expect(models.find('a/x')).toBeNull();
  });

  test('any number of names is remembered in bounds', () => {
    const models = table([], [wildcard('*')]);
    for (let i = 0; i < 5000; i++) models.find(`name-${i}`);
    expect(models.find('name-1')).toMatchObject({ name: 'name-1' });
    expect(models.find('name-1')).toBe(models.find('name-1'));
  });
});

test('a group has the access groups of all its rows, each once', () => {
  const models = table([
    deployment('1', { group: 'g', info: { access_groups: ['beta', 'all'] } }),
    deployment('2', { group: 'g', info: { access_groups: ['all'] } }),
  ]);
  expect(models.find('g')?.accessGroups).toEqual(['beta', 'all']);
});
