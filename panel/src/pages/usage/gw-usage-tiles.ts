import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Days, Metrics } from '../../api/usage.ts';
import '../../components/gw-tile.ts';
import { money } from '../../format/money.ts';
import { compact, count, percent } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { comparedText } from './words.ts';

/** The five numbers of what is in sight, each with what makes it readable. */
@customElement('gw-usage-tiles')
export class GwUsageTiles extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(176px, 1fr));
        gap: var(--ha-space-4);
      }
      @media (max-width: 480px) {
        :host {
          grid-template-columns: 1fr 1fr;
          gap: var(--ha-space-2);
        }
      }
    `,
  ];

  @property({ attribute: false }) total!: Metrics;
  /** The days before; null while they load, or where nothing is compared. */
  @property({ attribute: false }) earlier: { readonly total: Metrics; readonly days: Days } | null = null;

  override render() {
    const { total, earlier } = this;
    const compared = earlier && comparedText(total.spend, earlier.total.spend, earlier.days);
    const requests = total.api_requests;
    const share = (part: number, whole: number) => percent(whole === 0 ? 0 : part / whole);
    return html`<gw-tile label=${t('usage.spend')} value=${money(total.spend)} note=${compared ?? t('usage.nothing_before')}></gw-tile>
      <gw-tile
        label=${t('usage.requests')}
        value=${count(requests)}
        note=${t('usage.failed_share', { count: total.failed_requests, share: share(total.failed_requests, requests) })}
      ></gw-tile>
      <gw-tile
        label=${t('usage.tokens_in')}
        value=${compact(total.prompt_tokens)}
        note=${t('usage.from_cache', { share: share(total.cache_read_input_tokens, total.prompt_tokens) })}
      ></gw-tile>
      <gw-tile
        label=${t('usage.tokens_out')}
        value=${compact(total.completion_tokens)}
        note=${t('usage.per_request_tokens', { count: count(requests === 0 ? 0 : total.completion_tokens / requests) })}
      ></gw-tile>
      <gw-tile
        label=${t('usage.per_request')}
        value=${money(requests === 0 ? 0 : total.spend / requests)}
        note=${t('usage.average')}
      ></gw-tile>`;
  }
}
