import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base, buttons } from '../theme/base.ts';
import './gw-icon.ts';

/** A button that is an icon. The label is said to screen readers and shown as its tooltip. */
@customElement('gw-icon-button')
export class GwIconButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: inline-flex;
        flex: none;
      }
    `,
  ];

  @property() path = '';
  @property() label = '';
  @property() href = '';
  @property() size: 'm' | 'small' | 'tiny' = 'm';
  @property({ type: Boolean }) disabled = false;
  @property({ type: Boolean }) mirrored = false;
  @property() pressed: '' | 'true' | 'false' = '';

  override render() {
    const icon = html`<gw-icon .path=${this.path} ?mirrored=${this.mirrored}></gw-icon>`;
    if (this.href)
      return html`<a class="icon-button ${this.size}" href=${this.href} aria-label=${this.label} title=${this.label}>${icon}</a>`;
    return html`<button
      type="button"
      class="icon-button ${this.size}"
      aria-label=${this.label}
      title=${this.label}
      aria-pressed=${this.pressed || nothing}
      ?disabled=${this.disabled}
    >
      ${icon}
    </button>`;
  }
}
