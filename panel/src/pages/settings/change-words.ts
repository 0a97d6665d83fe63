import type { Change } from '../../api/audit.ts';
import { hasText, t } from '../../i18n/texts.ts';

/** Whoever holds the master key. */
const ADMINISTRATOR = 'default_user_id';

/** Kinds of objects by the wire's names of their tables, and their words below `settings.kind`. */
const KINDS: Readonly<Record<string, string>> = {
  LiteLLM_VerificationToken: 'key',
  LiteLLM_ProxyModelTable: 'model',
  LiteLLM_CredentialsTable: 'credential',
  LiteLLM_Config: 'setting',
  LiteLLM_UserTable: 'person',
};

/** Kinds to filter by. */
export const kindOptions = () => Object.entries(KINDS).map(([value, kind]) => ({ value, label: wordOf(`settings.kinds.${kind}`, value) }));

const ACTIONS = ['created', 'updated', 'deleted', 'blocked', 'unblocked', 'regenerated'] as const;
export const actionOptions = () => ACTIONS.map((value) => ({ value, label: wordOf(`settings.action.${value}`, value) }));

const wordOf = (key: string, otherwise: string): string => (hasText(key) ? t(key) : otherwise);

export const kindWord = ({ table_name: table }: Change): string => wordOf(`settings.kind.${KINDS[table] ?? ''}`, table);
export const actionWord = ({ action }: Change): string => wordOf(`settings.action.${action}`, action);

/** Who made a change. */
export function authorOf({ changed_by: id, changed_by_api_key: key }: Change, names: ReadonlyMap<string, string>): string {
  if (id === ADMINISTRATOR) return names.get(id) ?? t('settings.administrator');
  if (id !== null) return names.get(id) ?? id;
  return key === null ? t('settings.gateway') : t('settings.by_key', { key: key.slice(0, 8) });
}

const NAMES = ['key_alias', 'model_name', 'credential_name', 'user_alias', 'user_email'] as const;

/** What was changed, by the name people gave it; settings by their own. */
export function objectOf(change: Change): string {
  const { before_value: before, updated_values: after, object_id: id } = change;
  if (change.table_name === 'LiteLLM_Config') return differencesOf(change).map(({ member }) => member).join(', ') || id; // prettier-ignore
  const named = NAMES.map((name) => after?.[name] ?? before?.[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof named === 'string' ? named : id.length === 64 ? id.slice(0, 8) : id;
}

export interface Difference {
  readonly member: string;
  /** Null: it was not set. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Members that are not as they were. */
export function differencesOf({ before_value: before, updated_values: after }: Change): Difference[] {
  const members = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].toSorted();
  return members
    .map((member) => ({ member, before: textOf(before?.[member]), after: textOf(after?.[member]) }))
    .filter((difference) => difference.before !== difference.after);
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
