import { mdiChartBar, mdiChevronRight } from '@mdi/js';
import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Summary } from '../../../../src/contract/panel/summary.ts';
import { providerName } from '../../api/provider-names.ts';
import '../../components/gw-bar.ts';
import '../../components/gw-bars.ts';
import type { Bar } from '../../components/gw-bars.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-empty.ts';
import { money, moneyTick } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { day, midnight, month as monthName, weekday } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { href, router } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';
import { budgetOf, recentPace } from './budget-of.ts';
import { allowedADay, onCourseFor, usedUpAt, type Budget } from './forecast.ts';

const DAY_MS = 86_400_000;

/** The month against its budget: the largest thing of the page, with what it is on course for. */
@customElement('gw-spend-card')
export class GwSpendCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .head {
        align-items: flex-end;
        flex-wrap: wrap;
        row-gap: var(--ha-space-2);
      }
      .used {
        margin-block: 12px 6px;
      }
      .under {
        flex-wrap: wrap;
        gap: 4px 16px;
      }
      .pace {
        stroke: currentColor;
        stroke-width: 2px;
        stroke-dasharray: 4 3;
      }
      gw-bars {
        margin-block-start: var(--ha-space-4);
      }
      @media (max-width: 870px) {
        .facts {
          inline-size: 100%;
        }
      }
    `,
  ];

  @property({ attribute: false }) summary!: Summary;

  override render() {
    const { summary } = this;
    const budget = budgetOf(summary);
    const now = new Date(summary.at).getTime();
    return html`<gw-card heading=${t('overview.spend_in', { month: monthName(midnight(summary.month.first_day)) })}>
      <gw-button slot="action" small href="usage" trail=${mdiChevronRight}>${t('overview.show_usage')}</gw-button>
      ${
        summary.month.requests === 0
          ? html`<gw-empty tight icon=${mdiChartBar}>${t('overview.no_calls_yet')}</gw-empty>`
          : html`${this.#head(budget, now)}${budget.limit === null ? nothing : this.#bar(budget, budget.limit, now)}${this.#chart(budget)}`
      }
    </gw-card>`;
  }

  #head(budget: Budget, now: number) {
    const course = onCourseFor(budget, now);
    const usedUp = usedUpAt(budget, recentPace(this.summary), now);
    return html`<div class="spread head">
      <div class="hero">
        ${money(budget.spend)}
        <small>${budget.limit === null ? t('overview.no_limit') : t('overview.of_limit', { limit: money(budget.limit) })}</small>
      </div>
      <dl class="facts">
        ${budget.limit === null ? nothing : fact(t('overview.left'), money(Math.max(0, budget.limit - budget.spend)))}
        ${usedUp === null ? (course === null ? nothing : fact(t('overview.on_course_for'), money(course))) : fact(t('overview.used_up_by'), day(usedUp), 'bad')}
        ${budget.limit === null ? nothing : fact(t('overview.resets'), day(budget.end))}
      </dl>
    </div>`;
  }

  #bar(budget: Budget, limit: number, now: number) {
    const share = limit === 0 ? 1 : budget.spend / limit;
    const course = onCourseFor(budget, now);
    const days = Math.round((budget.end - budget.start) / DAY_MS);
    const today = Math.min(days, Math.floor((now - budget.start) / DAY_MS) + 1);
    const pace = this.#pace(budget);
    return html`<div class="used">
        <gw-bar
          size="large"
          share=${share}
          .ahead=${course === null ? null : course / limit}
          label=${t('overview.budget_used_label')}
        ></gw-bar>
      </div>
      <div class="spread under small secondary">
        <span>${t('overview.budget_used', { share: percent(share), day: today, days })}</span>
        ${
          pace === null
            ? nothing
            : html`<span class="row"
                ><svg width="20" height="2" aria-hidden="true">${svg`<line class="pace" x1="0" x2="20" y1="1" y2="1"></line>`}</svg
                >${t('overview.pace', { amount: money(pace) })}</span
              >`
        }
      </div>`;
  }

  /** A line across the days makes sense for a budget of weeks. */
  #pace(budget: Budget): number | null {
    return budget.end - budget.start >= 7 * DAY_MS ? allowedADay(budget) : null;
  }

  #chart(budget: Budget) {
    const { month } = this.summary;
    const series = month.providers.map(({ provider, spend }) => ({ id: provider, name: providerName(provider), total: money(spend) }));
    return html`<gw-bars
      label=${t('overview.chart_label', { month: monthName(midnight(month.first_day)) })}
      .series=${series.filter(({ id }) => (month.providers.find(({ provider }) => provider === id)?.spend ?? 0) > 0)}
      .bars=${barsOf(month)}
      .format=${money}
      .tick=${moneyTick}
      .pace=${this.#pace(budget)}
      @gw-bar=${({ detail }: CustomEvent<{ id: string }>) => router.navigate(href('usage', { day: detail.id }))}
    ></gw-bars>`;
  }
}

const fact = (label: string, value: string, tone = '') =>
  html`<div>
    <dt>${label}</dt>
    <dd class=${tone}>${value}</dd>
  </div>`;

/** Every day of the month; those to come are empty. */
function barsOf(month: Summary['month']): Bar[] {
  const last = Number(month.last_day.slice(-2));
  const prefix = month.first_day.slice(0, 8);
  return Array.from({ length: last }, (_, index) => {
    const found = month.days[index];
    const date = `${prefix}${String(index + 1).padStart(2, '0')}`;
    const isToday = index === month.days.length - 1;
    const usual = index === 0 ? day(midnight(date)) : String(index + 1);
    return {
      id: date,
      label: isToday ? t('overview.today') : usual,
      strong: isToday,
      name: weekday(midnight(date)),
      values: Object.fromEntries((found?.providers ?? []).map(({ provider, spend }) => [provider, spend])),
    };
  });
}
