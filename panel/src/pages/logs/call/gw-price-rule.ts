import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ExplainedCall } from '../../../api/calls.ts';
import '../../../components/gw-button.ts';
import '../../../components/gw-dialog.ts';
import '../../../components/gw-facts.ts';
import type { Fact } from '../../../components/gw-facts.ts';
import { dateTime, day } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import { base } from '../../../theme/base.ts';
import { linesOf } from './cost-terms.ts';

/** The price that a call was booked by: where it stands, which entry it is, since when, and its figures. */
@customElement('gw-price-rule')
export class GwPriceRule extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) call: ExplainedCall | null = null;

  override render() {
    const price = this.call?.explanation.price;
    if (!this.call || !price) return nothing;
    const facts: Fact[] = [
      { label: t('call.rule.source'), value: t(`call.rule.sources.${price.source}`) },
      { label: t('call.rule.entry'), value: html`<span class="mono">${price.rule}</span>` },
      { label: t('call.rule.since'), value: price.date ? day(price.date) : t('call.rule.no_date') },
      { label: t('call.rule.used_at'), value: dateTime(this.call.startTime) },
      ...linesOf(this.call.explanation.terms, this.call.explanation.total)
        .filter(({ isShare }) => !isShare)
        .map(({ name, price: figure, per }) => ({ label: name, value: html`<bdi>${figure} ${per}</bdi>` })),
    ];
    return html`<gw-dialog open heading=${t('call.rule.title')} @gw-close=${() => this.dispatchEvent(new CustomEvent('gw-close'))}>
      <gw-facts .facts=${facts}></gw-facts>
      <p class="row-note">${t(`call.rule.change.${price.source}`)}</p>
      <gw-button slot="footer" look="accent" autofocus @click=${() => this.dispatchEvent(new CustomEvent('gw-close'))}
        >${t('actions.close')}</gw-button
      >
    </gw-dialog>`;
  }
}
