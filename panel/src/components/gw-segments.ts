import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

export interface Segment {
  readonly value: string;
  readonly label: string;
  readonly icon?: string;
}

/** One of two to five, all in sight. Fires `value-changed`. */
@customElement('gw-segments')
export class GwSegments extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        flex: none;
        vertical-align: middle;
      }
      div {
        display: inline-flex;
        background: var(--card-background-color);
        border: 1px solid var(--gw-input-border);
        border-radius: var(--ha-border-radius-lg);
        overflow: clip;
        overflow-clip-margin: 4px;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
        block-size: 34px;
        padding-inline: var(--ha-space-3);
        font-size: var(--ha-font-size-s);
        font-weight: var(--ha-font-weight-medium);
        white-space: nowrap;
      }
      button:first-child {
        border-start-start-radius: 11px;
        border-end-start-radius: 11px;
      }
      button:last-child {
        border-start-end-radius: 11px;
        border-end-end-radius: 11px;
      }
      button + button {
        border-inline-start: 1px solid var(--divider-color);
      }
      button:hover {
        background: var(--gw-row-hover);
      }
      button[aria-pressed='true'] {
        background: var(--ha-color-fill-primary-normal-resting);
        color: var(--gw-text-brand);
      }
    `,
  ];

  @property() value = '';
  @property() label = '';
  @property({ attribute: false }) segments: readonly Segment[] = [];

  override render() {
    return html`<div role="group" aria-label=${this.label}>
      ${this.segments.map(
        ({ value, label, icon }) =>
          html`<button type="button" aria-pressed=${value === this.value} @click=${() => this.#choose(value)}>
            ${icon ? html`<gw-icon size="s" .path=${icon}></gw-icon>` : nothing}${label}
          </button>`,
      )}
    </div>`;
  }

  #choose(value: string): void {
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new CustomEvent('value-changed', { detail: { value } }));
  }
}
