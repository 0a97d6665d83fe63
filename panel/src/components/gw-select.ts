import { mdiMenuDown } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { GwField, fieldStyles } from './field.ts';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

/**
 * One of a few. The browser's own select: it speaks to every screen reader and opens as a sheet on phones; where the browser lets it be
 * styled, its list looks like a menu of the panel.
 */
@customElement('gw-select')
export class GwSelect extends GwField {
  static override styles = [
    base,
    fieldStyles,
    css`
      select {
        appearance: none;
        cursor: pointer;
        padding-inline-end: 40px;
      }
      option {
        background: var(--card-background-color);
        color: var(--primary-text-color);
      }
      gw-icon {
        position: absolute;
        inset-inline-end: 16px;
        pointer-events: none;
        color: var(--primary-text-color);
      }
      .box {
        padding-inline-end: 0;
      }
      @supports (appearance: base-select) {
        select,
        ::picker(select) {
          appearance: base-select;
        }
        select::picker-icon {
          display: none;
        }
        ::picker(select) {
          margin-block-start: 4px;
          padding-block: var(--ha-space-2);
          border: 1px solid var(--divider-color);
          border-radius: var(--ha-border-radius-lg);
          background: var(--card-background-color);
          box-shadow: var(--ha-box-shadow-m);
          max-block-size: 320px;
        }
        option {
          min-block-size: 40px;
          padding-inline: var(--ha-space-4);
          font-size: var(--ha-font-size-m);
        }
        option:hover,
        option:focus-visible {
          background: var(--gw-row-hover);
          outline: 0;
        }
        option:checked {
          background: var(--ha-color-fill-primary-quiet-resting);
          color: var(--gw-text-brand);
        }
        option::checkmark {
          display: none;
        }
        option:disabled {
          color: var(--ha-color-text-disabled);
        }
      }
    `,
  ];

  @property() value = '';
  @property({ attribute: false }) options: readonly Option[] = [];

  protected override control() {
    return html`<select
      id="control"
      aria-describedby="hint"
      aria-invalid=${this.error ? 'true' : nothing}
      ?required=${this.required}
      ?disabled=${this.disabled}
      @change=${this.#onChange}
    >
      ${this.options.map(
        ({ value, label, disabled }) =>
          html`<option value=${value} ?selected=${value === this.value} .selected=${value === this.value} ?disabled=${disabled}>
            ${label}
          </option>`,
      )}
    </select>`;
  }

  protected override trailing() {
    return html`<gw-icon .path=${mdiMenuDown}></gw-icon>`;
  }

  #onChange(event: Event): void {
    this.value = (event.target as HTMLSelectElement).value;
    this.changed(this.value);
  }
}
