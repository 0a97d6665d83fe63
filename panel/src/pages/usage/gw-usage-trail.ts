import { mdiChevronRight } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Metrics } from '../../api/usage.ts';
import '../../components/gw-icon.ts';
import { count, percent } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { measured, type Measure } from './fold.ts';
import { measureText } from './words.ts';

interface Step {
  readonly text: string;
  readonly address: string;
}

/** The steps from all there is to what is looked at, each a way back, and what it comes to. */
@customElement('gw-usage-trail')
export class GwUsageTrail extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      ol {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--ha-space-1);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--ha-space-1);
        font-size: var(--ha-font-size-l);
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .sums {
        align-items: flex-end;
        flex-wrap: wrap;
        margin-block: var(--ha-space-2) var(--ha-space-4);
      }
    `,
  ];

  @property({ attribute: false }) start!: Step;
  @property({ attribute: false }) steps: readonly Step[] = [];
  @property() measure: Measure = 'spend';
  @property({ attribute: false }) total!: Metrics;
  /** What it is a part of; null: of nothing that is in sight. */
  @property({ attribute: false }) whole: Metrics | null = null;

  override render() {
    const { total, whole } = this;
    const text = (metrics: Metrics) => measureText(this.measure)(measured(metrics, this.measure));
    const cached = total.prompt_tokens === 0 ? 0 : total.cache_read_input_tokens / total.prompt_tokens;
    return html`<nav aria-label=${t('usage.trail')}>
        <ol>
          <li><a href=${this.start.address}>${this.start.text}</a></li>
          ${this.steps.map((step, index) => this.#step(step, index === this.steps.length - 1))}
        </ol>
      </nav>
      <div class="spread sums">
        <div class="hero">${text(total)} ${whole ? html`<small>${t('usage.of_all', { amount: text(whole) })}</small>` : nothing}</div>
        <dl class="facts">
          ${fact(t('usage.calls'), count(total.api_requests))} ${fact(t('usage.failed'), count(total.failed_requests))}
          ${fact(t('usage.tokens_in'), count(total.prompt_tokens))} ${fact(t('usage.cached'), percent(cached))}
          ${fact(t('usage.tokens_out'), count(total.completion_tokens))}
        </dl>
      </div>`;
  }

  #step({ text, address }: Step, isLast: boolean) {
    return html`<li>
      <gw-icon size="s" mirrored path=${mdiChevronRight}></gw-icon>
      ${isLast ? html`<span class="medium" aria-current="page">${text}</span>` : html`<a href=${address}>${text}</a>`}
    </li>`;
  }
}

const fact = (label: string, value: string) =>
  html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;
