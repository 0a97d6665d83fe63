import { mdiClose, mdiPlus } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { findModels } from '../../api/model-names.ts';
import type { ValueChanged } from '../../components/field.ts';
import { Suggesting } from '../../components/suggesting.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { periodOptions } from './budget-period.ts';
import type { DraftRow } from './key-draft.ts';
import '../../components/gw-button.ts';
import '../../components/gw-combobox.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-number-field.ts';
import '../../components/gw-select.ts';
import '../../components/gw-text-field.ts';

/** A field of each line. */
export interface RowField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'money' | 'model' | 'period';
}

/** A list in a form whose lines have two or three fields: budgets of models, further budgets, other names. */
@customElement('gw-key-rows-field')
export class GwKeyRowsField extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      .label {
        font-size: var(--ha-font-size-s);
        line-height: 16px;
        color: var(--ha-color-text-secondary);
        margin-block-end: 4px;
      }
      .line {
        display: flex;
        align-items: flex-start;
        gap: var(--ha-space-2);
      }
      .line > :not(gw-icon-button) {
        flex: 1;
      }
      .line > gw-icon-button {
        margin-block-start: 8px;
      }
      .hint {
        padding-block: 4px;
        font-size: var(--ha-font-size-s);
        line-height: 16px;
        color: var(--secondary-text-color);
      }
      .hint.bad {
        color: var(--gw-text-bad);
      }
      @media (max-width: 500px) {
        .line {
          flex-wrap: wrap;
        }
        .line > :not(gw-icon-button) {
          flex: 1 1 40%;
        }
      }
    `,
  ];

  @property() label = '';
  @property({ reflect: true }) name = '';
  @property() helper = '';
  @property() error = '';
  /** Words of the button that adds a line. */
  @property() add = '';
  @property({ attribute: false }) fields: readonly RowField[] = [];
  @property({ attribute: false }) value: readonly DraftRow[] = [];
  readonly #models = new Suggesting(this, findModels);

  override render() {
    return html`<div role="group" aria-labelledby="label" aria-describedby="hint">
      <div class="label" id="label">${this.label}</div>
      ${this.value.map((row, index) => this.#line(row, index))}
      <gw-button small .icon=${mdiPlus} @click=${this.#append}>${this.add}</gw-button>
      <div class="hint ${this.error ? 'bad' : ''}" id="hint" role=${this.error ? 'alert' : nothing}>${this.error || this.helper}</div>
    </div>`;
  }

  #line(row: DraftRow, index: number) {
    return html`<div class="line">
      ${this.fields.map((field) => this.#field(field, row[field.name] ?? '', index))}
      <gw-icon-button
        size="small"
        .path=${mdiClose}
        label=${t('form.remove_line', { number: index + 1 })}
        @click=${() => this.#remove(index)}
      ></gw-icon-button>
    </div>`;
  }

  #field({ name, label, kind }: RowField, value: string, index: number) {
    const changed = (event: ValueChanged) => this.#change(event, index, name);
    switch (kind) {
      case 'text':
        return html`<gw-text-field label=${label} .value=${value} @value-changed=${changed}></gw-text-field>`;
      case 'money':
        return html`<gw-number-field label=${label} unit="USD" .value=${value} @value-changed=${changed}></gw-number-field>`;
      case 'period':
        return html`<gw-select label=${label} .value=${value} .options=${periodOptions(value)} @value-changed=${changed}></gw-select>`;
      case 'model':
        return html`<gw-combobox
          label=${label}
          .value=${value}
          .suggestions=${this.#models.with([value])}
          @input=${this.#models.onInput}
          @value-changed=${changed}
        ></gw-combobox>`;
    }
  }

  #change(event: ValueChanged, index: number, name: string): void {
    event.stopPropagation();
    this.#set(this.value.map((row, at) => (at === index ? { ...row, [name]: event.detail.value } : row)));
  }

  readonly #append = () => {
    const usual = this.fields.map(({ name, kind }) => [name, kind === 'period' ? '1mo' : '']);
    this.#set([...this.value, Object.fromEntries(usual) as DraftRow]);
  };

  #remove(index: number): void {
    this.#set(this.value.filter((_, at) => at !== index));
  }

  #set(value: readonly DraftRow[]): void {
    this.value = value;
    this.error = '';
    this.dispatchEvent(new CustomEvent('value-changed', { detail: { value }, bubbles: true, composed: true }));
  }
}
