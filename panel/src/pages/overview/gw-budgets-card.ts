import { mdiChevronRight } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KeyShare } from '../../api/overview.ts';
import '../../components/gw-bar.ts';
import { toneOfShare } from '../../components/gw-bar.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import { money } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { day } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';

const SHOWN = 3;
const shareOf = ({ spend, max_budget: limit }: KeyShare) => (limit === null ? 0 : limit === 0 ? 1 : spend / limit);

/** Who is closest to a limit; not there when no key has one. */
@customElement('gw-budgets-card')
export class GwBudgetsCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .list-row {
        display: block;
        min-block-size: 0;
      }
      gw-bar {
        margin-block: 4px;
      }
    `,
  ];

  @property({ attribute: false }) keys: readonly KeyShare[] = [];

  override render() {
    const closest = this.keys
      .filter(({ max_budget: limit, blocked }) => limit !== null && blocked !== true)
      .sort((a, b) => shareOf(b) - shareOf(a))
      .slice(0, SHOWN);
    if (closest.length === 0) return nothing;
    return html`<gw-card heading=${t('overview.closest')} flush>
      <gw-button slot="action" small href="keys" trail=${mdiChevronRight}>${t('overview.show_keys')}</gw-button>
      <div class="list-end">${closest.map((key) => this.#row(key))}</div>
    </gw-card>`;
  }

  #row(key: KeyShare) {
    const share = shareOf(key);
    const tone = { usual: '', warn: 'warn medium', bad: 'bad medium' }[toneOfShare(share)];
    const name = key.key_alias ?? key.key_name ?? key.token.slice(0, 8);
    return html`<a class="list-row" href=${href(`keys/${key.token}`)}>
      <div class="spread"><span class="ellipsis">${name}</span><span class="number ${tone}">${percent(share)}</span></div>
      <gw-bar share=${share} label=${t('overview.budget_of', { name })}></gw-bar>
      <div class="spread small secondary number">
        <span>${money(key.spend)} ${t('overview.of_limit', { limit: money(key.max_budget ?? 0) })}</span>
        ${key.budget_reset_at ? html`<span>${t('overview.resets_on', { day: day(key.budget_reset_at) })}</span>` : nothing}
      </div>
    </a>`;
  }
}
