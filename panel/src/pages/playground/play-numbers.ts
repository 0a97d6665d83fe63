import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../../components/gw-badge.ts';
import '../../components/gw-facts.ts';
import type { Fact } from '../../components/gw-facts.ts';
import '../../components/gw-ring.ts';
import { money, pricePerMillion } from '../../format/money.ts';
import { count } from '../../format/number.ts';
import { duration } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import type { Answer } from './answer.ts';
import { amountText } from './figures.ts';
import { tick } from './ticks.ts';
import type { Turn } from './turns.ts';
import { watch } from './watch.ts';

/** What the newest answer costs and how fast it is, and what the conversation has cost. Figures move a few times a second. */
@customElement('gw-play-numbers')
export class GwPlayNumbers extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .part {
        padding: var(--ha-space-4);
        border-block-end: 1px solid var(--divider-color);
      }
      h2 {
        font-size: var(--ha-font-size-l);
        font-weight: var(--ha-font-weight-medium);
        line-height: 24px;
        color: var(--secondary-text-color);
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: var(--ha-space-2);
        color: var(--secondary-text-color);
      }
      .amount {
        margin-block: var(--ha-space-2) 2px;
        font-size: var(--ha-font-size-3xl);
        line-height: 36px;
        font-variant-numeric: tabular-nums;
      }
      .how {
        min-block-size: 16px;
        margin-block-end: var(--ha-space-3);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) turns: readonly Turn[] = [];

  constructor() {
    super();
    const onChange = () => {
      // While it grows, the ticks are often enough.
      if (!this.#answer?.running) this.requestUpdate();
    };
    watch(this, () => this.#answers, onChange);
    tick(this, () => this.#answer?.running ?? false);
  }

  get #answers(): readonly Answer[] {
    return this.turns.filter((turn) => turn.kind === 'answer');
  }

  get #answer(): Answer | undefined {
    return this.#answers.at(-1);
  }

  override render() {
    const answer = this.#answer;
    if (!answer) return nothing;
    return html`<div class="part">
        <div class="spread">
          <h2>${t('playground.this_answer')}</h2>
          ${answer.running ? html`<span class="state"><gw-ring size="xs"></gw-ring>${t('playground.streaming')}</span>` : nothing}
          ${answer.state === 'stopped' ? html`<gw-badge tone="warn">${t('playground.stopped')}</gw-badge>` : nothing}
        </div>
        <div class="amount">${amountText(answer)}</div>
        <div class="row-note how"><bdi>${howText(answer)}</bdi></div>
        <gw-facts
          class="number"
          .facts=${factsOf(answer).map(({ label, value }) => ({ label, value: html`<bdi>${value}</bdi>` }))}
        ></gw-facts>
      </div>
      ${this.#sum()}`;
  }

  #sum() {
    const answers = this.#answers;
    const cost = answers.reduce((sum, answer) => sum + (answer.cost ?? 0), 0);
    const tokens = answers.reduce((sum, { tokens: { input, output } }) => sum + input + output, 0);
    return html`<div class="part">
      <div class="spread">
        <h2>${t('playground.conversation')}</h2>
        <span class="number">${money(cost)}</span>
      </div>
      <div class="row-note number">
        <bdi>${t('playground.sum', { answers: answers.length, shown: count(answers.length), tokens: count(tokens) })}</bdi>
      </div>
    </div>`;
  }
}

/** `1,842 × $0.25 + 532 × $2.00, per 1M tokens`, when that is all there is to it. */
function howText(answer: Answer): string {
  const { tokens, prices, booked, cost } = answer;
  const { inputPrice, outputPrice } = prices;
  if (cost === null || cost === 0 || inputPrice === null || outputPrice === null || (inputPrice === 0 && outputPrice === 0)) return '';
  const plain = tokens.input * inputPrice + tokens.output * outputPrice;
  // Tokens read from a cache, tiers and discounts have prices of their own: the call's page in Logs has the whole equation.
  if (booked !== null && Math.abs(booked - plain) > booked * 1e-6 + 1e-12) return t('playground.booked');
  return t('playground.how', {
    input: count(tokens.input),
    input_price: pricePerMillion(inputPrice),
    output: count(tokens.output),
    output_price: pricePerMillion(outputPrice),
  });
}

function factsOf(answer: Answer): Fact[] {
  const { tokens, firstTokenMs, speed, totalMs, running } = answer;
  const about = (value: number) => (tokens.guessed ? t('playground.about', { value: count(value) }) : count(value));
  return [
    { label: t('playground.input'), value: about(tokens.input) },
    ...(tokens.cached > 0 ? [{ label: t('playground.cached'), value: count(tokens.cached) }] : []),
    { label: t(running ? 'playground.output_so_far' : 'playground.output'), value: about(tokens.output) },
    ...(tokens.reasoning > 0 ? [{ label: t('playground.of_it_reasoning'), value: about(tokens.reasoning) }] : []),
    { label: t('playground.first_token'), value: firstTokenMs === null ? '–' : duration(firstTokenMs) },
    { label: t('playground.speed'), value: speed === null ? '–' : t('playground.per_second', { tokens: count(speed) }) },
    { label: t('playground.time'), value: duration(totalMs) },
  ];
}
