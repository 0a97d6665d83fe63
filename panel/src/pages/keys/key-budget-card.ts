import { mdiChevronRight } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KeyUse } from '../../../../src/contract/panel/key.ts';
import type { Key } from '../../api/keys.ts';
import { money } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { dateTime, day } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';
import { budgetHeading, perPeriod, resetDay } from './budget-period.ts';
import { forecastOf, type Forecast } from './forecast.ts';
import { budgetsOf, keyName, raisedBy, shareOf, type BudgetView } from './key-facts.ts';
import { toneOfShare } from '../../components/gw-bar.ts';
import '../../components/gw-bar.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import './key-spend-chart.ts';

/** What the key spent of its budget, where it goes, and day by day. The slot holds what can be done about it. */
@customElement('gw-key-budget-card')
export class GwKeyBudgetCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .head {
        align-items: flex-end;
        flex-wrap: wrap;
      }
      .bar {
        margin-block: var(--ha-space-3) 6px;
      }
      .under {
        flex-wrap: wrap;
        gap: var(--ha-space-1) var(--ha-space-4);
        margin-block-end: var(--ha-space-4);
      }
      .dash {
        display: inline-block;
        inline-size: 20px;
        border-block-start: 1px dashed var(--secondary-text-color);
      }
      .window {
        margin-block-start: var(--ha-space-4);
      }
      .window gw-bar {
        margin-block-start: 6px;
      }
    `,
  ];

  @property({ attribute: false }) key!: Key;
  /** Its numbers by day; absent while they load. */
  @property({ attribute: false }) use: KeyUse | undefined;
  /** Something can be done here. */
  @property({ type: Boolean }) changeable = false;

  override render() {
    const { key } = this;
    const [first, ...others] = budgetsOf(key);
    const own = key.max_budget === null ? null : (first ?? null);
    const windows = own ? others : budgetsOf(key);
    const forecast = own && forecastOf(own);
    return html`<gw-card heading=${own ? budgetHeading(own.duration) : t('budget.spend')}>
      <gw-button slot="action" small .trail=${mdiChevronRight} href=${href('usage', { key: key.token })}>${t('keys.show_usage')}</gw-button>
      ${own ? this.#budget(own, forecast) : this.#noBudget(windows.length > 0)} ${windows.map((window) => this.#window(window))}
      <gw-key-spend-chart .key=${key} .use=${this.use} .forecast=${forecast} .limit=${own?.limit ?? null}></gw-key-spend-chart>
      ${this.changeable ? html`<div slot="actions"><slot></slot></div>` : nothing}
    </gw-card>`;
  }

  #budget(budget: BudgetView, forecast: Forecast | null) {
    const share = shareOf(budget);
    const ahead = forecast?.onCourseFor && budget.limit > 0 ? forecast.onCourseFor / budget.limit : null;
    return html`<div class="spread head">
        <div class="hero">${money(budget.spend)} <small>${t('budget.of', { limit: money(budget.limit) })}</small></div>
        ${this.#facts(budget, forecast)}
      </div>
      <div class="bar">
        <gw-bar
          size="large"
          .share=${share}
          .ahead=${ahead}
          ?off=${this.key.blocked === true}
          label=${t('budget.used_of', { name: keyName(this.key) })}
        ></gw-bar>
      </div>
      <div class="spread under small secondary">
        <span>${this.#used(share, forecast)} ${this.#raised()}</span>
        ${forecast && forecast.days > 1 ? html`<span class="row"><i class="dash"></i>${t('budget.pace', { amount: money(budget.limit / forecast.days) })}</span>` : nothing}
      </div>`;
  }

  #facts({ spend, limit, resetsAt, duration }: BudgetView, forecast: Forecast | null) {
    const fact = (label: string, value: string, tone = '') =>
      html`<div>
        <dt>${label}</dt>
        <dd class=${tone}>${value}</dd>
      </div>`;
    return html`<dl class="facts">
      ${fact(t('budget.left'), money(Math.max(0, limit - spend)))}
      ${forecast?.usedUpAt ? fact(t('budget.used_up_by'), day(forecast.usedUpAt), 'warn') : nothing}
      ${forecast?.onCourseFor && !forecast.usedUpAt && spend < limit ? fact(t('budget.on_course_for'), money(forecast.onCourseFor)) : nothing}
      ${resetsAt === null ? nothing : fact(t('budget.resets'), resetDay(resetsAt, duration))}
    </dl>`;
  }

  #used(share: number, forecast: Forecast | null): string {
    const used = percent(share);
    return forecast && forecast.days > 1
      ? t('budget.used_on_day', { used, day: forecast.dayNow, days: forecast.days })
      : t('budget.used', { used });
  }

  /** A budget raised for a while says both limits. */
  #raised() {
    const { key } = this;
    const by = raisedBy(key);
    if (by === 0 || key.max_budget === null || key.temp_budget_expiry === null) return nothing;
    return t('budget.raised', { limit: money(key.max_budget), by: money(by), time: dateTime(key.temp_budget_expiry) });
  }

  #noBudget(hasWindows: boolean) {
    return html`<div class="hero">${money(this.key.spend)}</div>
      <p class="secondary">${hasWindows ? nothing : t('budget.none_text')}</p>`;
  }

  #window(window: BudgetView) {
    const share = shareOf(window);
    const tone = { usual: 'secondary', warn: 'warn', bad: 'bad' }[toneOfShare(share)];
    return html`<div class="window">
      <div class="spread">
        <span>${t('budget.window', { per: perPeriod(window.duration) })}</span>
        <span class="number">${money(window.spend)} <span class=${tone}>${t('budget.of', { limit: money(window.limit) })}</span></span>
      </div>
      <gw-bar .share=${share} ?off=${this.key.blocked === true} label=${t('budget.window', { per: perPeriod(window.duration) })}></gw-bar>
    </div>`;
  }
}
