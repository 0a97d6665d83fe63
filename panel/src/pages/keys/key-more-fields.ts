import { html, nothing } from 'lit';
import type { Key } from '../../api/keys.ts';
import type { ValueChanged } from '../../components/field.ts';
import { dateTime } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import type { DraftRow, Faults, KeyDraft } from './key-draft.ts';
import type { RowField } from './key-rows-field.ts';
import '../../components/gw-button.ts';
import '../../components/gw-chips-field.ts';
import '../../components/gw-duration-field.ts';
import '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';
import './key-rows-field.ts';

type Change = (change: Partial<KeyDraft>) => void;

/** The key that is edited, and whether an administrator does it: others make no key that manages. */
export interface MoreContext {
  readonly key: Key | null;
  readonly admin: boolean;
}

/** What few keys need: expiry, kind, tags, budgets beside the main one, other names of models, notes. */
export function moreFields(draft: KeyDraft, faults: Faults, { key, admin }: MoreContext, change: Change) {
  return html`<div class="field-grid">
    ${expiry(draft, faults, key, change)} ${key ? nothing : kind(draft, faults, admin, change)}
    <gw-chips-field
      class="full"
      name="tags"
      free
      label=${t('keys.form.tags')}
      add=${t('keys.form.add_tag')}
      helper=${t('keys.form.tags_helper')}
      error=${faults['tags'] ?? ''}
      .value=${draft.tags}
      @value-changed=${(event: ValueChanged<readonly string[]>) => change({ tags: event.detail.value })}
    ></gw-chips-field>
    ${rows('model_max_budget', draft, faults, change, {
      fields: [modelField(), amountField(), periodField()],
      label: t('keys.form.model_budgets'),
      add: t('keys.form.add_model_budget'),
      helper: t('keys.form.model_budgets_helper'),
    })}
    ${rows('budget_limits', draft, faults, change, {
      fields: [amountField(), periodField()],
      label: t('keys.form.windows'),
      add: t('keys.form.add_window'),
      helper: t('keys.form.windows_helper'),
    })}
    ${rows('aliases', draft, faults, change, {
      fields: [{ name: 'name', label: t('keys.form.alias_name'), kind: 'text' }, modelField()],
      label: t('keys.form.aliases'),
      add: t('keys.form.add_alias'),
      helper: t('keys.form.aliases_helper'),
    })}
    <gw-text-field
      class="full"
      name="metadata"
      lines="3"
      label=${t('keys.form.metadata')}
      helper=${t('keys.form.metadata_helper')}
      error=${faults['metadata'] ?? ''}
      .value=${draft.metadata}
      @value-changed=${(event: ValueChanged) => change({ metadata: event.detail.value })}
    ></gw-text-field>
  </div>`;
}

const modelField = (): RowField => ({ name: 'model', label: t('keys.form.model'), kind: 'model' });
const amountField = (): RowField => ({ name: 'max_budget', label: t('keys.form.budget'), kind: 'money' });
const periodField = (): RowField => ({ name: 'budget_duration', label: t('keys.form.starts_again'), kind: 'period' });

interface RowsLook {
  readonly fields: readonly RowField[];
  readonly label: string;
  readonly add: string;
  readonly helper: string;
}

function rows(name: 'model_max_budget' | 'budget_limits' | 'aliases', draft: KeyDraft, faults: Faults, change: Change, look: RowsLook) {
  return html`<gw-key-rows-field
    class="full"
    name=${name}
    label=${look.label}
    add=${look.add}
    helper=${look.helper}
    error=${faults[name] ?? ''}
    .fields=${look.fields}
    .value=${draft[name]}
    @value-changed=${(event: ValueChanged<readonly DraftRow[]>) => change({ [name]: event.detail.value })}
  ></gw-key-rows-field>`;
}

/** A new expiry counts from now; `-1` takes it away. */
function expiry(draft: KeyDraft, faults: Faults, key: Key | null, change: Change) {
  const expires = key?.expires ?? null;
  const never = draft.duration === '-1';
  const helper = never || !expires ? t('keys.form.never_expires') : t('keys.form.expires_at', { time: dateTime(expires) });
  return html`<div class=${key ? 'full' : ''}>
    <gw-duration-field
      name="duration"
      label=${t('keys.form.expires_after')}
      helper=${draft.duration === '' || never ? helper : t('keys.form.from_now')}
      error=${faults['duration'] ?? ''}
      .units=${['h', 'd', 'mo']}
      .value=${never ? '' : draft.duration}
      @value-changed=${(event: ValueChanged) => change({ duration: event.detail.value })}
    ></gw-duration-field>
    ${expires && !never ? html`<gw-button small @click=${() => change({ duration: '-1' })}>${t('keys.form.let_live')}</gw-button>` : nothing}
  </div>`;
}

function kind(draft: KeyDraft, faults: Faults, admin: boolean, change: Change) {
  const kinds = ['default', 'llm_api', 'read_only', ...(admin ? (['management'] as const) : [])] as const;
  const options = kinds.map((value) => ({ value, label: t(`keys.type.${value}`) }));
  return html`<gw-select
    name="key_type"
    label=${t('keys.may_call')}
    error=${faults['key_type'] ?? ''}
    .value=${draft.key_type}
    .options=${options}
    @value-changed=${(event: ValueChanged) => change({ key_type: event.detail.value })}
  ></gw-select>`;
}
