import { basename } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Problem } from '../../config/problem.ts';
import { listedSettings, shownSettings, type ListedSetting } from '../../config/settings/listed.ts';
import type { StoredSection, StoredSettings } from '../../config/stored-settings.ts';
import type { ConfigField } from '../../contract/config.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { Rights, Route, RouteCall, RouteShapes } from '../../core/route.ts';
import type { Audit } from '../../identity/audit/audit.ts';
import type { Queries } from '../../store/queries.ts';

/** Settings that can be changed at run time. */
export interface ChangeableSettings {
  /** What the database says; holds secrets. */
  readonly stored: StoredSettings;
  /** Changes what the database says and puts it in force; a change that does not fit changes nothing. */
  change(
    edit: (now: StoredSettings) => StoredSettings,
    by: string | null,
    witness: (queries: Queries, section: StoredSection, before: StoredSettings, after: StoredSettings) => Promise<void>,
  ): Promise<readonly Problem[]>;
}

export interface ConfigRouteParts {
  readonly config: () => Config;
  readonly settings: ChangeableSettings;
  readonly audit: Audit;
  /** Throws until the database was read. */
  readonly ready: () => void;
}

/** Makes routes over the configuration. */
export function configRoute(ready: () => void) {
  return (
    [method, path]: readonly [Route['method'], string],
    rights: Rights,
    summary: string,
    shapes: RouteShapes,
    handle: (call: RouteCall) => Promise<void> | void,
  ): Route => ({
    method,
    paths: [path],
    rights,
    summary,
    shapes,
    group: 'management_routes',
    surface: 'control',
    handle: (call) => {
      ready();
      return handle(call);
    },
  });
}

/** The settings of a section, those that act first. */
export function fieldsOf(section: StoredSection, { config, settings }: Pick<ConfigRouteParts, 'config' | 'settings'>): ConfigField[] {
  if (section === 'environment_variables') return Object.keys(settings.stored.environment_variables).map(variableField);
  return listedSettings(section, config(), settings.stored).map(configField);
}

function configField({ name, kind, help, value, byDefault, origin, stored, acts, changeable }: ListedSetting): ConfigField {
  return {
    field_name: name,
    field_type: kind.type,
    field_description: help,
    field_value: value,
    stored_in_db: stored ? true : origin.source === 'default' ? null : false,
    field_default_value: byDefault,
    premium_field: false,
    nested_fields: null,
    source: origin.source,
    place: origin.place && { file: basename(origin.place.file), line: origin.place.line },
    unit: kind.unit ?? null,
    options: kind.options ? [...kind.options] : null,
    acts,
    changeable,
  };
}

/** A variable of the database: that it is set, never to what. */
function variableField(name: string): ConfigField {
  return {
    field_name: name,
    field_type: 'String',
    field_description: 'Environment variable, stored encrypted.',
    field_value: '****',
    stored_in_db: true,
    field_default_value: null,
    premium_field: false,
    nested_fields: null,
    source: 'database',
    place: null,
    unit: null,
    options: null,
    acts: true,
    changeable: true,
  };
}

/** What the database says of a section, without secrets. */
export function shownStored(section: StoredSection, stored: StoredSettings): JsonObject {
  if (section !== 'environment_variables') return shownSettings(section, stored[section]);
  return Object.fromEntries(Object.keys(stored.environment_variables).map((name) => [name, '****']));
}
