import type { Members, ModelBody } from '../../api/models.ts';
import type { ProviderField, ProviderForm } from '../../api/providers.ts';
import { labelOf } from './provider-texts.ts';
import { t } from '../../i18n/texts.ts';
import { perMillion, perToken } from './decimals.ts';
import { MORE_FIELDS, type MoreField } from './more-fields.ts';

/** What stands in the form: texts by the name of their field. Empty ones are not set. */
export type Values = Readonly<Record<string, string>>;

/** Fields of the form itself, beside those of the provider and the folded ones. */
export const EXTRA = 'extra';
export const CREDENTIAL = 'litellm_credential_name';

/** A text of the form that cannot be what it should be. */
export class WrongValue extends Error {
  override readonly name = 'WrongValue';
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** The form's provider, and how its models are named: `ollama_chat` for a provider `ollama`. */
export interface DraftKind {
  readonly form: ProviderForm;
  readonly prefix: string;
}

/**
 * What the form says as the body of `POST /model/new`.
 * @param masks secrets that a stored model has already, so that their fields may stay empty
 * @throws {WrongValue} for the first text that is not what its field is for
 */
export function bodyOf(values: Values, { form, prefix }: DraftKind, masks: Values = {}): ModelBody {
  // In the order of the form, so that the first field that is wrong is the one that is marked.
  const fields = usedFields(form, values).flatMap((field) => entryOf(field, values, masks));
  const model = need(values, 'model', t('models.form.model_missing'));
  const name = need(values, 'model_name', t('models.form.name_missing'));
  const more = MORE_FIELDS.flatMap((field) => moreEntry(field, values));
  const membersIn = (place: MoreField['in']) => more.filter(([, , where]) => where === place).map(([key, value]) => [key, value]);
  const credential = values[CREDENTIAL] ? [[CREDENTIAL, values[CREDENTIAL]]] : [];
  return {
    model_name: name,
    litellm_params: {
      ...extraOf(values),
      model: prefix === '' ? model : `${prefix}/${model}`,
      ...Object.fromEntries([...fields, ...credential, ...membersIn('litellm_params')]),
    },
    model_info: { ...Object.fromEntries(membersIn('model_info')), ...(values['mode'] ? { mode: values['mode'] } : {}) },
  };
}

/** A credential by name holds the secrets: their own fields do not count then. */
export function usedFields(form: ProviderForm, values: Values): readonly ProviderField[] {
  return form.credential_fields.filter(({ type }) => !values[CREDENTIAL] || type !== 'secret');
}

function need(values: Values, field: string, message: string): string {
  const text = values[field]?.trim() ?? '';
  if (text === '') throw new WrongValue(field, message);
  return text;
}

function entryOf(field: ProviderField, values: Values, masks: Values): [string, unknown][] {
  const { key, type, required, default_value: usual } = field;
  const text = values[key]?.trim() ?? '';
  if (text === '') {
    if (required && usual === null && !values[CREDENTIAL] && !(key in masks))
      throw new WrongValue(key, t('models.form.field_missing', { name: labelOf(field) }));
    return [];
  }
  if (type === 'number') return [[key, numberFrom(text, key)]];
  return [[key, type === 'switch' ? text === 'true' : text]];
}

function moreEntry({ key, kind, in: place }: MoreField, values: Values): [string, unknown, MoreField['in']][] {
  const text = values[key]?.trim() ?? '';
  if (text === '') return [];
  if (kind === 'per_million') {
    const price = perToken(text);
    if (price === null) throw new WrongValue(key, t('models.form.no_amount'));
    return [[key, Number(price), place]];
  }
  const number = numberFrom(text, key);
  if (kind === 'whole' && !Number.isInteger(number)) throw new WrongValue(key, t('models.form.no_whole'));
  return [[key, number, place]];
}

function numberFrom(text: string, field: string): number {
  const number = Number(text.replace(',', '.'));
  if (!Number.isFinite(number) || number < 0) throw new WrongValue(field, t('models.form.no_number'));
  return number;
}

function extraOf(values: Values): Members {
  const text = values[EXTRA]?.trim() ?? '';
  if (text === '') return {};
  try {
    const members: unknown = JSON.parse(text);
    if (typeof members === 'object' && members !== null && !Array.isArray(members)) return members as Members;
  } catch {
    // Said below, as for JSON of another kind.
  }
  throw new WrongValue(EXTRA, t('models.form.no_json'));
}

/** The form of a model that is there. Secrets are left empty: their masks stand in `masksOf`. */
export function valuesOf({ model_name: name, litellm_params: params, model_info: info }: ModelBody, { form, prefix }: DraftKind): Values {
  const own = new Set(['model', CREDENTIAL, ...MORE_FIELDS.map(({ key }) => key), ...form.credential_fields.map(({ key }) => key)]);
  const secrets = new Set(form.credential_fields.filter(({ type }) => type === 'secret').map(({ key }) => key));
  const model = textOf(params['model']);
  const extra = Object.entries(params).filter(([key, value]) => !own.has(key) && value !== null);
  const more = MORE_FIELDS.map(({ key, kind, in: place }) => {
    const value = (place === 'model_info' ? info : params)[key];
    return [key, kind === 'per_million' ? perMillion(value) : textOf(value)];
  });
  return {
    ...Object.fromEntries(form.credential_fields.filter(({ key }) => !secrets.has(key)).map(({ key }) => [key, textOf(params[key])])),
    ...Object.fromEntries(more),
    model: prefix !== '' && model.startsWith(`${prefix}/`) ? model.slice(prefix.length + 1) : model,
    model_name: name,
    mode: textOf(info['mode']),
    [CREDENTIAL]: textOf(params[CREDENTIAL]),
    [EXTRA]: extra.length === 0 ? '' : JSON.stringify(Object.fromEntries(extra), null, 2),
  };
}

/** Masks of the secrets that a model has, by field. */
export function masksOf({ litellm_params: params }: ModelBody, { form }: DraftKind): Values {
  const secrets = form.credential_fields.filter(({ type, key }) => type === 'secret' && typeof params[key] === 'string');
  return Object.fromEntries(secrets.map(({ key }) => [key, String(params[key])]));
}

/** A plain value as text; anything else is no text of a field. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** What is not as it was, null for what is gone; members that the form did not show stay. */
export function patchOf(before: ModelBody, after: ModelBody, masks: Values): Partial<ModelBody> {
  const kept = (key: string) => key in masks && !(CREDENTIAL in after.litellm_params && !(CREDENTIAL in before.litellm_params));
  const params = changesOf(before.litellm_params, after.litellm_params, kept);
  const ours = new Set(['mode', ...MORE_FIELDS.filter(({ in: place }) => place === 'model_info').map(({ key }) => key)]);
  const info = changesOf(before.model_info, after.model_info, (key) => !ours.has(key));
  return {
    ...(before.model_name === after.model_name ? {} : { model_name: after.model_name }),
    ...(Object.keys(params).length === 0 ? {} : { litellm_params: params }),
    ...(Object.keys(info).length === 0 ? {} : { model_info: info }),
  };
}

function changesOf(before: Members, after: Members, kept: (key: string) => boolean): Members {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changes = [...keys].flatMap((key): [string, unknown][] => {
    if (!(key in after)) return kept(key) ? [] : [[key, null]];
    return JSON.stringify(before[key]) === JSON.stringify(after[key]) ? [] : [[key, after[key]]];
  });
  return Object.fromEntries(changes);
}
