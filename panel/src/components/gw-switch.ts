import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';

/** On or off, in force at once. Stands at the end of a settings row whose title is its label. Fires `value-changed`. */
@customElement('gw-switch')
export class GwSwitch extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        flex: none;
      }
      button {
        position: relative;
        inline-size: 48px;
        block-size: 24px;
        border-radius: var(--ha-border-radius-pill);
        border: 1px solid var(--ha-color-border-neutral-normal);
        background: var(--ha-color-fill-neutral-quiet-resting);
      }
      button::before {
        content: '';
        position: absolute;
        inset: -10px;
      }
      button::after {
        content: '';
        position: absolute;
        inset-block-start: 2px;
        inset-inline-start: 2px;
        inline-size: 18px;
        block-size: 18px;
        border-radius: 50%;
        background: var(--ha-color-on-neutral-normal);
      }
      button[aria-checked='true'] {
        border-color: var(--primary-color);
        background: var(--ha-color-fill-primary-normal-resting);
      }
      button[aria-checked='true']::after {
        inset-inline-start: auto;
        inset-inline-end: 2px;
        background: var(--primary-color);
      }
      button[disabled] {
        opacity: 0.5;
        cursor: default;
      }
      @media (forced-colors: active) {
        button,
        button::after {
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property({ type: Boolean }) checked = false;
  @property({ type: Boolean }) disabled = false;
  @property() label = '';

  override render() {
    return html`<button
      type="button"
      role="switch"
      aria-checked=${this.checked}
      aria-label=${this.label}
      ?disabled=${this.disabled}
      @click=${this.#onClick}
    ></button>`;
  }

  #onClick(): void {
    this.checked = !this.checked;
    this.dispatchEvent(new CustomEvent('value-changed', { detail: { value: this.checked } }));
  }
}
