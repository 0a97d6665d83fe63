import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';

interface Hour {
  readonly requests: number;
  readonly failed: number;
}

/** 24 hours as bars: full and green when all was answered, lower where calls failed. The words beside it say the same. */
@customElement('gw-uptime')
export class GwUptime extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      gap: 2px;
      block-size: 16px;
      align-items: stretch;
    }
    i {
      flex: 1;
      border-radius: 1px;
      background: var(--ha-color-border-success-normal);
    }
    i.some {
      background: var(--warning-color);
      block-size: 70%;
      align-self: flex-end;
    }
    i.most {
      background: var(--error-color);
      block-size: 40%;
      align-self: flex-end;
    }
    i.none {
      background: var(--gw-track);
    }
    @media (forced-colors: active) {
      i {
        forced-color-adjust: none;
      }
    }
  `;

  @property({ attribute: false }) hours: readonly Hour[] = [];

  override render() {
    return this.hours.map((hour) => html`<i class=${lookOf(hour)}></i>`);
  }
}

function lookOf({ requests, failed }: Hour): string {
  if (requests === 0) return 'none';
  if (failed >= requests / 2) return 'most';
  return failed > requests / 50 ? 'some' : '';
}
