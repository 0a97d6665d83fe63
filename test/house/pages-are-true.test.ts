import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

test('every dependency has its reason on the page, and the page names no other', () => {
  const manifest = JSON.parse(page('package.json')) as Record<
    'dependencies' | 'optionalDependencies' | 'devDependencies',
    Record<string, string>
  >;
  const packages = [
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.optionalDependencies),
    ...Object.keys(manifest.devDependencies),
  ];
  const rows = page('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  expect(named.toSorted()).toEqual(packages.toSorted());
});

describe('the picture of the house', () => {
  const picture = page('ARCHITECTURE.md');

  test('shows every room of src and no other', () => {
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const drawn = [...picture.matchAll(/^([a-z]+)\/ {2,}/gm)].map(([, name = '']) => name);
    expect(drawn.toSorted()).toEqual(rooms.toSorted());
  });

  test('has the floors that the graph check enforces', async () => {
    const { default: rules } = (await import(join(ROOT, '.dependency-cruiser.mjs'))) as {
      default: { forbidden: { name: string; to: { pathNot?: string } }[] };
    };
    const floors = ['surfaces', 'journey', 'capabilities', 'tools', 'ground', 'bedrock'].map((floor) => {
      const line = picture.split('\n').find((each) => each.startsWith(floor)) ?? '';
      return (line.slice(15).split(/ {3,}/)[0] ?? '').split('·').map((room) => room.trim());
    });
    for (const [index, floor] of floors.entries()) {
      const below = floors.slice(index + 1).flat();
      for (const room of floor) {
        const rule = rules.forbidden.find(({ name }) => name === `${room}-imports-downwards`);
        const allowed = (/\((.*)\)/.exec(rule?.to.pathNot ?? '')?.[1] ?? '').split('|');
        expect(allowed.toSorted(), room).toEqual([room, ...below].toSorted());
      }
    }
  });
});
