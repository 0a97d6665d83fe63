import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { findModels } from '../../api/model-names.ts';
import { findPeople } from '../../api/people.ts';
import type { ValueChanged } from '../../components/field.ts';
import { done } from '../../components/open-dialog.ts';
import { Suggesting } from '../../components/suggesting.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import '../../components/gw-button.ts';
import '../../components/gw-combobox.ts';
import '../../components/gw-dialog.ts';
import '../../components/gw-select.ts';

const STATES = ['', 'active', 'blocked', 'expired', 'over_budget'] as const;

/** What a list of keys is narrowed by; empty: not. */
export interface KeyFilters {
  readonly state: (typeof STATES)[number];
  readonly model: string;
  readonly user: string;
}

/** Chooses filters of the list of keys. */
@customElement('gw-key-filters')
export class GwKeyFilters extends LitElement {
  static override styles = [base, layout];

  @property({ attribute: false }) filters: KeyFilters = { state: '', model: '', user: '' };
  @property({ attribute: false }) personName = '';
  @property({ type: Boolean }) withPeople = false;
  @state() private _chosen: KeyFilters | null = null;
  readonly #models = new Suggesting(this, findModels);
  readonly #people = new Suggesting(this, (text, signal) => (this.withPeople ? findPeople(text, signal) : Promise.resolve([])));

  override connectedCallback(): void {
    super.connectedCallback();
    const { user } = this.filters;
    if (user !== '') this.#people.know({ value: user, label: this.personName || user });
  }

  override render() {
    const { state: wanted, model, user } = this._chosen ?? this.filters;
    const options = STATES.map((value) => ({ value, label: t(`keys.filter.${value === '' ? 'any' : value}`) }));
    return html`<gw-dialog open size="small" heading=${t('keys.filters')} @gw-close=${() => done(this)}>
      <div class="stack tight">
        <gw-select label=${t('keys.column.state')} .value=${wanted} .options=${options} @value-changed=${this.#set('state')}></gw-select>
        <gw-combobox
          label=${t('keys.filter.model')}
          .value=${model}
          .suggestions=${this.#models.with([model])}
          @input=${this.#models.onInput}
          @value-changed=${this.#set('model')}
        ></gw-combobox>
        ${
          this.withPeople
            ? html`<gw-combobox
                label=${t('keys.used_by')}
                .value=${user}
                .suggestions=${this.#people.with([user])}
                @input=${this.#people.onInput}
                @value-changed=${this.#set('user')}
              ></gw-combobox>`
            : nothing
        }
      </div>
      <gw-button slot="footer" @click=${() => done(this, { state: '', model: '', user: '' })}>${t('table.clear_filters')}</gw-button>
      <gw-button slot="footer" look="accent" @click=${() => done(this, this._chosen ?? this.filters)}>${t('keys.filter.apply')}</gw-button>
    </gw-dialog>`;
  }

  #set(name: keyof KeyFilters) {
    return (event: ValueChanged) => {
      this._chosen = { ...(this._chosen ?? this.filters), [name]: event.detail.value.trim() };
    };
  }
}
