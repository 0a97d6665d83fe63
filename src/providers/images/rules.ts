import type { ImageRuleFor, ImageRules } from '../catalogue/image-rules.ts';

/** What holds for a model of this name. */
export function imageRulesFor(list: readonly ImageRuleFor[] = [], model: string): ImageRules {
  const fitting = list.filter(
    ({ match = '', except }) => new RegExp(match).test(model) && !(except !== undefined && new RegExp(except).test(model)),
  );
  return Object.assign({}, ...fitting.map(({ rules }) => rules)) as ImageRules;
}
