import { mdiPlus } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import type { ValueChanged } from './field.ts';
import type { GwCombobox, Suggestion } from './gw-combobox.ts';
import './gw-chip.ts';
import './gw-combobox.ts';

/**
 * Several of a list as chips: models a key may use, tags. "Add" opens a field with suggestions; with `free` any text can be added. `value` is the
 * list, `value-changed` carries it. `none` says what an empty list means ("All models").
 */
@customElement('gw-chips-field')
export class GwChipsField extends LitElement {
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
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--ha-space-1);
        padding-block: 4px;
      }
      .hint {
        min-block-size: 20px;
        padding-block-start: 4px;
        font-size: var(--ha-font-size-s);
        line-height: 16px;
        color: var(--secondary-text-color);
      }
      .hint.bad {
        color: var(--gw-text-bad);
      }
    `,
  ];

  @property() label = '';
  @property({ reflect: true }) name = '';
  @property() helper = '';
  @property() error = '';
  /** Words of the button that adds. */
  @property() add = '';
  @property() none = '';
  @property({ type: Boolean }) free = false;
  @property({ attribute: false }) value: readonly string[] = [];
  @property({ attribute: false }) suggestions: readonly Suggestion[] = [];
  @state() private _adding = false;

  override render() {
    const left = this.suggestions.filter(({ value }) => !this.value.includes(value));
    return html`<div role="group" aria-labelledby="label" aria-describedby="hint">
      <div class="label" id="label">${this.label}</div>
      <div class="chips">
        ${this.value.map((one) => html`<gw-chip removable @gw-remove=${() => this.#set(this.value.filter((kept) => kept !== one))}>${this.#labelOf(one)}</gw-chip>`)}
        ${this.value.length === 0 && this.none ? html`<span class="secondary">${this.none}</span>` : nothing}
        ${this.free || left.length > 0 ? html`<gw-chip .icon=${mdiPlus} @click=${this.#start}>${this.add}</gw-chip>` : nothing}
      </div>
      ${
        this._adding
          ? html`<gw-combobox
              label=${this.add}
              ?strict=${!this.free}
              .suggestions=${left}
              @value-changed=${this.#onTyped}
              @keydown=${this.#onKey}
              @focusout=${this.#onLeave}
            ></gw-combobox>`
          : nothing
      }
      <div class="hint ${this.error ? 'bad' : ''}" id="hint" role=${this.error ? 'alert' : nothing}>${this.error || this.helper}</div>
    </div>`;
  }

  #labelOf(value: string): string {
    return this.suggestions.find((one) => one.value === value)?.label ?? value;
  }

  async #start(): Promise<void> {
    this._adding = true;
    await this.updateComplete;
    const field = this.renderRoot.querySelector<GwCombobox>('gw-combobox');
    await field?.updateComplete;
    field?.focus();
  }

  /** A suggestion that was taken is added at once; free text waits for Enter. */
  #onTyped(event: ValueChanged): void {
    event.stopPropagation();
    const { value } = event.detail;
    if (this.suggestions.some((one) => one.value === value)) this.#append(value);
  }

  #onKey(event: KeyboardEvent): void {
    const typed = this.renderRoot.querySelector<GwCombobox>('gw-combobox')?.value.trim() ?? '';
    if (event.key === 'Enter' && this.free && typed !== '') {
      event.preventDefault();
      this.#append(typed);
    }
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      this._adding = false;
    }
  }

  #onLeave(): void {
    const typed = this.renderRoot.querySelector<GwCombobox>('gw-combobox')?.value.trim() ?? '';
    if (this.free && typed !== '') this.#append(typed);
    else this._adding = false;
  }

  #append(value: string): void {
    this._adding = false;
    if (!this.value.includes(value)) this.#set([...this.value, value]);
  }

  #set(value: readonly string[]): void {
    this.value = value;
    this.dispatchEvent(new CustomEvent('value-changed', { detail: { value }, bubbles: true, composed: true }));
  }
}
