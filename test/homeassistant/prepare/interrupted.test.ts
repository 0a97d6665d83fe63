import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Disk } from '../../../src/homeassistant/prepare/disk.ts';
import { exchanging, House, plain } from './house.ts';

class Killed extends Error {}

/** A disk that does so many changes and then nothing any more, as when the process was killed. */
function endingAfter(changes: number, disk: Disk): { readonly disk: Disk; readonly done: () => number } {
  let done = 0;
  const counted = (name: keyof Disk) =>
    ((...given: [string, string]) => {
      if (done >= changes) return Promise.reject(new Killed());
      done++;
      return (disk[name] as (one: string, other: string) => Promise<unknown>)(...given);
    }) as never;
  const names = ['makeFolder', 'copy', 'write', 'rename', 'remove', 'exchange'] as const;
  return { disk: Object.fromEntries(names.map((name) => [name, counted(name)])) as unknown as Disk, done: () => done };
}

/** How many changes a whole start makes. */
async function changesOf(begin: () => Promise<House>, disk: Disk): Promise<number> {
  const house = await begin();
  const counting = endingAfter(Infinity, disk);
  await house.start({}, counting.disk);
  return counting.done();
}

async function older(): Promise<House> {
  const house = await House.make();
  await house.start();
  await house.bundle('0.2.0');
  return house;
}

/** Killed after each change in turn. @returns the version in place each time */
async function killedAnywhere(begin: () => Promise<House>, disk: Disk, then: (house: House) => Promise<void>): Promise<(string | null)[]> {
  const total = await changesOf(begin, disk);
  expect(total).toBeGreaterThan(5);
  const found: (string | null)[] = [];
  for (let changes = 0; changes < total; changes++) {
    const house = await begin();
    await house.start({}, endingAfter(changes, disk).disk).catch((error: unknown) => {
      expect(error).toBeInstanceOf(Killed);
    });
    found.push(await house.versionAt(house.target));
    await then(house);
  }
  return found;
}

/** The next start makes everything good. */
async function madeGood(house: House): Promise<void> {
  const bundled = await house.versionAt(house.places.bridge);
  expect(await house.start({}, exchanging)).toMatchObject({ state: 'installed', installed_version: bundled, trouble: null });
  expect(await house.versionAt(house.target)).toBe(bundled);
  expect(await readdir(join(house.places.homeAssistant, 'custom_components'))).toEqual(['llm_gateway']);
}

describe('an interrupted change leaves the complete old or the complete new integration (HA-BRI-3)', () => {
  test('the first installation: none, or all of it', async () => {
    const found = await killedAnywhere(() => House.make(), exchanging, madeGood);
    expect(new Set(found)).toEqual(new Set([null, '0.1.0']));
  });

  test('an update: the old one, or the new one', async () => {
    const found = await killedAnywhere(older, exchanging, madeGood);
    expect(new Set(found)).toEqual(new Set(['0.1.0', '0.2.0']));
  });

  test('an update where two names cannot be exchanged in one step: what is missing for a moment, the next start puts back', async () => {
    const found = await killedAnywhere(older, plain, madeGood);
    expect(found.filter((version) => version === null)).toHaveLength(1);
    const house = await older();
    const missing = found.indexOf(null);
    await house.start({}, endingAfter(missing, plain).disk).catch(() => undefined);
    await house.start({ bridge: 'notify' }, plain);
    expect(await house.versionAt(house.target)).toBe('0.1.0');
  });

  test('a removal: all of it, or none', async () => {
    const asked = async () => {
      const house = await House.make();
      await house.start();
      await house.request('remove');
      return house;
    };
    const found = await killedAnywhere(asked, exchanging, async (house) => {
      await house.start({}, exchanging);
      expect(await house.versionAt(house.target)).toBeNull();
    });
    expect(new Set(found)).toEqual(new Set(['0.1.0', null]));
  });
});
