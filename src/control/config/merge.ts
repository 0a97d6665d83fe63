import { CALLBACK_KEYS } from '../../config/settings/later-keys.ts';
import type { StoredSettings } from '../../config/stored-settings.ts';
import { isExactNumber } from '../../core/exact-json.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { patched } from '../merge-patch.ts';

/** What `POST /config/update` asks for. */
export interface SettingsPatch {
  readonly litellm_settings: JsonObject;
  readonly general_settings: JsonObject;
  readonly router_settings: JsonObject;
  /** Null takes a variable out. */
  readonly environment_variables: Readonly<Record<string, string | null>>;
}

/** The settings with a patch over them (control-plane 13.5). A null of a section stays: it hides what the file says. */
export function mergedSettings(stored: StoredSettings, patch: SettingsPatch): StoredSettings {
  const variables = { ...stored.environment_variables, ...patch.environment_variables };
  return {
    litellm_settings: mergedSection(stored.litellm_settings, patch.litellm_settings),
    general_settings: mergedSection(stored.general_settings, patch.general_settings),
    router_settings: mergedSection(stored.router_settings, patch.router_settings),
    environment_variables: Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== null)),
  };
}

function mergedSection(old: JsonObject, patch: JsonObject): JsonObject {
  const changed = Object.entries(patch).map(([name, value]) => [name, mergedValue(name, old[name], value)]);
  return { ...old, ...(Object.fromEntries(changed) as JsonObject) };
}

function mergedValue(name: string, old: unknown, value: unknown): unknown {
  if (CALLBACK_KEYS.has(name) && Array.isArray(old) && Array.isArray(value)) return [...old, ...value.filter((one) => !old.includes(one))];
  return isMap(value) ? patched(isMap(old) ? old : {}, value) : value;
}

function isMap(value: unknown): value is JsonObject {
  return isObject(value) && !isExactNumber(value);
}
