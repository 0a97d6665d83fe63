/** Encodings that a build packs files in, best first, and how the files' names then end. */
export const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** Endings of files that get smaller when packed. */
export const PACKABLE: ReadonlySet<string> = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest']);

/** Encodings that a client takes, best first. @param accepted `accept-encoding`; `''` when it says nothing */
export function encodingsFor(accepted: string): Encoding[] {
  return ENCODINGS.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(accepted));
}
