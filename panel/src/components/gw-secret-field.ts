import { mdiEye, mdiEyeOff } from '@mdi/js';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { t } from '../i18n/texts.ts';
import { GwField } from './field.ts';
import './gw-icon-button.ts';

/** A password or API key: hidden, with a button that shows what was typed. What the server keeps it never gives back: say its last four in `placeholder`. */
@customElement('gw-secret-field')
export class GwSecretField extends GwField {
  @property() value = '';
  @property() placeholder = '';
  @property() autocomplete: AutoFill = 'off';
  @state() private _shown = false;

  protected override control() {
    return html`<input
      id="control"
      aria-describedby="hint"
      aria-invalid=${this.error ? 'true' : nothing}
      type=${this._shown ? 'text' : 'password'}
      .value=${live(this.value)}
      placeholder=${this.placeholder}
      autocomplete=${this.autocomplete}
      spellcheck="false"
      ?required=${this.required}
      ?disabled=${this.disabled}
      @input=${this.#onInput}
      @keydown=${this.submitOnEnter}
    />`;
  }

  protected override trailing() {
    const label = t(this._shown ? 'actions.hide_value' : 'actions.show_value', { name: this.label });
    return html`<gw-icon-button
      .path=${this._shown ? mdiEyeOff : mdiEye}
      label=${label}
      ?disabled=${this.disabled}
      @click=${() => (this._shown = !this._shown)}
    ></gw-icon-button>`;
  }

  #onInput(event: InputEvent): void {
    this.value = (event.target as HTMLInputElement).value;
    this.changed(this.value);
  }
}
