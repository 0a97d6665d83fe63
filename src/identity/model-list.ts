import { matchesPattern } from '../core/pattern.ts';

/** Entries that stand for every model. A key without a team may use what a team's key may: all. */
const ALL_MODELS: ReadonlySet<string> = new Set(['all-proxy-models', 'all-team-models', '*']);

/** Whether a list of models, as keys and people have them, holds a group; an empty one holds all. */
export function listHolds(models: readonly string[], group: string, accessGroups: readonly string[]): boolean {
  if (models.length === 0) return true;
  return models.some((entry) => entry === group || ALL_MODELS.has(entry) || accessGroups.includes(entry) || matchesPattern(entry, group));
}
