import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newFolder, opened } from './opening.ts';

type Step =
  | { readonly type: 'put'; readonly key: string; readonly owner: string; readonly text: string }
  | { readonly type: 'remove'; readonly key: string }
  | { readonly type: 'removeOf'; readonly owner: string }
  | { readonly type: 'restart' };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const owner = fc.constantFrom('me', 'you');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('put' as const), key, owner, text: fc.string({ unit: 'binary', maxLength: 40 }) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('remove' as const), key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('removeOf' as const), owner }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
);

test('whatever is put and removed, before and after restarts, a key has the last text that it was given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const folder = await newFolder();
      const known = new Map<string, { owner: string; text: string }>();
      let texts = opened(folder);
      for (const each of steps) {
        if (each.type === 'put') {
          texts.put(each.key, each.owner, each.text);
          known.set(each.key, each);
        } else if (each.type === 'remove') {
          await texts.remove(each.key);
          known.delete(each.key);
        } else if (each.type === 'removeOf') {
          await texts.removeOf(each.owner);
          for (const [name, { owner: whose }] of known) if (whose === each.owner) known.delete(name);
        } else {
          await texts.stop();
          texts = opened(folder);
        }
      }
      for (const name of ['a', 'b', 'c', 'd', 'e']) expect(await texts.get(name)).toBe(known.get(name)?.text.toWellFormed() ?? null);
      await texts.stop();
    }),
    { numRuns: 60 },
  );
});
