/** Part of the JavaScript language since 2025; not yet in TypeScript's library. */
interface JSON {
  /** A value that `JSON.stringify` writes as the given JSON text, digit for digit. */
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown): unknown;
}
