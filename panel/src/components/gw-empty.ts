import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

/** Nothing here: one icon, one line, one sentence (the content), one button (slot `action`). Also the shape of "no match" and of errors. */
@customElement('gw-empty')
export class GwEmpty extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .empty {
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: var(--ha-space-4);
        padding: var(--ha-space-12) var(--ha-space-6);
        text-align: center;
      }
      :host([tight]) .empty {
        padding-block: var(--ha-space-6) var(--ha-space-8);
      }
      gw-icon {
        color: var(--secondary-text-color);
      }
      h2,
      .heading {
        font-size: var(--ha-font-size-xl);
        font-weight: var(--ha-font-weight-medium);
        line-height: 28px;
      }
      .text {
        color: var(--secondary-text-color);
        max-inline-size: 52ch;
      }
    `,
  ];

  @property() icon = '';
  @property() heading = '';
  /** Inside a card. */
  @property({ type: Boolean, reflect: true }) tight = false;

  override render() {
    return html`<div class="empty">
      ${this.icon ? html`<gw-icon size="l" .path=${this.icon}></gw-icon>` : nothing}
      ${this.heading ? (this.tight ? html`<p class="heading">${this.heading}</p>` : html`<h2>${this.heading}</h2>`) : nothing}
      <div class="text"><slot></slot></div>
      <slot name="action"></slot>
    </div>`;
  }
}
