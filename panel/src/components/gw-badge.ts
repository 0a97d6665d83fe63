import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

/** A mark of a row: "Estimated", "Second choice". `tag` is the plain square kind, for what people wrote themselves and for "Managed". */
@customElement('gw-badge')
export class GwBadge extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        vertical-align: middle;
      }
      .badge {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-1);
        block-size: 24px;
        padding-inline: var(--ha-space-2);
        border-radius: var(--ha-border-radius-pill);
        background: var(--gw-fill-neutral);
        color: var(--gw-text-neutral);
        font-size: var(--ha-font-size-s);
        font-weight: var(--ha-font-weight-medium);
        line-height: 16px;
        white-space: nowrap;
      }
      gw-icon {
        margin-inline-start: -2px;
      }
      .badge.good {
        background: var(--ha-color-fill-success-quiet-resting);
      }
      .badge.warn {
        background: var(--ha-color-fill-warning-quiet-resting);
      }
      .badge.bad {
        background: var(--ha-color-fill-danger-quiet-resting);
      }
      .badge.brand {
        background: var(--ha-color-fill-primary-normal-resting);
      }
      .badge.good {
        color: var(--gw-text-good);
      }
      .badge.warn {
        color: var(--gw-text-warn);
      }
      .badge.bad {
        color: var(--gw-text-bad);
      }
      .badge.brand {
        color: var(--gw-text-brand);
      }
      .badge.tag {
        block-size: 20px;
        padding-inline: 6px;
        border-radius: var(--ha-border-radius-sm);
        font-weight: var(--ha-font-weight-normal);
        color: var(--primary-text-color);
      }
    `,
  ];

  @property() tone: 'neutral' | 'good' | 'warn' | 'bad' | 'brand' | 'tag' = 'neutral';
  @property() icon = '';

  override render() {
    return html`<span class="badge ${this.tone}"
      >${this.icon ? html`<gw-icon size="xs" .path=${this.icon}></gw-icon>` : nothing}<slot></slot
    ></span>`;
  }
}
