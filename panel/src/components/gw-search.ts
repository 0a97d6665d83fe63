import { mdiMagnify } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

const PAUSE_MS = 250;

/** The search field of a list. Fires `value-changed` when typing pauses, and at once on Enter and when it is cleared. */
@customElement('gw-search')
export class GwSearch extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        flex: 1;
        min-inline-size: 0;
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        block-size: 40px;
        padding-inline: 10px;
        background: var(--card-background-color);
        border: 1px solid var(--gw-input-border);
        border-radius: var(--ha-border-radius-lg);
      }
      label:focus-within {
        border-color: var(--primary-color);
        outline: 1px solid var(--primary-color);
      }
      input {
        flex: 1;
        min-inline-size: 0;
        border: 0;
        outline: 0;
        background: none;
        font: inherit;
        color: inherit;
        appearance: none;
      }
      input:focus-visible {
        outline: 0;
      }
      input::placeholder {
        color: var(--secondary-text-color);
        opacity: 1;
      }
    `,
  ];

  @property() value = '';
  @property() label = '';
  #timer = 0;

  override disconnectedCallback(): void {
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  override render() {
    return html`<label>
      <gw-icon size="s" .path=${mdiMagnify}></gw-icon>
      <input
        type="search"
        aria-label=${this.label}
        placeholder=${this.label}
        .value=${live(this.value)}
        @input=${this.#onInput}
        @search=${this.#now}
      />
    </label>`;
  }

  #onInput(event: InputEvent): void {
    this.value = (event.target as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#now(), PAUSE_MS);
  }

  #now(): void {
    clearTimeout(this.#timer);
    this.dispatchEvent(new CustomEvent('value-changed', { detail: { value: this.value } }));
  }
}
