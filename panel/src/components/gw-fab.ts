import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { mdiPlus } from '@mdi/js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

/** The floating button of a list: only "Add …" and "Create …", and it counts as the page's one accent button. */
@customElement('gw-fab')
export class GwFab extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    css`
      button {
        position: fixed;
        z-index: 3;
        inset-inline-end: calc(var(--ha-space-4) + var(--safe-area-inset-right));
        inset-block-end: calc(var(--ha-space-4) + var(--safe-area-inset-bottom));
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
        block-size: 48px;
        padding-inline: var(--ha-space-3) var(--ha-space-5);
        border-radius: var(--ha-border-radius-pill);
        background: var(--gw-fill-accent);
        color: var(--text-primary-color);
        font-size: var(--ha-font-size-l);
        font-weight: var(--ha-font-weight-medium);
        box-shadow: var(--ha-box-shadow-m);
      }
      button:hover {
        background: var(--gw-fill-accent-hover);
      }
      @media (max-width: 870px) {
        button {
          inset-block-end: calc(var(--gw-narrow-bar) + var(--ha-space-4) + var(--safe-area-inset-bottom));
        }
      }
    `,
  ];

  @property() label = '';

  override render() {
    return html`<button type="button"><gw-icon .path=${mdiPlus}></gw-icon>${this.label}</button>`;
  }
}
