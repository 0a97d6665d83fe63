import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { GwField } from './field.ts';

/** A line of text, or several with `lines`. */
@customElement('gw-text-field')
export class GwTextField extends GwField {
  @property() value = '';
  @property() type: 'text' | 'email' | 'url' | 'search' | 'date' | 'datetime-local' = 'text';
  @property() placeholder = '';
  @property() autocomplete: AutoFill = 'off';
  @property() unit = '';
  @property({ type: Number }) maxLength = 0;
  /** More than one makes it a text area. */
  @property({ type: Number }) lines = 1;

  protected override control() {
    if (this.lines > 1)
      return html`<textarea
        id="control"
        aria-describedby="hint"
        aria-invalid=${this.error ? 'true' : nothing}
        rows=${this.lines}
        .value=${live(this.value)}
        placeholder=${this.placeholder}
        ?required=${this.required}
        ?disabled=${this.disabled}
        @input=${this.#onInput}
      ></textarea>`;
    return html`<input
      id="control"
      aria-describedby="hint"
      aria-invalid=${this.error ? 'true' : nothing}
      type=${this.type}
      .value=${live(this.value)}
      placeholder=${this.placeholder}
      autocomplete=${this.autocomplete}
      spellcheck="false"
      maxlength=${this.maxLength || nothing}
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
