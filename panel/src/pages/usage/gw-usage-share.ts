import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../../theme/base.ts';
import { setStyle } from '../../theme/set-style.ts';

/** The color of a series before its name; with `share` a bar, as long as its share of the largest, and the words in it. */
@customElement('gw-usage-share')
export class GwUsageShare extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
        vertical-align: middle;
      }
      .swatch {
        display: block;
        inline-size: 12px;
        block-size: 12px;
        border-radius: 3px;
        background: var(--c);
      }
      .row {
        gap: var(--ha-space-3);
      }
      .track {
        display: block;
        inline-size: 120px;
      }
      .words {
        min-inline-size: 44px;
        text-align: end;
      }
      .bar {
        display: block;
        inline-size: var(--share);
        block-size: 8px;
        border-radius: 4px;
        background: var(--c);
      }
      @media (forced-colors: active) {
        .swatch,
        .bar {
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property() color = '';
  /** 0 to 1; absent: a swatch. */
  @property({ type: Number }) share: number | null = null;

  override render() {
    if (this.share === null) return html`<span class="swatch" ${setStyle({ '--c': this.color })}></span>`;
    const style = { '--c': this.color, '--share': `${this.share * 100}%` };
    return html`<span class="row"
      ><span class="track" aria-hidden="true">${this.share > 0 ? html`<span class="bar" ${setStyle(style)}></span>` : nothing}</span
      ><span class="words"><slot></slot></span
    ></span>`;
  }
}
