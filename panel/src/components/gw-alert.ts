import { mdiAlertCircleOutline, mdiAlertOutline, mdiCheckCircleOutline, mdiInformationOutline } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

const ICONS = { info: mdiInformationOutline, warning: mdiAlertOutline, error: mdiAlertCircleOutline, success: mdiCheckCircleOutline };

/** A notice with a tint of its state's color. `announce` reads it out at once, for errors that just happened. Slot `action` at the end. */
@customElement('gw-alert')
export class GwAlert extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .alert {
        position: relative;
        display: flex;
        align-items: flex-start;
        gap: var(--ha-space-2);
        padding: var(--ha-space-2);
        border-radius: var(--ha-border-radius-sm);
        isolation: isolate;
        --tone: var(--info-color);
      }
      .alert::after {
        content: '';
        position: absolute;
        inset: 0;
        z-index: -1;
        border-radius: inherit;
        background: var(--tone);
        opacity: 0.12;
      }
      .alert > gw-icon {
        color: var(--tone);
      }
      .warning {
        --tone: var(--warning-color);
      }
      .error {
        --tone: var(--error-color);
      }
      .success {
        --tone: var(--success-color);
      }
      .body {
        flex: 1;
        min-inline-size: 0;
        padding-block: 2px;
        overflow-wrap: anywhere;
      }
      .title {
        font-weight: var(--ha-font-weight-bold);
      }
      .actions {
        display: flex;
        align-items: center;
        align-self: center;
        gap: var(--ha-space-1);
      }
      @media (max-width: 870px) {
        .alert {
          flex-wrap: wrap;
        }
        .actions {
          margin-inline-start: auto;
        }
      }
    `,
  ];

  @property() kind: 'info' | 'warning' | 'error' | 'success' = 'info';
  @property() heading = '';
  @property({ type: Boolean }) announce = false;

  override render() {
    return html`<div class="alert ${this.kind}" role=${this.announce ? 'alert' : nothing}>
      <gw-icon .path=${ICONS[this.kind]}></gw-icon>
      <div class="body">${this.heading ? html`<div class="title">${this.heading}</div>` : nothing}<slot></slot></div>
      <div class="actions"><slot name="action"></slot></div>
    </div>`;
  }
}
