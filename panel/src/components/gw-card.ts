import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';

/**
 * A card. Slots: the content (with padding; `flush` takes it away for lists and tables), `action` at the end of the header, `actions` below
 * a line. Cards are never put into cards.
 */
@customElement('gw-card')
export class GwCard extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      section {
        block-size: 100%;
        background: var(--ha-card-background, var(--card-background-color));
        border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--divider-color));
        border-radius: var(--ha-card-border-radius, var(--ha-border-radius-lg));
        box-shadow: var(--ha-card-box-shadow, none);
        overflow: clip;
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        min-block-size: 48px;
        padding: var(--ha-space-3) var(--ha-space-4) var(--ha-space-1);
      }
      h2 {
        flex: 1;
        min-inline-size: 0;
        font-size: var(--ha-font-size-l);
        font-weight: var(--ha-font-weight-medium);
        line-height: 24px;
        color: var(--secondary-text-color);
      }
      :host([large]) h2 {
        font-size: var(--ha-font-size-2xl);
        font-weight: var(--ha-font-weight-normal);
        line-height: 32px;
        color: var(--primary-text-color);
      }
      .content {
        padding: var(--ha-space-2) var(--ha-space-4) var(--ha-space-4);
      }
      .content.bare {
        padding-block-start: var(--ha-space-4);
      }
      :host([flush]) .content {
        padding: 0;
      }
      ::slotted([slot='actions']) {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: var(--ha-space-2);
        padding: var(--ha-space-2);
        border-block-start: 1px solid var(--divider-color);
      }
      ::slotted(gw-button[slot='action']),
      ::slotted(gw-icon-button[slot='action']),
      ::slotted(gw-menu[slot='action']) {
        margin-block: -4px;
        margin-inline-end: -8px;
      }
    `,
  ];

  @property() heading = '';
  /** The one headline of a page. */
  @property({ type: Boolean, reflect: true }) large = false;
  @property({ type: Boolean, reflect: true }) flush = false;

  override render() {
    return html`<section aria-label=${this.heading || nothing}>
      ${
        this.heading
          ? html`<header>
              <h2>${this.heading}</h2>
              <slot name="action"></slot>
            </header>`
          : nothing
      }
      <div class="content ${this.heading ? '' : 'bare'}"><slot></slot></div>
      <slot name="actions"></slot>
    </section>`;
  }
}
