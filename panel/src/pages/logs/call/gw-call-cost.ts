import { mdiTagOutline } from '@mdi/js';
import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ExplainedCall, Explanation } from '../../../api/calls.ts';
import '../../../components/gw-alert.ts';
import '../../../components/gw-button.ts';
import '../../../components/gw-card.ts';
import '../../../components/gw-icon.ts';
import { exactMoney } from '../../../format/money.ts';
import { count } from '../../../format/number.ts';
import { day } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import { base } from '../../../theme/base.ts';
import { costStyles } from './cost-styles.ts';
import { decimalsFor, linesOf, tokensOf, type Line } from './cost-terms.ts';

/** Why a call cost what it cost: one line a term, every digit, and the price behind it. */
@customElement('gw-call-cost')
export class GwCallCost extends LitElement {
  static override styles = [base, costStyles];

  @property({ attribute: false }) call: ExplainedCall | null = null;
  @state() private _rule = false;

  override render() {
    const { call } = this;
    if (!call) return nothing;
    const { explanation } = call;
    return html`<gw-card heading=${t('call.cost')}>
        <span slot="action" class="unit small secondary">${t('call.not_rounded')}</span>
        ${explanation.terms.length > 0 ? this.#equation(call) : this.#nothing(call)}
        ${explanation.price ? this.#source(explanation.price) : nothing}
        ${explanation.reserved ? html`<p class="row-note reserved">${t('call.reserved', { amount: exactMoney(explanation.reserved) })}</p>` : nothing}
      </gw-card>
      ${this._rule ? html`<gw-price-rule .call=${call} @gw-close=${() => (this._rule = false)}></gw-price-rule>` : nothing}`;
  }

  #equation({ explanation: { terms, sum, total }, reasoning_tokens: reasoning }: ExplainedCall) {
    const tokens = tokensOf(terms);
    const decimals = decimalsFor(terms, total);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('call.equation')}>
        <table>
          <thead class="visually-hidden">
            <tr>
              <td></td>
              <th scope="col">${t('call.part')}</th>
              <th scope="col">${t('call.quantity')}</th>
              <td></td>
              <th scope="col">${t('call.price')}</th>
              <td></td>
              <th scope="col">${t('call.amount')}</th>
            </tr>
          </thead>
          <tbody>
            ${linesOf(terms, total, reasoning).map((line, index) => this.#line(line, index))}
          </tbody>
          <tfoot>
            <tr>
              <td class="op">=</td>
              <td class="what">
                ${t('call.total')}
                ${tokens === null ? nothing : html`<div class="row-note narrow-only">${t('call.tokens', { count: tokens, number: count(tokens) })}</div>`}
              </td>
              <td class="n term">${tokens === null ? nothing : count(tokens)}</td>
              <td class="term" colspan="3"></td>
              <td class="n"><bdi>${exactMoney(total, decimals)}</bdi></td>
            </tr>
          </tfoot>
        </table>
      </div>
      ${sum === total ? nothing : html`<p class="row-note">${t('call.rounded', { sum: exactMoney(sum) })}</p>`}`;
  }

  #line({ name, note, quantity, price, per, amount }: Line, index: number) {
    const unit = html`<bdi>${price} ${per ? html`<span class="secondary">${per}</span>` : nothing}</bdi>`;
    return html`<tr>
      <td class="op">${index === 0 ? '' : '+'}</td>
      <td class="what">
        <div>${name}</div>
        <div class="row-note narrow-only number"><bdi>${quantity} × ${unit}</bdi></div>
        ${note ? html`<div class="row-note">${note}</div>` : nothing}
      </td>
      <td class="n term"><bdi>${quantity}</bdi></td>
      <td class="op term">×</td>
      <td class="n term">${unit}</td>
      <td class="op term">=</td>
      <td class="n"><bdi>${amount}</bdi></td>
    </tr>`;
  }

  /** Nothing was multiplied: a refused call, a free one, one without a price. */
  #nothing({ explanation: { marks, total }, cache_hit: hit, total_tokens: tokens }: ExplainedCall) {
    if (marks.unpriced) return html`<gw-alert kind="warning" heading=${t('words.no_price')}>${t('call.no_price')}</gw-alert>`;
    const words = hit === 'True' ? 'call.free_from_cache' : marks.shortened ? 'call.shortened' : tokens === 0 ? 'call.nothing_used' : 'call.free'; // prettier-ignore
    return html`<div class="sum spread"><span class="secondary">${t(words)}</span><bdi>${exactMoney(total)}</bdi></div>`;
  }

  #source({ source, rule, date }: NonNullable<Explanation['price']>) {
    return html`<div class="source">
      <gw-icon size="s" .path=${mdiTagOutline}></gw-icon>
      <div class="grow">
        <div>${t(`call.sources.${source}`, { rule })}</div>
        <div class="row-note">${date ? t('call.since', { date: day(date) }) : ''} ${t('call.at_start')}</div>
      </div>
      <gw-button small @click=${this.#showRule}>${t('call.show_rule')}</gw-button>
    </div>`;
  }

  readonly #showRule = async () => {
    await import('./gw-price-rule.ts');
    this._rule = true;
  };
}
