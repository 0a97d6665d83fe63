import type { Key, KeyBody } from '../../api/keys.ts';
import { t } from '../../i18n/texts.ts';
import { usualPeriod } from './budget-period.ts';

/** One line of a list in the form, every field as text. */
export type DraftRow = Readonly<Record<string, string>>;

/** What the form of a key holds: text as typed, so that half a number is no surprise. */
export interface KeyDraft {
  readonly key_alias: string;
  readonly user_id: string;
  readonly models: readonly string[];
  readonly max_budget: string;
  readonly budget_duration: string;
  readonly rpm_limit: string;
  readonly tpm_limit: string;
  readonly max_parallel_requests: string;
  readonly duration: string;
  readonly tags: readonly string[];
  readonly key_type: string;
  /** `model`, `max_budget`, `budget_duration` */
  readonly model_max_budget: readonly DraftRow[];
  /** `max_budget`, `budget_duration` */
  readonly budget_limits: readonly DraftRow[];
  /** `name`, `model` */
  readonly aliases: readonly DraftRow[];
  readonly metadata: string;
}

const EMPTY: KeyDraft = {
  key_alias: '',
  user_id: '',
  models: [],
  max_budget: '',
  budget_duration: '1mo',
  rpm_limit: '',
  tpm_limit: '',
  max_parallel_requests: '',
  duration: '',
  tags: [],
  key_type: 'default',
  model_max_budget: [],
  budget_limits: [],
  aliases: [],
  metadata: '',
};

const typed = (value: number | null): string => (value === null ? '' : String(value));

/** The form of a key as it is, or of a new one. */
export function draftOf(key: Key | null): KeyDraft {
  if (!key) return EMPTY;
  return {
    key_alias: key.key_alias ?? '',
    user_id: key.user_id ?? '',
    models: key.models,
    max_budget: typed(key.max_budget),
    budget_duration: usualPeriod(key.budget_duration),
    rpm_limit: typed(key.rpm_limit),
    tpm_limit: typed(key.tpm_limit),
    max_parallel_requests: typed(key.max_parallel_requests),
    duration: '',
    tags: key.tags ?? [],
    key_type: key.key_type,
    model_max_budget: modelRows(key.model_max_budget),
    budget_limits: (key.budget_limits ?? []).map((window) => ({
      max_budget: String(window.max_budget),
      budget_duration: usualPeriod(window.budget_duration),
    })),
    aliases: Object.entries(key.aliases).map(([name, model]) => ({ name, model })),
    metadata: ownMetadata(key),
  };
}

interface ModelBudget {
  readonly max_budget?: number;
  readonly budget_limit?: number;
  readonly budget_duration?: string | null;
  readonly time_period?: string | null;
}

function modelRows(budgets: Key['model_max_budget']): DraftRow[] {
  return Object.entries(budgets).map(([model, value]) => {
    const budget: ModelBudget = typeof value === 'number' ? { max_budget: value } : (value ?? {});
    return {
      model,
      max_budget: String(budget.max_budget ?? budget.budget_limit ?? ''),
      budget_duration: usualPeriod(budget.budget_duration ?? budget.time_period ?? null),
    };
  });
}

/** Members that have a field of their own, or are the gateway's. */
const NOT_FREE = new Set(['tags', 'managed_by']);

function ownMetadata({ metadata }: Key): string {
  const free = Object.entries(metadata).filter(([name]) => !NOT_FREE.has(name));
  return free.length === 0 ? '' : JSON.stringify(Object.fromEntries(free), null, 2);
}

/** What is wrong with the form, by the server's name of the field. */
export type Faults = Readonly<Record<string, string>>;

/** A number as people type it; null for nothing; NaN for what is none. Thousands are not parted: a comma is a decimal one. */
export function numberIn(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return null;
  return /^-?\d*\.?\d+$/.test(plain) ? Number(plain) : Number.NaN;
}

/** What can be told without asking the server. */
export function faultsOf(draft: KeyDraft): Faults {
  const faults: Record<string, string> = {};
  const money = (text: string): string | null => {
    const value = numberIn(text);
    if (Number.isNaN(value)) return t('form.no_number');
    return value !== null && value < 0 ? t('form.negative') : null;
  };
  const put = (name: string, fault: string | null): void => {
    if (fault !== null) faults[name] ??= fault;
  };
  put('max_budget', money(draft.max_budget));
  for (const name of ['rpm_limit', 'tpm_limit', 'max_parallel_requests'] as const)
    put(name, money(draft[name]) ?? (Number.isInteger(numberIn(draft[name]) ?? 0) ? null : t('form.not_whole')));
  for (const name of ['model_max_budget', 'budget_limits'] as const)
    for (const row of draft[name]) put(name, (row['max_budget'] ?? '') === '' ? t('form.amount_missing') : money(row['max_budget'] ?? ''));
  for (const row of draft.model_max_budget) put('model_max_budget', row['model'] ? null : t('form.model_missing'));
  for (const row of draft.budget_limits) put('budget_limits', row['budget_duration'] ? null : t('form.period_missing'));
  for (const row of draft.aliases) put('aliases', row['name'] && row['model'] ? null : t('form.alias_missing'));
  put('metadata', isObjectText(draft.metadata) ? null : t('form.no_json'));
  return faults;
}

function isObjectText(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** The form as the server's members. Every one is there: null where nothing is set. */
function membersOf(draft: KeyDraft): Record<string, unknown> {
  const amount = numberIn(draft.max_budget);
  return {
    key_alias: orNull(draft.key_alias),
    user_id: orNull(draft.user_id),
    models: draft.models,
    max_budget: amount,
    // A period without an amount counts for nothing.
    budget_duration: amount === null ? null : orNull(draft.budget_duration),
    rpm_limit: numberIn(draft.rpm_limit),
    tpm_limit: numberIn(draft.tpm_limit),
    max_parallel_requests: numberIn(draft.max_parallel_requests),
    tags: draft.tags.length === 0 ? null : draft.tags,
    model_max_budget: Object.fromEntries(
      draft.model_max_budget.map((row) => [
        row['model'] ?? '',
        { max_budget: numberIn(row['max_budget'] ?? ''), budget_duration: orNull(row['budget_duration'] ?? '') },
      ]),
    ),
    budget_limits:
      draft.budget_limits.length === 0
        ? null
        : draft.budget_limits.map((row) => ({ max_budget: numberIn(row['max_budget'] ?? ''), budget_duration: row['budget_duration'] })),
    aliases: Object.fromEntries(draft.aliases.map((row) => [row['name'] ?? '', row['model'] ?? ''])),
    metadata: draft.metadata.trim() === '' ? {} : (JSON.parse(draft.metadata) as unknown),
  };
}

/**
 * The body that makes the key, or that changes what the reader changed and nothing else.
 *
 * @param key as it is; null for a new one
 */
export function bodyOf(draft: KeyDraft, key: Key | null): KeyBody {
  const members = membersOf(draft);
  const duration = draft.duration === '' ? {} : { duration: draft.duration };
  if (!key) {
    const given = Object.entries({ ...members, key_type: draft.key_type }).filter(([, value]) => isSet(value));
    return { ...Object.fromEntries(given), ...duration };
  }
  const before = membersOf(draftOf(key));
  const changed = Object.entries(members).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]));
  const body = Object.fromEntries(changed);
  const managed = key.metadata['managed_by'];
  // `metadata` is replaced as a whole: what the form does not show stays in it.
  if ('metadata' in body && managed !== undefined) body['metadata'] = { ...(body['metadata'] as object), managed_by: managed };
  return { ...body, ...duration };
}

function isSet(value: unknown): boolean {
  if (value === null) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
