import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import type { Segment } from './gw-segments.ts';

/** Tabs inside a card or dialog (languages of a snippet). Arrow keys move, the content is the one slot. Fires `value-changed`. */
@customElement('gw-tabs')
export class GwTabs extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .tabs {
        display: flex;
        gap: var(--ha-space-1);
        border-block-end: 1px solid var(--divider-color);
        overflow-x: auto;
        scrollbar-width: none;
      }
      button {
        position: relative;
        display: inline-flex;
        align-items: center;
        flex: none;
        block-size: 44px;
        padding-inline: var(--ha-space-4);
        font-weight: var(--ha-font-weight-medium);
        color: var(--secondary-text-color);
        white-space: nowrap;
      }
      button:focus-visible {
        outline-offset: -4px;
      }
      button[aria-selected='true'] {
        color: var(--gw-text-brand);
      }
      button[aria-selected='true']::after {
        content: '';
        position: absolute;
        inset-inline: 0;
        inset-block-end: 0;
        block-size: 2px;
        background: var(--primary-color);
      }
    `,
  ];

  @property() value = '';
  @property() label = '';
  @property({ attribute: false }) tabs: readonly Segment[] = [];

  override render() {
    return html`<div class="tabs" role="tablist" aria-label=${this.label} @keydown=${this.#onKey}>
        ${this.tabs.map(
          ({ value, label }) =>
            html`<button
              type="button"
              role="tab"
              id="tab-${value}"
              aria-controls="panel"
              aria-selected=${value === this.value}
              tabindex=${value === this.value ? 0 : -1}
              @click=${() => this.#choose(value)}
            >
              ${label}
            </button>`,
        )}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${this.value}"><slot></slot></div>`;
  }

  #choose(value: string): void {
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new CustomEvent('value-changed', { detail: { value } }));
  }

  async #onKey(event: KeyboardEvent): Promise<void> {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const turned = this.matches(':dir(rtl)') ? -step : step;
    const index = this.tabs.findIndex(({ value }) => value === this.value);
    const next = this.tabs[(index + turned + this.tabs.length) % this.tabs.length];
    if (!next) return;
    this.#choose(next.value);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }
}
