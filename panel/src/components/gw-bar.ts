import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { setStyle } from '../theme/set-style.ts';

/** How far along a share is: quiet, near its limit (from 80 %), at it (from 95 %). */
export function toneOfShare(share: number): 'usual' | 'warn' | 'bad' {
  if (share >= 0.95) return 'bad';
  return share >= 0.8 ? 'warn' : 'usual';
}

/**
 * A budget bar: what is used of it, and in pale what it is on course for. Say the percentage in words beside it: color is not enough.
 * Heights: `large` 12 px, 8 in cards, `thin` 6 in tables.
 */
@customElement('gw-bar')
export class GwBar extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    div {
      position: relative;
      block-size: 8px;
      border-radius: var(--ha-border-radius-sm);
      background: var(--gw-track);
      overflow: hidden;
      --tone: var(--primary-color);
    }
    :host([size='large']) div {
      block-size: 12px;
    }
    :host([size='thin']) div {
      block-size: 6px;
    }
    .warn {
      --tone: var(--gw-bar-warn);
    }
    .bad {
      --tone: var(--gw-bar-bad);
    }
    .off {
      --tone: var(--disabled-text-color);
    }
    i {
      position: absolute;
      inset-block: 0;
      inset-inline-start: 0;
      background: var(--tone);
      border-radius: inherit;
    }
    i.ahead {
      background: color-mix(in srgb, var(--tone) 32%, var(--gw-track));
    }
    @media (forced-colors: active) {
      div,
      i {
        forced-color-adjust: none;
      }
    }
  `;

  /** Used of the whole, 0 to 1; more than 1 is full. */
  @property({ type: Number }) share = 0;
  /** On course for, 0 to 1. */
  @property({ type: Number }) ahead: number | null = null;
  @property({ reflect: true }) size: 'large' | 'm' | 'thin' = 'm';
  @property() label = '';
  /** Blocked or expired: in gray. */
  @property({ type: Boolean }) off = false;

  override render() {
    const width = (share: number) => setStyle({ 'inline-size': `${Math.min(100, Math.max(0, share * 100))}%` });
    const percent = Math.round(Math.min(1, Math.max(0, this.share)) * 100);
    return html`<div
      class=${this.off ? 'off' : toneOfShare(this.share)}
      role="progressbar"
      aria-valuenow=${percent}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-label=${this.label}
    >
      ${this.ahead === null ? nothing : html`<i class="ahead" ${width(this.ahead)}></i>`}<i ${width(this.share)}></i>
    </div>`;
  }
}
