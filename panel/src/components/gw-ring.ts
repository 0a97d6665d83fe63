import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../i18n/texts.ts';

/** A turning ring, for waits of unknown length: 16 px in a cell, 20 in a row, 48 for a page. */
@customElement('gw-ring')
export class GwRing extends LitElement {
  static override styles = css`
    :host {
      display: inline-block;
      flex: none;
      inline-size: 20px;
      block-size: 20px;
    }
    :host([size='xs']) {
      inline-size: 16px;
      block-size: 16px;
    }
    :host([size='s']) {
      inline-size: 18px;
      block-size: 18px;
    }
    :host([size='l']) {
      inline-size: 48px;
      block-size: 48px;
      --width: 4px;
    }
    span {
      display: block;
      box-sizing: border-box;
      inline-size: 100%;
      block-size: 100%;
      border-radius: var(--ha-border-radius-circle);
      border: var(--width, 2px) solid var(--divider-color);
      border-block-start-color: var(--primary-color);
      animation: turn 1s linear infinite;
    }
    :host([on-accent]) span {
      border-color: color-mix(in srgb, var(--text-primary-color) 40%, transparent);
      border-block-start-color: var(--text-primary-color);
    }
    @keyframes turn {
      to {
        rotate: 360deg;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      span {
        animation-duration: 4s;
      }
    }
  `;

  @property({ reflect: true }) size: 'xs' | 's' | 'm' | 'l' = 'm';
  @property({ type: Boolean, reflect: true, attribute: 'on-accent' }) onAccent = false;
  @property() label = '';

  override render() {
    return html`<span role="img" aria-label=${this.label || t('words.loading')}></span>`;
  }
}
