import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

/** One number with its name above and one line of context below; a link when `href` is set. */
@customElement('gw-tile')
export class GwTile extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      a,
      div.tile {
        display: block;
        block-size: 100%;
        padding: var(--ha-space-3) var(--ha-space-4);
        color: inherit;
        background: var(--ha-card-background, var(--card-background-color));
        border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--divider-color));
        border-radius: var(--ha-card-border-radius, var(--ha-border-radius-lg));
        box-shadow: var(--ha-card-box-shadow, none);
      }
      a:hover {
        text-decoration: none;
        background-image: linear-gradient(var(--gw-row-hover), var(--gw-row-hover));
      }
      .label {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--secondary-text-color);
        font-weight: var(--ha-font-weight-medium);
      }
      .value {
        font-size: var(--ha-font-size-3xl);
        line-height: 36px;
        font-variant-numeric: tabular-nums;
        margin-block-start: 2px;
        overflow-wrap: anywhere;
      }
      .value small {
        font-size: var(--ha-font-size-l);
        line-height: 1;
        color: var(--secondary-text-color);
      }
      .note {
        font-size: var(--ha-font-size-s);
        line-height: 16px;
        color: var(--secondary-text-color);
      }
    `,
  ];

  @property() label = '';
  @property() icon = '';
  @property() value = '';
  @property() unit = '';
  @property() note = '';
  @property() href = '';
  @property({ type: Boolean }) bad = false;

  override render() {
    const content = html`<div class="label">
        ${this.icon ? html`<gw-icon size="s" .path=${this.icon}></gw-icon>` : nothing}${this.label}
      </div>
      <div class="value ${this.bad ? 'bad' : ''}"><bdi>${this.value}${this.unit ? html`<small> ${this.unit}</small>` : nothing}</bdi></div>
      <div class="note">${this.note}</div>`;
    return this.href ? html`<a href=${this.href}>${content}</a>` : html`<div class="tile">${content}</div>`;
  }
}
