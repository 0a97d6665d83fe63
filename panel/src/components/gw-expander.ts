import { mdiChevronDown } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';
import './gw-icon.ts';

/** A part of a form or page that folds: heading, what it is about in gray, content. */
@customElement('gw-expander')
export class GwExpander extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      details {
        border: 1px solid var(--divider-color);
        border-radius: var(--ha-border-radius-md);
      }
      summary {
        display: flex;
        align-items: center;
        gap: var(--ha-space-3);
        min-block-size: 48px;
        padding: var(--ha-space-2) var(--ha-space-4);
        cursor: pointer;
        font-weight: var(--ha-font-weight-medium);
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      /* A long word of the heading does not run into what stands beside it. */
      summary .grow {
        min-inline-size: min-content;
      }
      summary .small {
        font-weight: var(--ha-font-weight-normal);
        text-align: end;
      }
      summary gw-icon {
        color: var(--secondary-text-color);
      }
      details[open] > summary gw-icon {
        rotate: 180deg;
      }
      .content {
        padding: 0 var(--ha-space-4) var(--ha-space-3);
      }
    `,
  ];

  @property() heading = '';
  @property() note = '';
  @property({ type: Boolean }) open = false;

  override render() {
    return html`<details ?open=${this.open} @toggle=${this.#onToggle}>
      <summary>
        <span class="grow">${this.heading}</span>${this.note ? html`<span class="small secondary">${this.note}</span>` : nothing}<gw-icon
          .path=${mdiChevronDown}
        ></gw-icon>
      </summary>
      <div class="content"><slot></slot></div>
    </details>`;
  }

  #onToggle(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
  }
}
