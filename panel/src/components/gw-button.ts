import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base, buttons } from '../theme/base.ts';
import './gw-icon.ts';
import './gw-ring.ts';

/**
 * A button, or a link that looks like one when `href` is set. One `accent` button a view. `loading` keeps its width and takes no second
 * click; `busyText` stands in place of the label meanwhile when the label should say what happens.
 */
@customElement('gw-button')
export class GwButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: inline-flex;
        min-inline-size: 0;
        vertical-align: middle;
      }
      .button {
        position: relative;
        inline-size: 100%;
        min-inline-size: 0;
      }
      .busy .label {
        visibility: hidden;
      }
      .busy gw-ring {
        position: absolute;
        inset: 0;
        margin: auto;
      }
      .label {
        line-height: 20px;
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
        overflow: hidden;
        text-overflow: ellipsis;
      }
      @media (pointer: coarse) {
        .button.small::after {
          content: '';
          position: absolute;
          inset-block: -6px;
          inset-inline: 0;
        }
      }
    `,
  ];

  @property() look: 'accent' | 'filled' | 'outlined' | 'plain' = 'plain';
  @property() tone: 'brand' | 'neutral' | 'danger' | 'warning' = 'brand';
  @property({ type: Boolean }) small = false;
  @property({ type: Boolean }) disabled = false;
  @property({ type: Boolean }) loading = false;
  @property() href = '';
  /** Opens in a new page. */
  @property({ type: Boolean }) external = false;
  @property() type: 'button' | 'submit' = 'button';
  /** Path of the icon before the words. */
  @property() icon = '';
  /** Path of the icon after the words. */
  @property() trail = '';
  @property() label = '';
  @property() expanded: '' | 'true' | 'false' = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('click', this.#onClick, { capture: true });
  }

  override disconnectedCallback(): void {
    this.removeEventListener('click', this.#onClick, { capture: true });
    super.disconnectedCallback();
  }

  override render() {
    const classes = `button ${this.look} ${this.tone} ${this.small ? 'small' : ''} ${this.loading ? 'busy' : ''}`;
    const content = html`<span class="label"
        >${this.icon ? html`<gw-icon .path=${this.icon}></gw-icon>` : nothing}<slot></slot>${
          this.trail ? html`<gw-icon class="trail" mirrored .path=${this.trail}></gw-icon>` : nothing
        }</span
      >${this.loading ? html`<gw-ring size="s" ?on-accent=${this.look === 'accent'}></gw-ring>` : nothing}`;
    if (this.href)
      return html`<a
        class=${classes}
        href=${this.href}
        target=${this.external ? '_blank' : nothing}
        rel=${this.external ? 'noreferrer external' : nothing}
        aria-label=${this.label || nothing}
        >${content}</a
      >`;
    return html`<button
      class=${classes}
      type="button"
      ?disabled=${this.disabled}
      aria-busy=${this.loading ? 'true' : nothing}
      aria-label=${this.label || nothing}
      aria-expanded=${this.expanded || nothing}
    >
      ${content}
    </button>`;
  }

  /** A submit button submits the form around it, which its own shadow hides from the inner button. */
  readonly #onClick = (event: Event) => {
    if (this.disabled || this.loading) {
      event.stopImmediatePropagation();
      event.preventDefault();
    } else if (this.type === 'submit') this.closest('form')?.requestSubmit();
  };
}
