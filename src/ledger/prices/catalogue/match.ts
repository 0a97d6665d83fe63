import type { Match } from './catalogue-types.ts';

/** Whether a name (in lower case) is meant by a match rule of the bundled price data. */
export function matches(match: Match, name: string): boolean {
  if ('equals' in match) return name === match.equals.toLowerCase();
  if ('starts_with' in match) return name.startsWith(match.starts_with.toLowerCase());
  if ('ends_with' in match) return name.endsWith(match.ends_with.toLowerCase());
  if ('contains' in match) return name.includes(match.contains.toLowerCase());
  if ('regex' in match) return new RegExp(match.regex).test(name);
  if ('or' in match) return match.or.some((each) => matches(each, name));
  return match.and.every((each) => matches(each, name));
}
