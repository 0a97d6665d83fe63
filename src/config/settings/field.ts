import type { z } from 'zod';
import type { JsonObject } from '../../core/json-object.ts';
import type { KeyPath } from '../problem.ts';

/** One setting: its name in files, how it is read (default included), and what it does. Code and documentation come from it. */
export interface Field<S extends z.ZodType> {
  readonly wire: string;
  readonly schema: S;
  /** One sentence for the documentation. */
  readonly help: string;
  /** False: the value is read and checked, and nothing asks for it yet. */
  readonly acts: boolean;
}

export type Fields = Readonly<Record<string, Field<z.ZodType>>>;

/** The settings of a section by our own names. */
export type SettingsOf<F extends Fields> = { readonly [K in keyof F]: z.output<F[K]['schema']> };

export function field<S extends z.ZodType>(wire: string, schema: S, help: string): Field<S> {
  return { wire, schema, help, acts: true };
}

/** A setting of the reference that is known and checked, and does nothing yet. Pages and the panel say so. */
export function idleField<S extends z.ZodType>(wire: string, schema: S, help: string): Field<S> {
  return { wire, schema, help: `Without effect in this release. ${help}`, acts: false };
}

/** A value that a key of a section cannot have. */
export interface WrongValue {
  /** Path inside the section. */
  readonly path: KeyPath;
  readonly message: string;
}

/**
 * Reads the known keys of a section; absent, null and empty ones take their default.
 *
 * @param raw the section by wire names
 * @param wrong told each value that does not fit; that setting then has its default
 */
export function readSettings<F extends Fields>(fields: F, raw: JsonObject, wrong: (value: WrongValue) => void): SettingsOf<F> {
  const entries = Object.entries(fields).map(([name, { wire, schema }]) => {
    const value = raw[wire];
    const parsed = schema.safeParse(value === null || value === '' ? undefined : value);
    if (parsed.success) return [name, parsed.data];
    for (const issue of parsed.error.issues) wrong({ path: [wire, ...(issue.path as (string | number)[])], message: issue.message });
    return [name, schema.parse(undefined)];
  });
  return Object.fromEntries(entries) as SettingsOf<F>;
}

/** Wire names of the fields. */
export function wireNames(fields: Fields): ReadonlySet<string> {
  return new Set(Object.values(fields).map(({ wire }) => wire));
}
