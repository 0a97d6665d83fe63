import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../i18n/texts.ts';
import { base } from '../theme/base.ts';
import './gw-copy.ts';

/** Code or a raw answer, with a button that copies it. Its text is text, whatever it holds. */
@customElement('gw-code')
export class GwCode extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      div {
        position: relative;
        background: var(--gw-code-background);
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-md);
        overflow: hidden;
      }
      pre {
        margin: 0;
        padding: var(--ha-space-3) var(--ha-space-12) var(--ha-space-3) var(--ha-space-4);
        overflow: auto;
        max-block-size: var(--gw-code-height, 400px);
        font: 400 13px/20px var(--ha-font-family-code);
        color: var(--primary-text-color);
        tab-size: 2;
        direction: ltr;
        text-align: left;
      }
      pre:focus-visible {
        outline-offset: -2px;
        border-radius: var(--ha-border-radius-md);
      }
      .wrap {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      gw-copy {
        position: absolute;
        inset-block-start: 2px;
        inset-inline-end: 2px;
        background: var(--gw-code-background);
        border-radius: 50%;
      }
    `,
  ];

  @property() text = '';
  @property() label = '';
  /** Long lines break instead of scrolling. */
  @property({ type: Boolean }) wrap = false;
  @property({ type: Boolean, attribute: 'no-copy' }) noCopy = false;

  override render() {
    return html`<div>
      <pre tabindex="0" role="region" aria-label=${this.label || t('words.code')} class=${this.wrap ? 'wrap' : ''}>${this.text}</pre>
      ${this.noCopy ? nothing : html`<gw-copy text=${this.text}></gw-copy>`}
    </div>`;
  }
}
