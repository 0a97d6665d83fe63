import { isObject, type JsonObject } from '../core/json-object.ts';

type Step = { readonly member: string } | { readonly index: number | 'all' };

/**
 * The body without what the paths of `additional_drop_params` name (data-plane 11.2): `field`, `parent.child`, `array[*]`,
 * `array[0]`, `tools[*].input_examples`, `tools[0].function.strict`. Paths that lead nowhere are ignored. The body is not changed.
 */
export function dropPaths(body: JsonObject, paths: readonly string[]): JsonObject {
  let result: unknown = body;
  for (const path of paths) result = removed(result, stepsOf(path), 0);
  return isObject(result) ? result : body;
}

/** The top-level members that the paths could touch. */
export function droppedMembers(paths: readonly string[]): string[] {
  return paths.map((path) => /^[^.[]*/.exec(path)?.[0] ?? '').filter((name) => name !== '');
}

function stepsOf(path: string): Step[] {
  return Array.from(path.matchAll(/\[(\*|\d+)\]|([^.[\]]+)/g), ([, index, member]) =>
    member === undefined ? { index: index === '*' ? 'all' : Number(index) } : { member },
  );
}

function removed(value: unknown, steps: readonly Step[], at: number): unknown {
  const step = steps[at];
  if (step === undefined) return value;
  const last = at === steps.length - 1;
  if ('member' in step) {
    if (!isObject(value) || !(step.member in value)) return value;
    if (!last) return { ...value, [step.member]: removed(value[step.member], steps, at + 1) };
    const { [step.member]: _, ...rest } = value;
    return rest;
  }
  if (!Array.isArray(value)) return value;
  const hit = (index: number): boolean => step.index === 'all' || step.index === index;
  if (last) return value.filter((_, index) => !hit(index));
  return value.map((item: unknown, index) => (hit(index) ? removed(item, steps, at + 1) : item));
}
