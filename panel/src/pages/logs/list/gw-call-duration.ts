import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { duration } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import { base } from '../../../theme/base.ts';
import { setStyle } from '../../../theme/set-style.ts';

/** How long a call took, as a bar on the scale of all rows in view: pale until the first token, solid while it answered. */
@customElement('gw-call-duration')
export class GwCallDuration extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
      }
      .track {
        display: flex;
        block-size: 8px;
        inline-size: 96px;
        flex: none;
      }
      i {
        border-radius: 2px;
        background: var(--color-1);
      }
      .wait {
        background: color-mix(in srgb, var(--color-1) 35%, var(--card-background-color));
      }
      @media (forced-colors: active) {
        i {
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property({ type: Number }) total = 0;
  /** Until the first token; null when it is not known or nothing was streamed. */
  @property({ attribute: false }) first: number | null = null;
  /** Length of the longest row in view. */
  @property({ type: Number }) longest = 1;

  override render() {
    const { first, total } = this;
    const wait = first === null ? 0 : Math.min(first, total);
    const title = first === null ? nothing : t('logs.duration_title', { first: duration(first), total: duration(total) });
    return html`<span class="track" title=${title} aria-hidden="true">
        ${wait > 0 ? this.#part('wait', wait) : nothing}${this.#part('answer', total - wait)}
      </span>
      <span class="number">${duration(total)}</span>`;
  }

  #part(kind: string, length: number) {
    const share = (100 * length) / Math.max(1, this.longest);
    return html`<i class=${kind} ${setStyle({ 'inline-size': `max(1px, ${share.toFixed(2)}%)` })}></i>`;
  }
}
