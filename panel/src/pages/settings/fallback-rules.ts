import type { Setting } from '../../api/settings.ts';

/** Where calls of one model go when it does not answer, in this order. `*` stands for every other model. */
export interface FallbackRule {
  readonly from: string;
  readonly to: readonly FallbackTarget[];
}

/** A model, or a model with members that replace the client's: those are kept as they are. */
export type FallbackTarget = string | (Readonly<Record<string, unknown>> & { readonly model: string });

export const modelOf = (target: FallbackTarget): string => (typeof target === 'string' ? target : target.model);

const isTarget = (value: unknown): value is FallbackTarget =>
  typeof value === 'string' || (typeof value === 'object' && value !== null && 'model' in value && typeof value.model === 'string');

/** The rules of `[{"a": ["b"]}]` or `{"a": "b"}`. */
export function rulesOf(setting: Setting | undefined): FallbackRule[] {
  const value = setting?.field_value ?? [];
  const maps = Array.isArray(value) ? value : [value];
  return maps
    .filter((map): map is Record<string, unknown> => typeof map === 'object' && map !== null)
    .flatMap((map) => Object.entries(map))
    .map(([from, to]) => ({ from, to: (Array.isArray(to) ? to : [to]).filter(isTarget) }));
}

/** As the server takes them. */
export const writtenRules = (rules: readonly FallbackRule[]) => rules.map(({ from, to }) => ({ [from]: to }));

/** The rules with one in the place of that of `old`, or behind the others. */
export function withRule(rules: readonly FallbackRule[], rule: FallbackRule, old: string | null): FallbackRule[] {
  const others = rules.filter(({ from }) => from === old || from !== rule.from);
  return others.some(({ from }) => from === old) ? others.map((one) => (one.from === old ? rule : one)) : [...others, rule];
}
