import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../theme/base.ts';

export interface Fact {
  readonly label: string;
  /** Text or a template. */
  readonly value: unknown;
}

/** Names and values, one a line: names in gray at the start, values at the end. */
@customElement('gw-facts')
export class GwFacts extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(112px, auto) minmax(0, 1fr);
        gap: 10px var(--ha-space-4);
        align-items: baseline;
      }
      dt {
        color: var(--secondary-text-color);
      }
      dd {
        min-inline-size: 0;
        overflow-wrap: anywhere;
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      .start dd {
        text-align: start;
      }
    `,
  ];

  @property({ attribute: false }) facts: readonly Fact[] = [];
  /** Values begin beside their names. */
  @property({ type: Boolean }) start = false;

  override render() {
    return html`<dl class=${this.start ? 'start' : ''}>
      ${this.facts.map(
        ({ label, value }) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>`;
  }
}
