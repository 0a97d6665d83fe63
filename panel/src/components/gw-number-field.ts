import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { GwField } from './field.ts';

/**
 * A number with its unit. `value` is the text as typed, so that an amount of money keeps its digits; `number` is what it means, `null` when
 * empty or not a number. `whole` takes no decimals.
 */
@customElement('gw-number-field')
export class GwNumberField extends GwField {
  @property() value = '';
  @property() unit = '';
  @property() placeholder = '';
  @property({ type: Boolean }) whole = false;

  get number(): number | null {
    const text = this.value.trim().replace(',', '.');
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
  }

  protected override control() {
    return html`<input
      id="control"
      aria-describedby="hint"
      aria-invalid=${this.error ? 'true' : nothing}
      type="text"
      inputmode=${this.whole ? 'numeric' : 'decimal'}
      autocomplete="off"
      .value=${live(this.value)}
      placeholder=${this.placeholder}
      ?required=${this.required}
      ?disabled=${this.disabled}
      @input=${this.#onInput}
      @keydown=${this.submitOnEnter}
    />`;
  }

  protected override trailing() {
    return this.unit ? html`<span class="unit">${this.unit}</span>` : nothing;
  }

  #onInput(event: InputEvent): void {
    this.value = (event.target as HTMLInputElement).value;
    this.changed(this.value);
  }
}
