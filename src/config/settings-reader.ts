import type { JsonObject } from '../core/json-object.ts';
import type { Environment } from './environment.ts';
import type { KeyPath, Place, Problems } from './problem.ts';
import type { RawSection } from './section.ts';
import { VARIABLES_FOR_KEYS } from './settings/environment.ts';
import { readSettings, wireNames } from './settings/field.ts';
import type { Fields, SettingsOf } from './settings/field.ts';
import { DATABASE } from './stored-settings.ts';
import { isNullNode, placeOf } from './yaml/tree.ts';
import type { MapEntry, MapNode } from './yaml/tree.ts';

/** Another section whose keys count where the section itself says nothing. */
interface Fallback {
  readonly section: RawSection;
  readonly keys: readonly string[];
}

/** Where the value of a setting comes from, and what stands under it. */
export interface SettingOrigin {
  readonly source: 'default' | 'file' | 'database' | 'environment';
  /** Where it stands, when a file says it. */
  readonly place: Place | null;
}

const DEFAULT: SettingOrigin = { source: 'default', place: null };
const ENVIRONMENT: Place = { file: 'environment', line: 0, column: 0 };

/** Reads sections by their field tables, with the environment over or under them. A value that does not fit is fatal. */
export class SettingsReader {
  readonly #root: MapNode;
  readonly #environment: Environment;
  readonly #problems: Problems;
  /** Of the sections read so far. */
  readonly origins = new Map<string, SettingOrigin>();

  constructor(root: MapNode, environment: Environment, problems: Problems) {
    this.#root = root;
    this.#environment = environment;
    this.#problems = problems;
  }

  section<F extends Fields>(fields: F, section: RawSection, fallback?: Fallback): SettingsOf<F> {
    const raw: JsonObject = { ...section.raw };
    /** Where values come from that the section itself does not hold. */
    const origins = new Map<string, { place: Place; path: KeyPath }>();
    for (const key of fallback?.keys ?? []) {
      if (!fallback || isSet(raw[key]) || !isSet(fallback.section.raw[key])) continue;
      raw[key] = fallback.section.raw[key];
      const path = [fallback.section.name, key];
      origins.set(key, { place: placeOf(this.#root, path), path });
    }
    for (const { variable, section: name, key, wins } of VARIABLES_FOR_KEYS) {
      const value = this.#environment.variables[variable];
      if (name !== section.name || !value || (!wins && isSet(raw[key]))) continue;
      raw[key] = value;
      origins.set(key, { place: this.#placeOfVariable(variable), path: [variable] });
    }
    for (const wire of wireNames(fields))
      this.origins.set(`${section.name}.${wire}`, this.#originOf([section.name, wire], origins.get(wire)));
    return readSettings(fields, raw, ({ path: [key = '', ...below], message }) => {
      const path = [section.name, key, ...below];
      const origin = origins.get(String(key)) ?? { place: placeOf(this.#root, path), path };
      this.#problems.add('fatal', origin.place, origin.path, message);
    });
  }

  /** @param elsewhere where the value comes from when the section itself does not hold it */
  #originOf(path: KeyPath, elsewhere: { place: Place; path: KeyPath } | undefined): SettingOrigin {
    if (elsewhere?.path.length === 1) return { source: 'environment', place: null };
    const place = elsewhere?.place ?? entryOf(this.#root, path)?.place;
    if (!place) return DEFAULT;
    return place.file === DATABASE ? { source: 'database', place: null } : { source: 'file', place };
  }

  /** Settings that are environment variables. */
  variables<F extends Fields>(fields: F): SettingsOf<F> {
    return readSettings(fields, this.#environment.variables, ({ path, message }) => {
      this.#problems.add('fatal', this.#placeOfVariable(String(path[0])), path, message);
    });
  }

  #placeOfVariable(name: string): Place {
    return this.#environment.places.get(name) ?? ENVIRONMENT;
  }
}

/** An entry of a section; one without a value only when the database says that there is none. */
function entryOf(root: MapNode, [section, key]: KeyPath): MapEntry | null {
  const node = root.entries.get(String(section))?.value;
  const entry = node?.kind === 'map' ? node.entries.get(String(key)) : undefined;
  return entry && (!isNullNode(entry.value) || entry.place.file === DATABASE) ? entry : null;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
