import type { JsonObject } from '../core/json-object.ts';
import type { Environment } from './environment.ts';
import type { KeyPath, Place, Problems } from './problem.ts';
import type { RawSection } from './section.ts';
import { VARIABLES_FOR_KEYS } from './settings/environment.ts';
import { readSettings } from './settings/field.ts';
import type { Fields, SettingsOf } from './settings/field.ts';
import { placeOf } from './yaml/tree.ts';
import type { MapNode } from './yaml/tree.ts';

/** Another section whose keys count where the section itself says nothing. */
interface Fallback {
  readonly section: RawSection;
  readonly keys: readonly string[];
}

const ENVIRONMENT: Place = { file: 'environment', line: 0, column: 0 };

/** Reads sections by their field tables, with the environment over or under them. A value that does not fit is fatal. */
export class SettingsReader {
  readonly #root: MapNode;
  readonly #environment: Environment;
  readonly #problems: Problems;

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
    return readSettings(fields, raw, ({ path: [key = '', ...below], message }) => {
      const path = [section.name, key, ...below];
      const origin = origins.get(String(key)) ?? { place: placeOf(this.#root, path), path };
      this.#problems.add('fatal', origin.place, origin.path, message);
    });
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

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
