import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingCore } from './lab/core.ts';
import { wordsNamed, wordsOnPages } from './lab/words.ts';
import { ASSIST_STEPS, PLACES } from './walk-through/assist.ts';
import { STEPS, TEN_MINUTES, WRITTEN } from './walk-through/ten-minutes.ts';
import { TITLE, Walker } from './walk-through/walker.ts';

const missing = await missingCore();

describe.skipIf(missing !== null)('the app’s documentation', () => {
  let walker: Walker;

  beforeAll(async () => {
    walker = await Walker.start();
  }, 300_000);

  afterAll(() => walker?.stop(), 60_000);

  test('has the steps that are taken here, and no others', () => {
    expect(WRITTEN.map(({ heading }) => heading)).toEqual(Object.keys(STEPS));
    expect(PLACES).toEqual(Object.keys(ASSIST_STEPS));
  });

  test('names what stands on the pages', async () => {
    const known = await wordsOnPages(walker.home.core.client, 'hassio');
    expect(wordsNamed(TEN_MINUTES).filter((word) => word !== TITLE && !known.has(word))).toEqual([]);
  });

  test.each(Object.entries(STEPS))('%s', (name, step) => walker.take(name, step), 240_000);

  test.each(Object.entries(ASSIST_STEPS))('for Assist: %s', (name, step) => walker.take(name, step), 240_000);
});
