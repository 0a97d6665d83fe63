import type { JsonObject } from '../core/json-object.ts';
import { isObject } from '../core/json-object.ts';
import { shownValue } from './expand.ts';
import type { Expander } from './expand.ts';
import type { Problems } from './problem.ts';
import { CALLBACK_KEYS, GUARDING_KEYS, isLaterKey, PYTHON_KEYS } from './settings/later-keys.ts';
import type { SectionName } from './settings/later-keys.ts';
import { memberOf } from './yaml/tree.ts';
import type { MapNode } from './yaml/tree.ts';

/** A section of settings before its schema reads it. */
export interface RawSection {
  readonly name: SectionName;
  /** Variables and secrets filled in. */
  readonly raw: JsonObject;
  /** As written. */
  readonly shown: JsonObject;
}

/**
 * Reads a section's map, and warns once of each key that does nothing here: unknown ones and those that name Python code.
 *
 * @param known wire names that act
 */
export function readSection(
  root: MapNode,
  name: SectionName,
  known: ReadonlySet<string>,
  expander: Expander,
  problems: Problems,
): RawSection {
  const node = memberOf(root, name);
  if (!node) return { name, raw: {}, shown: {} };
  if (node.kind !== 'map') {
    problems.add('fatal', node.place, [name], 'must be a map (key: value)');
    return { name, raw: {}, shown: {} };
  }
  const raw = expander.value(node, [name]) as JsonObject;
  for (const [key, { place }] of node.entries) {
    const remark = known.has(key) ? null : remarkOn(name, key, raw[key]);
    if (remark !== null) problems.add('warning', place, [name, key], remark);
  }
  return { name, raw, shown: shownValue(node) as JsonObject };
}

function remarkOn(section: SectionName, key: string, value: unknown): string | null {
  if (PYTHON_KEYS.has(key)) {
    const instead = key === 'custom_auth' ? '; keys are checked as always' : '';
    return `names Python code, which cannot be loaded here${instead}`;
  }
  if (CALLBACK_KEYS.has(key)) {
    const python = [value].flat().some((item) => (typeof item === 'string' && item.includes('.')) || isObject(item));
    return python ? 'names Python code, which cannot be loaded here' : null;
  }
  if (GUARDING_KEYS[section].includes(key)) return 'limits nothing yet: this release does not know it';
  return isLaterKey(section, key) ? null : 'is not a setting known here; it is kept and does nothing';
}
