import { matchesPattern } from '../core/pattern.ts';

/**
 * The entry that a model group falls under: its exact name, then the name without provider prefix, then the longest
 * pattern that fits (control-plane 10.6). null: none.
 */
export function entryFor(entries: Readonly<Record<string, unknown>>, model: string): string | null {
  if (Object.hasOwn(entries, model)) return model;
  const bare = model.slice(model.indexOf('/') + 1);
  if (Object.hasOwn(entries, bare)) return bare;
  const fitting = Object.keys(entries).filter(
    (entry) => entry.includes('*') && (matchesPattern(entry, model) || matchesPattern(entry, bare)),
  );
  return fitting.sort((a, b) => b.length - a.length || (a < b ? -1 : 1))[0] ?? null;
}
