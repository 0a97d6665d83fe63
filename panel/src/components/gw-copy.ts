import { mdiCheck, mdiContentCopy } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { t } from '../i18n/texts.ts';
import { base } from '../theme/base.ts';
import { copyText } from './copy.ts';
import './gw-icon-button.ts';

/** A button that copies `text`. Fires `gw-copied`. */
@customElement('gw-copy')
export class GwCopy extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
    }
  `;

  @property() text = '';
  @property() label = '';
  @state() private _done = false;

  override render() {
    return html`<gw-icon-button
      size="small"
      .path=${this._done ? mdiCheck : mdiContentCopy}
      label=${this.label || t('actions.copy')}
      @click=${this.#copy}
    ></gw-icon-button>`;
  }

  async #copy(): Promise<void> {
    if (!(await copyText(this.text))) return;
    this._done = true;
    this.dispatchEvent(new CustomEvent('gw-copied', { bubbles: true, composed: true }));
    setTimeout(() => (this._done = false), 2000);
  }
}

/** One line to copy: an address, a key. */
@customElement('gw-copy-line')
export class GwCopyLine extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      div {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        padding-inline: var(--ha-space-4) var(--ha-space-1);
        min-block-size: 48px;
        background: var(--gw-code-background);
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-md);
        font-family: var(--ha-font-family-code);
      }
      span {
        flex: 1;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() text = '';
  @property() label = '';

  override render() {
    return html`<div><span dir="ltr">${this.text}</span><gw-copy text=${this.text} label=${this.label}></gw-copy></div>`;
  }
}
