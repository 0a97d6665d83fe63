import type { Problem } from '../../config/problem.ts';
import { FIELDS_OF } from '../../config/settings/listed.ts';
import { isLaterKey } from '../../config/settings/later-keys.ts';
import { SHARED_ROUTER_KEYS } from '../../config/settings/router.ts';
import type { StoredSection, StoredSettings } from '../../config/stored-settings.ts';
import { readBodyAs } from '../../contract/body.ts';
import { ConfigUpdateAnswer, ConfigUpdateBody, FieldDeleteBody, FieldUpdateBody, StoredConfigRow } from '../../contract/config.ts';
import { answerJson, readJsonBody } from '../../contract/http-json.ts';
import { BadRequestError } from '../../core/errors.ts';
import type { Route, RouteCall } from '../../core/route.ts';
import { authorOf, changeAuthorOf } from '../answer.ts';
import { mergedSettings, type SettingsPatch } from './merge.ts';
import { configRoute, shownStored, type ConfigRouteParts } from './parts.ts';

/** Routes that change settings. What they change acts from the next call on. */
export function configChangeRoutes(parts: ConfigRouteParts): Route[] {
  const route = configRoute(parts.ready);
  const changes = new ConfigChanges(parts);
  return [
    route(
      ['POST', '/config/update'],
      'admin',
      'Changes settings in the database; they stand over those of the file, key by key, and act at once.',
      { body: ConfigUpdateBody, answer: ConfigUpdateAnswer },
      (call) => changes.update(call),
    ),
    route(
      ['POST', '/config/field/update'],
      'admin',
      'Sets one setting in the database.',
      { body: FieldUpdateBody, answer: StoredConfigRow },
      (call) => changes.updateField(call),
    ),
    route(
      ['POST', '/config/field/delete'],
      'admin',
      'Takes one setting out of the database: what the file says counts again.',
      { body: FieldDeleteBody, answer: StoredConfigRow },
      (call) => changes.deleteField(call),
    ),
  ];
}

class ConfigChanges {
  readonly #parts: ConfigRouteParts;

  constructor(parts: ConfigRouteParts) {
    this.#parts = parts;
  }

  async update(call: RouteCall): Promise<void> {
    const body = readBodyAs(ConfigUpdateBody, await readJsonBody(call));
    const patch: SettingsPatch = {
      litellm_settings: body.litellm_settings ?? {},
      general_settings: body.general_settings ?? {},
      router_settings: body.router_settings ?? {},
      environment_variables: textsOf(body.environment_variables ?? {}),
    };
    const warnings = await this.#change(call, (stored) => mergedSettings(stored, patch));
    answerJson(call, {
      message: 'Config updated successfully',
      warnings: warnings.map(({ key, message }) => `${key} ${message}`),
    });
  }

  async updateField(call: RouteCall): Promise<void> {
    const { field_name: name, field_value: value, config_type: section } = readBodyAs(FieldUpdateBody, await readJsonBody(call));
    checkKnown(section, name);
    await this.#change(call, (stored) => withField(stored, section, name, value ?? null));
    this.#tellRow(call, section);
  }

  async deleteField(call: RouteCall): Promise<void> {
    const { field_name: name, config_type: section } = readBodyAs(FieldDeleteBody, await readJsonBody(call));
    await this.#change(call, (stored) => {
      const { [name]: old, ...rest }: Readonly<Record<string, unknown>> = stored[section];
      if (old === undefined) throw new BadRequestError(`${name.slice(0, 200)} is not set in the database.`, 'field_name');
      return { ...stored, [section]: rest };
    });
    this.#tellRow(call, section);
  }

  #change(call: RouteCall, edit: (stored: StoredSettings) => StoredSettings): Promise<readonly Problem[]> {
    const { audit, settings } = this.#parts;
    return settings.change(edit, authorOf(call), (queries, section, before, after) =>
      audit.record(
        {
          action: 'updated',
          table: 'settings',
          objectId: section,
          before: shownStored(section, before),
          after: shownStored(section, after),
          author: changeAuthorOf(call),
        },
        queries,
      ),
    );
  }

  #tellRow(call: RouteCall, section: StoredSection): void {
    answerJson(call, { param_name: section, param_value: shownStored(section, this.#parts.settings.stored) });
  }
}

function withField(stored: StoredSettings, section: StoredSection, name: string, value: unknown): StoredSettings {
  if (section !== 'environment_variables') return { ...stored, [section]: { ...stored[section], [name]: value } };
  if (value !== null && typeof value !== 'string')
    throw new BadRequestError('The value of an environment variable must be a text.', 'field_value');
  return mergedSettings(stored, {
    litellm_settings: {},
    general_settings: {},
    router_settings: {},
    environment_variables: { [name]: value },
  });
}

/** @throws {BadRequestError} for a field that means nothing, here or in the reference */
function checkKnown(section: StoredSection, name: string): void {
  if (section === 'environment_variables') {
    if (!/^[A-Za-z_]\w{0,199}$/.test(name)) throw new BadRequestError('This is no name of an environment variable.', 'field_name');
    return;
  }
  const acts = Object.values(FIELDS_OF[section]).some(({ wire }) => wire === name);
  const routing = section === 'litellm_settings' && (SHARED_ROUTER_KEYS as readonly string[]).includes(name);
  if (!acts && !routing && !isLaterKey(section, name))
    throw new BadRequestError(`${section} has no setting ${name.slice(0, 200)}.`, 'field_name');
}

function textsOf(variables: Readonly<Record<string, string | number | boolean | null>>): Record<string, string | null> {
  for (const name of Object.keys(variables)) checkKnown('environment_variables', name);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value === null ? null : String(value)]));
}
