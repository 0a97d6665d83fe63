import type { z } from 'zod';
import type { ConfigField, DisplayAnswer } from '../../../src/contract/config.ts';
import type { About } from '../../../src/contract/panel/about.ts';
import { api } from './client.ts';

const SECTIONS = ['general_settings', 'litellm_settings', 'router_settings'] as const;
export type Section = (typeof SECTIONS)[number];

/** One setting: its value, and where that comes from. */
export interface Setting extends ConfigField {
  readonly section: Section;
}

/** Settings by section and name: `litellm_settings.max_budget`. */
export type Settings = ReadonlyMap<string, Setting>;

export async function readSettings(signal?: AbortSignal): Promise<Settings> {
  const lists = await Promise.all(SECTIONS.map((section) => sectionOf(section, signal)));
  return new Map(lists.flat().map((setting) => [`${setting.section}.${setting.field_name}`, setting]));
}

async function sectionOf(section: Section, signal?: AbortSignal): Promise<Setting[]> {
  const fields = await api.get<readonly ConfigField[]>('config/list', { config_type: section }, signal);
  return fields.map((field) => ({ ...field, section }));
}

/** The value of a setting that is one word or number; empty when it is not set. */
export function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** What a setting is to be: a value, or as if the database said nothing. */
export type Wanted = { readonly is: 'value'; readonly value: unknown } | { readonly is: 'unset' };

export const UNSET: Wanted = { is: 'unset' };

/** What would bring a setting back to what it is now. */
export function presentOf(setting: Setting): Wanted {
  return setting.stored_in_db === true ? { is: 'value', value: setting.field_value } : UNSET;
}

/** Changes a setting. It acts from the next call on. */
export async function changeSetting({ section, field_name, stored_in_db: stored }: Setting, wanted: Wanted): Promise<void> {
  const named = { field_name, config_type: section };
  if (wanted.is === 'value') await api.post('config/field/update', { ...named, field_value: wanted.value });
  else if (stored === true) await api.post('config/field/delete', named);
}

export const readAbout = (signal?: AbortSignal) => api.get<About>('panel/about', {}, signal);

export type Display = z.infer<typeof DisplayAnswer>;

export const readDisplay = (signal?: AbortSignal) => api.get<Display>('panel/display', {}, signal);
