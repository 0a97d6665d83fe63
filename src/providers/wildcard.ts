/**
 * Rows whose public name holds `*` (data-plane 13.2): `openai/*` → `openai/*`, `my/*` → `openai/*`, `claude-*` →
 * `anthropic/claude-*`, `*` → `*`.
 */

/** The upstream name for a public name that was asked for; `null` when the pattern does not fit. */
export function concrete(pattern: string, upstreamPattern: string, asked: string): string | null {
  const pieces = starsOf(pattern, asked);
  if (pieces === null) return null;
  let at = 0;
  return upstreamPattern.replaceAll('*', () => pieces[Math.min(at++, pieces.length - 1)] ?? '');
}

/** The most specific pattern that fits: an exact name, then the longest literal part, then the fewest stars. */
export function mostSpecific(patterns: readonly string[], asked: string): string | null {
  return patterns.filter((pattern) => starsOf(pattern, asked) !== null).toSorted(bySpecificity)[0] ?? null;
}

/** Sorts patterns, the most specific first. */
export function bySpecificity(a: string, b: string): number {
  return literalLength(b) - literalLength(a) || starCount(a) - starCount(b);
}

function literalLength(pattern: string): number {
  return pattern.length - starCount(pattern);
}

function starCount(pattern: string): number {
  return pattern.split('*').length - 1;
}

/** What each `*` stands for, `[]` for an exact match without stars, `null` for none. Every star but the last is as short as can be. */
function starsOf(pattern: string, asked: string): string[] | null {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return pattern === asked ? [] : null;
  if (!asked.startsWith(first)) return null;
  const stars: string[] = [];
  let at = first.length;
  for (const [index, piece] of others.entries()) {
    const last = index === others.length - 1;
    const found = last ? asked.length - piece.length : asked.indexOf(piece, at);
    if (found < at || !asked.startsWith(piece, found)) return null;
    stars.push(asked.slice(at, found));
    at = found + piece.length;
  }
  return stars;
}
