import { css, html, LitElement, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** An icon from `@mdi/js`: `<gw-icon .path=${mdiKeyVariant}>`. Without a label it is decoration and screen readers pass it by. */
@customElement('gw-icon')
export class GwIcon extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
      inline-size: var(--gw-icon-size, 24px);
      block-size: var(--gw-icon-size, 24px);
      fill: currentColor;
      vertical-align: middle;
    }
    :host([size='s']) {
      inline-size: 18px;
      block-size: 18px;
    }
    :host([size='xs']) {
      inline-size: 16px;
      block-size: 16px;
    }
    :host([size='l']) {
      inline-size: 48px;
      block-size: 48px;
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      display: block;
    }
    :host([mirrored]:dir(rtl)) svg {
      transform: scaleX(-1);
    }
  `;

  @property() path = '';
  /** What it means, where no word beside it says so. */
  @property() label = '';
  @property({ reflect: true }) size: 'xs' | 's' | 'm' | 'l' = 'm';
  /** Arrows turn round where text runs from right to left. */
  @property({ type: Boolean, reflect: true }) mirrored = false;

  override render() {
    const shape = svg`<path d=${this.path}></path>`;
    return this.label
      ? html`<svg viewBox="0 0 24 24" role="img" aria-label=${this.label}>
          <title>${this.label}</title>
          ${shape}
        </svg>`
      : html`<svg viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;
  }
}
