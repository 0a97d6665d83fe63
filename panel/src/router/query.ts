/** One field of an address: how it is read from text, and written when it is not the usual. */
export interface QueryField<Value> {
  readonly read: (text: string | null) => Value;
  /** `null`: leave it out. */
  readonly write: (value: Value) => string | null;
}

/** Fields by their names in the address. */
export type QuerySchema = Record<
  string,
  { readonly read: (text: string | null) => unknown; readonly write: (value: never) => string | null }
>;

export type QueryValues<Schema> = { -readonly [Name in keyof Schema]: Schema[Name] extends QueryField<infer Value> ? Value : never };

/** Any text; empty is left out. */
export const text = (): QueryField<string> => ({ read: (value) => value ?? '', write: (value) => value || null });

/** One of a few words; anything else in the address counts as the usual one. */
export function choice<const Word extends string>(words: readonly Word[], usual: Word): QueryField<Word> {
  return { read: (value) => words.find((word) => word === value) ?? usual, write: (value) => (value === usual ? null : value) };
}

/** A whole number from 1 on, as for pages. */
export function whole(usual: number): QueryField<number> {
  return {
    read: (value) => (value !== null && /^[1-9]\d{0,8}$/.test(value) ? Number(value) : usual),
    write: (value) => (value === usual ? null : String(value)),
  };
}

/** On or off; off is left out. */
export const flag = (): QueryField<boolean> => ({ read: (value) => value === '1', write: (value) => (value ? '1' : null) });

/** Reads what an address says. */
export function readQuery<Schema extends QuerySchema>(schema: Schema, query: URLSearchParams): QueryValues<Schema> {
  const entries = Object.entries(schema).map(([name, field]) => [name, field.read(query.get(name))]);
  return Object.fromEntries(entries) as QueryValues<Schema>;
}

/** The address with these values in it. Names that the schema does not have stay as they are. */
export function writeQuery<Schema extends QuerySchema>(
  schema: Schema,
  values: Partial<QueryValues<Schema>>,
  query: URLSearchParams,
): URLSearchParams {
  const written = new URLSearchParams(query);
  for (const [name, field] of Object.entries(schema)) {
    if (!(name in values)) continue;
    const value = field.write(values[name as keyof Schema] as never);
    if (value === null) written.delete(name);
    else written.set(name, value);
  }
  return written;
}
