import { mdiMenuDown } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { t } from '../i18n/texts.ts';
import { base } from '../theme/base.ts';
import './gw-icon.ts';
import { fieldStyles, GwField } from './field.ts';

const UNITS = ['s', 'm', 'h', 'd', 'mo'] as const;
type Unit = (typeof UNITS)[number];
const UNIT_TEXTS = { s: 'units.seconds', m: 'units.minutes', h: 'units.hours', d: 'units.days', mo: 'units.months' } as const;

/** A length of time as the server writes it: `30s`, `90m`, `24h`, `30d`, `1mo`; empty for none. */
@customElement('gw-duration-field')
export class GwDurationField extends GwField {
  static override styles = [
    base,
    fieldStyles,
    css`
      select {
        appearance: none;
        flex: none;
        inline-size: auto;
        padding-inline: var(--ha-space-2) 32px;
        cursor: pointer;
        color: var(--ha-color-text-secondary);
        text-align: end;
      }
      gw-icon {
        position: absolute;
        inset-inline-end: 8px;
        inset-block-start: 24px;
        pointer-events: none;
      }
      option {
        background: var(--card-background-color);
        color: var(--primary-text-color);
      }
    `,
  ];

  @property() value = '';
  @property({ attribute: false }) units: readonly Unit[] = UNITS;

  get #parts(): { amount: string; unit: Unit } {
    const found = /^(\d*)(mo|s|m|h|d)$/.exec(this.value);
    const unit = this.units.find((one) => one === found?.[2]) ?? this.units[0] ?? 'd';
    return { amount: found?.[1] ?? '', unit };
  }

  protected override control() {
    const { amount, unit } = this.#parts;
    return html`<input
        id="control"
        aria-describedby="hint"
        aria-invalid=${this.error ? 'true' : nothing}
        inputmode="numeric"
        autocomplete="off"
        .value=${live(amount)}
        ?required=${this.required}
        ?disabled=${this.disabled}
        @input=${(event: InputEvent) => this.#set((event.target as HTMLInputElement).value, this.#parts.unit)}
        @keydown=${this.submitOnEnter}
      /><select
        aria-label=${t('units.unit_of', { name: this.label })}
        ?disabled=${this.disabled}
        @change=${(event: Event) => this.#set(this.#parts.amount, (event.target as HTMLSelectElement).value as Unit)}
      >
        ${this.units.map((one) => html`<option value=${one} .selected=${one === unit}>${t(UNIT_TEXTS[one])}</option>`)}
      </select>`;
  }

  protected override trailing() {
    return html`<gw-icon .path=${mdiMenuDown}></gw-icon>`;
  }

  #set(amount: string, unit: Unit): void {
    const digits = amount.replace(/\D/g, '');
    // The unit alone is kept, so that choosing it first is not lost.
    this.value = `${digits}${unit}`;
    this.changed(digits === '' ? '' : this.value);
  }
}
