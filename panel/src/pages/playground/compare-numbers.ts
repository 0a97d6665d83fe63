import { mdiCheck } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../../components/gw-badge.ts';
import { duration } from '../../format/time.ts';
import { base } from '../../theme/base.ts';
import { t } from '../../i18n/texts.ts';
import type { Answer } from './answer.ts';
import { betterOf } from './better.ts';
import { amountText, tokensText } from './figures.ts';
import { tick } from './ticks.ts';
import { watch } from './watch.ts';

/** Figures of an answer, with a mark on each that is better than the other one's. */
@customElement('gw-compare-numbers')
export class GwCompareNumbers extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        border-block-start: 1px solid var(--divider-color);
        background: var(--card-background-color);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(4, auto);
        gap: var(--ha-space-2) var(--ha-space-4);
        padding: var(--ha-space-3) var(--ha-space-4);
      }
      dt {
        font-size: var(--ha-font-size-s);
        line-height: 16px;
        color: var(--secondary-text-color);
      }
      dd {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        font-size: var(--ha-font-size-l);
        line-height: 24px;
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 870px) {
        dl {
          grid-template-columns: repeat(2, auto);
          padding-block: var(--ha-space-2);
        }
      }
    `,
  ];

  @property({ attribute: false }) answer: Answer | null = null;
  @property({ attribute: false }) other: Answer | null = null;

  constructor() {
    super();
    const onChange = () => {
      if (!this.answer?.running) this.requestUpdate();
    };
    watch(this, () => [this.answer, this.other].filter((answer) => answer !== null), onChange);
    tick(this, () => this.answer?.running ?? false);
  }

  override render() {
    const { answer, other } = this;
    const better = answer && other ? betterOf(answer, other) : null;
    return html`<dl>
      ${fact(t('playground.cost'), answer && amountText(answer), better?.cost)}
      ${fact(t('playground.first_token'), answer?.firstTokenMs ? duration(answer.firstTokenMs) : null, better?.firstToken)}
      ${fact(t('playground.time'), answer && duration(answer.totalMs))} ${fact(t('playground.tokens'), answer && tokensText(answer))}
    </dl>`;
  }
}

function fact(label: string, value: string | null | undefined, mark: string | null = null) {
  return html`<div>
    <dt>${label}</dt>
    <dd><bdi>${value ?? '–'}</bdi>${mark === null ? nothing : html`<gw-badge tone="good" .icon=${mdiCheck}>${mark}</gw-badge>`}</dd>
  </div>`;
}
