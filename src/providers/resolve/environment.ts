/** Reads one environment variable; empty counts as unset. */
export type Environment = (name: string) => string | undefined;

/** The first of the variables that is set. */
export function firstSet(env: Environment, names: readonly string[]): string | null {
  for (const name of names) {
    const value = env(name)?.trim();
    if (value) return value;
  }
  return null;
}

/** A parameter of a row as text: numbers and text count, empty text does not. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** The texts of a list; what is no list has none. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
