import { z } from 'zod';
import { isExactNumber } from '../../core/exact-json.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { usdJson, type Usd } from '../../core/money.ts';
import { maskedParams } from '../../core/shown-params.ts';
import type { Config } from '../config.ts';
import type { SettingOrigin } from '../settings-reader.ts';
import type { StoredSettings } from '../stored-settings.ts';
import type { Field, Fields } from './field.ts';
import { generalFields } from './general.ts';
import type { SectionName } from './later-keys.ts';
import { litellmFields } from './litellm.ts';
import { routerFields, SHARED_ROUTER_KEYS } from './router.ts';
import { isStartSetting } from './run-time.ts';
import type { ValueKind } from './values.ts';

/** A setting as people and programs see it: in the units of the file, without secrets. */
export interface ListedSetting {
  readonly section: SectionName;
  /** Wire name. */
  readonly name: string;
  /** It does something here; others are kept. */
  readonly acts: boolean;
  readonly kind: ValueKind;
  readonly help: string;
  /** Null: not set. */
  readonly value: unknown;
  readonly byDefault: unknown;
  readonly origin: SettingOrigin;
  readonly stored: boolean;
  /** It may be changed while the gateway runs. */
  readonly changeable: boolean;
}

export const FIELDS_OF: Readonly<Record<SectionName, Fields>> = {
  litellm_settings: litellmFields,
  router_settings: routerFields,
  general_settings: generalFields,
};

/** Nobody is shown these. */
const SECRET: ReadonlySet<string> = new Set(['master_key', 'database_url']);
/** Members of these, or of what they list, are parameters with keys among them. */
const PARAMS: ReadonlySet<string> = new Set(['default_litellm_params', 'pass_through_endpoints']);
const MASK = '****';

/** All settings of a section: those that act, then others that somebody set. */
export function listedSettings(section: SectionName, config: Config, stored: StoredSettings): ListedSetting[] {
  const fields = Object.entries(FIELDS_OF[section]);
  const acting = fields.map(([name, field]) => listed(section, field, valuesOf(section, config)[name], config, stored));
  const known = new Set(fields.map(([, { wire }]) => wire));
  const routing: ReadonlySet<string> = new Set(section === 'litellm_settings' ? SHARED_ROUTER_KEYS : []);
  const others = Object.entries(config.shown[section]).filter(([name, value]) => !known.has(name) && value !== null);
  return [...acting, ...others.map(([name, value]) => other(section, name, value, routing.has(name), config, stored))];
}

/** A section's values as they may be shown. */
export function shownSettings(section: SectionName, values: JsonObject): JsonObject {
  const acting = new Set(Object.values(FIELDS_OF[section]).map(({ wire }) => wire));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(name, value, acting.has(name))]));
}

function listed(
  section: SectionName,
  { wire, schema, help, acts }: Field<z.ZodType>,
  parsed: unknown,
  config: Config,
  stored: StoredSettings,
): ListedSetting {
  const kind = kindOf(schema);
  const origin = config.origins.get(`${section}.${wire}`) ?? { source: 'default', place: null };
  const written = config.shown[section][wire] ?? (section === 'router_settings' ? config.shown.litellm_settings[wire] : null) ?? null;
  const byDefault = defaultOf(schema);
  const fromCode = origin.source === 'default' || origin.source === 'environment' || written === null || kind.exact === true;
  const value = fromCode ? inUnits(parsed, kind, byDefault) : written;
  return {
    section,
    name: wire,
    acts,
    kind,
    help,
    value: shown(wire, value, true),
    byDefault,
    origin,
    stored: Object.hasOwn(stored[section], wire),
    changeable: !isStartSetting(section, wire),
  };
}

function other(section: SectionName, name: string, value: unknown, acts: boolean, config: Config, stored: StoredSettings): ListedSetting {
  const inDatabase = Object.hasOwn(stored[section], name);
  const routing = acts ? Object.values(routerFields).find(({ wire }) => wire === name) : undefined;
  return {
    section,
    name,
    acts,
    kind: routing ? kindOf(routing.schema) : kindOfValue(value),
    help: routing ? `${routing.help} Counts where \`router_settings\` says nothing.` : 'Kept as it is; it does nothing in this release.',
    value: shown(name, value, acts),
    byDefault: null,
    origin: inDatabase ? { source: 'database', place: null } : { source: 'file', place: config.sourceOf(`${section}.${name}`) },
    stored: inDatabase,
    changeable: !isStartSetting(section, name),
  };
}

function shown(name: string, value: unknown, acts: boolean): unknown {
  if (value === null || value === undefined) return null;
  if (SECRET.has(name)) return MASK;
  if (!acts) return maskedParams({ [name]: value })[name] ?? MASK;
  if (!PARAMS.has(name)) return value;
  const masked = (each: unknown): unknown => (isObject(each) && !isExactNumber(each) ? maskedParams(each) : each);
  return Array.isArray(value) ? value.map(masked) : masked(value);
}

function valuesOf(section: SectionName, config: Config): JsonObject {
  switch (section) {
    case 'litellm_settings':
      return config.litellm;
    case 'router_settings':
      return config.router;
    case 'general_settings':
      return config.general;
  }
}

/** What our own units mean in those of the file. Values that the code keeps in another form have their default there. */
function inUnits(value: unknown, { unit }: ValueKind, byDefault: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return usdJson(value as Usd);
  if (unit === 'duration' && typeof value !== 'string') return byDefault;
  if (typeof value !== 'number') return value;
  return unit === 'seconds' ? value / 1000 : unit === 'megabytes' ? value / 1_048_576 : value;
}

/** The default in the units of the file. */
export function defaultOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodPrefault) return schema.def.defaultValue;
  return inUnits(schema.parse(undefined), kindOf(schema), null);
}

/** What the innermost schema says that it takes. */
function kindOf(schema: z.core.$ZodType): ValueKind {
  let at: z.core.$ZodType | undefined = schema;
  while (at) {
    const kind = z.globalRegistry.get(at)?.['kind'];
    if (kind !== undefined) return kind as ValueKind;
    at = innerOf(at);
  }
  return { type: 'Dictionary' };
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.def.in;
  return schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional
    ? schema.def.innerType
    : undefined;
}

function kindOfValue(value: unknown): ValueKind {
  if (Array.isArray(value)) return { type: 'List' };
  if (typeof value === 'boolean') return { type: 'Boolean' };
  if (typeof value === 'number' || isExactNumber(value)) return { type: 'Float' };
  return { type: isObject(value) ? 'Dictionary' : 'String' };
}
