import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import './gw-ring.ts';

/** The ring in the middle of an empty page or card, after a moment: what is quick shows none. */
@customElement('gw-loading')
export class GwLoading extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      justify-content: center;
      padding: 96px var(--ha-space-6);
      animation: late 300ms step-end;
    }
    :host([tight]) {
      padding-block: var(--ha-space-6) var(--ha-space-8);
    }
    @keyframes late {
      from {
        visibility: hidden;
      }
    }
  `;

  /** Inside a card. */
  @property({ type: Boolean, reflect: true }) tight = false;

  override render() {
    return html`<gw-ring size=${this.tight ? 'm' : 'l'}></gw-ring>`;
  }
}
