import { mdiChevronRight } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Summary } from '../../../../src/contract/panel/summary.ts';
import { plainText, type Settings } from '../../api/settings.ts';
import '../../components/gw-bar.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import { percent } from '../../format/number.ts';
import { money } from '../../format/money.ts';
import { dateTime } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import './gw-setting.ts';
import { textWanted } from './gw-setting.ts';

const PERIODS = ['', '1d', '7d', '1mo'] as const;
/** Spellings of the same period. */
const SAME: Readonly<Record<string, string>> = { '24h': '1d', daily: '1d', '1w': '7d', weekly: '7d', '30d': '1mo', monthly: '1mo' };

const usualPeriod = (value: unknown): string => SAME[plainText(value)] ?? plainText(value);
/** Whole cents as people write them; more digits stay. */
const amountText = (value: unknown): string => {
  const text = plainText(value);
  return /^\d+(\.\d)?$/.test(text) ? Number(text).toFixed(2) : text;
};

/** The budget over all calls. */
@customElement('gw-budget-card')
export class GwBudgetCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .household {
        padding: var(--ha-space-2) var(--ha-space-4);
      }
      gw-bar {
        margin-block: 6px 4px;
      }
    `,
  ];

  @property({ attribute: false }) settings!: Settings;
  @property({ attribute: false }) budget: Summary['budget'] | undefined;
  @property({ type: Boolean, attribute: 'read-only' }) readOnly = false;

  override render() {
    const zone = plainText(this.settings.get('litellm_settings.timezone')?.field_value);
    return html`<gw-card heading=${t('settings.budgets')} flush>
      <gw-button slot="action" small href="keys" trail=${mdiChevronRight}>${t('settings.budgets_of_keys')}</gw-button>
      <div class="list-end">
        ${this.#household()}
        <gw-setting
          heading=${t('settings.limit')}
          note=${t('settings.limit_note')}
          unit="USD"
          placeholder=${t('settings.no_limit')}
          ?read-only=${this.readOnly}
          .setting=${this.settings.get('litellm_settings.max_budget')}
          .shown=${amountText}
        ></gw-setting>
        <gw-setting
          kind="choice"
          heading=${t('settings.starts_again')}
          note=${t('settings.starts_again_note', { zone })}
          ?read-only=${this.readOnly}
          .setting=${this.settings.get('litellm_settings.budget_duration')}
          .options=${PERIODS.map((value) => ({ value, label: t(`settings.period.${value || 'never'}`) }))}
          .shown=${usualPeriod}
          .wanted=${textWanted}
        ></gw-setting>
        <gw-setting
          kind="text"
          heading=${t('settings.zone')}
          note=${t('settings.zone_note')}
          ?read-only=${this.readOnly}
          .setting=${this.settings.get('litellm_settings.timezone')}
          .wanted=${textWanted}
        ></gw-setting>
      </div>
    </gw-card>`;
  }

  #household() {
    const { budget } = this;
    if (!budget) return nothing;
    const { spend, limit, resets_at: resets } = budget;
    return html`<div class="household">
      <div class="spread">
        <span>${t('settings.household')}</span>
        <span class="number"
          ><bdi>${money(spend)}</bdi>
          <span class="secondary"
            ><bdi>${limit === null ? t('settings.without_limit') : t('settings.of_limit', { limit: money(limit) })}</bdi></span
          ></span
        >
      </div>
      ${
        limit === null
          ? nothing
          : html`<gw-bar size="large" share=${limit === 0 ? 1 : spend / limit} label=${t('settings.household_used')}></gw-bar>`
      }
      <div class="spread small secondary number">
        <span>${limit ? t('settings.used', { share: percent(spend / limit) }) : t('settings.all_keys')}</span>
        ${resets ? html`<span>${t('settings.resets', { time: dateTime(resets) })}</span>` : nothing}
      </div>
    </div>`;
  }
}
