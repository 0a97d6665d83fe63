import { mdiAccountPlus } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { createKey, updateKey, type Key } from '../../api/keys.ts';
import { findModels } from '../../api/model-names.ts';
import { findPeople, personName, type Person } from '../../api/people.ts';
import type { Session } from '../../api/session.ts';
import { confirm } from '../../components/confirm.ts';
import { markError, type GwField, type ValueChanged } from '../../components/field.ts';
import type { GwExpander } from '../../components/gw-expander.ts';
import { done, openDialog } from '../../components/open-dialog.ts';
import { Suggesting } from '../../components/suggesting.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { isAdmin } from '../../session/session-context.ts';
import { periodHint, periodOptions } from './budget-period.ts';
import { bodyOf, draftOf, faultsOf, type Faults, type KeyDraft } from './key-draft.ts';
import { ownerName } from './key-facts.ts';
import { moreFields } from './key-more-fields.ts';
import '../../components/gw-alert.ts';
import '../../components/gw-button.ts';
import '../../components/gw-chips-field.ts';
import '../../components/gw-combobox.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-expander.ts';
import '../../components/gw-number-field.ts';
import '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';

/** Creates a key, or edits one: four decisions in sight, limits open, the rest folded. Ends with what the server made of it. */
@customElement('gw-key-dialog')
export class GwKeyDialog extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      gw-alert {
        margin-block-end: var(--ha-space-3);
      }
      gw-expander {
        margin-block-end: var(--ha-space-2);
      }
      .field-grid gw-expander .field-grid {
        padding: 0;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  /** The key to edit; null for a new one. */
  @property({ attribute: false }) key: Key | null = null;
  @state() private _draft: KeyDraft = draftOf(null);
  @state() private _faults: Faults = {};
  @state() private _failed = '';
  @state() private _busy = false;
  #before = '';
  readonly #models = new Suggesting(this, findModels);
  readonly #people = new Suggesting(this, (text, signal) => (isAdmin(this.session) ? findPeople(text, signal) : Promise.resolve([])));

  override connectedCallback(): void {
    super.connectedCallback();
    const { key } = this;
    this._draft = draftOf(key);
    this.#before = JSON.stringify(this._draft);
    if (key?.user_id) this.#people.know({ value: key.user_id, label: ownerName(key) });
  }

  override render() {
    const heading = this.key ? t('keys.edit.title') : t('keys.create.title');
    return html`<gw-dialog open heading=${heading} subtitle=${this.key?.key_alias ?? ''} @gw-close=${this.#close}>
      ${this._failed ? html`<gw-alert kind="error" announce>${this._failed}</gw-alert>` : nothing}
      <form @submit=${this.#submit}>
        <div class="field-grid">
          ${this.#name()} ${isAdmin(this.session) ? this.#person() : nothing} ${this.#modelChoice()} ${this.#budget()}
          <gw-expander class="full" open heading=${t('keys.form.limits')} note=${t('keys.form.limits_note')}>${this.#limits()}</gw-expander>
          <gw-expander class="full" heading=${t('keys.form.more')} note=${t('keys.form.more_note')}>
            ${moreFields(this._draft, this._faults, { key: this.key, admin: isAdmin(this.session) }, (change) => this.#change(change))}
          </gw-expander>
        </div>
      </form>
      <gw-button slot="footer" @click=${this.#close}>${t('actions.cancel')}</gw-button>
      <gw-button slot="footer" look="accent" ?loading=${this._busy} @click=${this.#submit}
        >${this.key ? t('form.save') : t('keys.create.yes')}</gw-button
      >
    </gw-dialog>`;
  }

  #name() {
    return html`<gw-text-field
      class=${isAdmin(this.session) ? '' : 'full'}
      autofocus
      name="key_alias"
      label=${t('keys.form.name')}
      helper=${t('keys.form.name_helper')}
      error=${this._faults['key_alias'] ?? ''}
      maxLength="255"
      .value=${this._draft.key_alias}
      @value-changed=${(event: ValueChanged) => this.#change({ key_alias: event.detail.value })}
    ></gw-text-field>`;
  }

  #person() {
    const { user_id: user } = this._draft;
    return html`<div>
      <gw-combobox
        strict
        name="user_id"
        label=${t('keys.used_by')}
        helper=${t('keys.form.person_helper')}
        error=${this._faults['user_id'] ?? ''}
        .value=${user}
        .suggestions=${[{ value: '', label: t('keys.form.nobody') }, ...this.#people.with([user])]}
        @input=${this.#people.onInput}
        @value-changed=${(event: ValueChanged) => this.#change({ user_id: event.detail.value })}
      ></gw-combobox>
      <gw-button small .icon=${mdiAccountPlus} @click=${this.#createPerson}>${t('people.create.title')}</gw-button>
    </div>`;
  }

  #modelChoice() {
    return html`<gw-chips-field
      class="full"
      name="models"
      free
      label=${t('keys.form.models')}
      add=${t('keys.form.add_model')}
      none=${t('keys.all_models')}
      error=${this._faults['models'] ?? ''}
      .value=${this._draft.models}
      .suggestions=${this.#models.with(this._draft.models)}
      @input=${this.#models.onInput}
      @value-changed=${(event: ValueChanged<readonly string[]>) => this.#change({ models: event.detail.value })}
    ></gw-chips-field>`;
  }

  #budget() {
    const { max_budget: amount, budget_duration: period } = this._draft;
    return html`<gw-number-field
        name="max_budget"
        label=${t('keys.form.budget')}
        unit="USD"
        placeholder=${t('budget.none')}
        helper=${t('keys.form.budget_helper')}
        error=${this._faults['max_budget'] ?? ''}
        .value=${amount}
        @value-changed=${(event: ValueChanged) => this.#change({ max_budget: event.detail.value })}
      ></gw-number-field>
      <gw-select
        name="budget_duration"
        label=${t('keys.form.starts_again')}
        helper=${periodHint(period)}
        error=${this._faults['budget_duration'] ?? ''}
        .value=${period}
        .options=${periodOptions(period)}
        @value-changed=${(event: ValueChanged) => this.#change({ budget_duration: event.detail.value })}
      ></gw-select>`;
  }

  #limits() {
    const field = (name: 'rpm_limit' | 'tpm_limit' | 'max_parallel_requests', label: string, unit: string) =>
      html`<gw-number-field
        whole
        name=${name}
        label=${label}
        unit=${unit}
        placeholder=${t('keys.limit.none')}
        error=${this._faults[name] ?? ''}
        .value=${this._draft[name]}
        @value-changed=${(event: ValueChanged) => this.#change({ [name]: event.detail.value })}
      ></gw-number-field>`;
    return html`<div class="field-grid three">
      ${field('rpm_limit', t('keys.form.calls'), t('keys.form.per_minute'))}
      ${field('tpm_limit', t('keys.form.tokens'), t('keys.form.per_minute'))}
      ${field('max_parallel_requests', t('keys.form.at_once'), t('keys.form.calls_unit'))}
    </div>`;
  }

  #change(change: Partial<KeyDraft>): void {
    this._draft = { ...this._draft, ...change };
    const names = new Set(Object.keys(change));
    this._faults = Object.fromEntries(Object.entries(this._faults).filter(([name]) => !names.has(name)));
  }

  readonly #createPerson = async () => {
    await import('../people/person-dialog.ts');
    const person = await openDialog<Person>(document.createElement('gw-person-dialog'));
    if (!person) return;
    this.#people.know({ value: person.user_id, label: personName(person) });
    this.#change({ user_id: person.user_id });
  };

  /** Asks when something was written and would be lost. */
  readonly #close = async () => {
    const isLost = JSON.stringify(this._draft) !== this.#before;
    const agreed = !isLost || (await confirm({ title: t('form.discard.title'), text: t('form.discard.text'), yes: t('form.discard.yes') }));
    if (agreed) done(this);
  };

  readonly #submit = async (event: Event) => {
    event.preventDefault();
    if (this._busy) return;
    this._failed = '';
    this._faults = faultsOf(this._draft);
    if (Object.keys(this._faults).length > 0) {
      await this.#showFault();
      return;
    }
    this._busy = true;
    try {
      const body = bodyOf(this._draft, this.key);
      done(this, this.key ? await updateKey(this.key.token, body) : await createKey(body));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.#refused(error);
    } finally {
      this._busy = false;
    }
  };

  async #refused({ param, message }: ApiError): Promise<void> {
    const field = param === null ? null : this.renderRoot.querySelector(`[name="${CSS.escape(param)}"]`);
    if (!field || param === null) {
      markError(this.renderRoot, null, '');
      this._failed = message;
      return;
    }
    this._faults = { [param]: message };
    await this.#showFault();
  }

  /** Opens the part that the first wrong field is folded in, and puts the reader there. */
  async #showFault(): Promise<void> {
    await this.updateComplete;
    const field = [...this.renderRoot.querySelectorAll<GwField>('[name]')].find(({ name }) => this._faults[name] !== undefined);
    const folded = field?.closest<GwExpander>('gw-expander');
    if (folded) folded.open = true;
    await folded?.updateComplete;
    field?.focus();
    field?.scrollIntoView({ block: 'nearest' });
  }
}
