import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Days, UsageDay } from '../../api/usage.ts';
import '../../components/gw-bars.ts';
import type { Bar, BarSeries } from '../../components/gw-bars.ts';
import { day as dayText, isoDay, midnight, weekday } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { entriesOf, groupsOf, measured, type Dimension, type Measure } from './fold.ts';
import { eachDay } from './range.ts';
import { measureText, measureTick, nameOf } from './words.ts';

/** Series told apart; the rest is one more. */
const MOST_SERIES = 7;
const OTHER = '\u0000other';

/** A bar for each day, stacked by what the page is grouped by. Fires `gw-bar` with the day. */
@customElement('gw-usage-chart')
export class GwUsageChart extends LitElement {
  static override styles = [base, css``];

  @property({ attribute: false }) days: readonly UsageDay[] = [];
  @property({ attribute: false }) range!: Days;
  @property() by: Dimension = 'model';
  @property() measure: Measure = 'spend';
  /** The day that is looked into; the others are pale. */
  @property() chosen = '';

  override render() {
    const names = this.#series();
    const format = measureText(this.measure);
    return html`<gw-bars
      label=${t('usage.chart_label', { measure: t(`usage.measure_${this.measure}`) })}
      .series=${names}
      .bars=${this.#bars(new Set(names.map(({ id }) => id)))}
      .format=${format}
      .tick=${measureTick(this.measure)}
      height="240"
      @gw-bar=${({ detail }: CustomEvent<{ id: string }>) => this.dispatchEvent(new CustomEvent('gw-bar', { detail }))}
    ></gw-bars>`;
  }

  #series(): BarSeries[] {
    const groups = groupsOf(this.days, this.by)
      .map((group) => ({ ...group, value: measured(group.metrics, this.measure) }))
      .filter(({ value }) => value > 0)
      .toSorted((a, b) => b.value - a.value);
    const shown = groups.length > MOST_SERIES + 1 ? groups.slice(0, MOST_SERIES) : groups;
    const rest = groups.slice(shown.length).reduce((sum, { value }) => sum + value, 0);
    const format = measureText(this.measure);
    const series = shown.map(({ id, name, value }) => ({ id, name: nameOf(this.by, id, name), total: format(value) }));
    if (rest === 0) return series;
    return [...series, { id: OTHER, name: t('usage.other'), total: format(rest), color: 'var(--disabled-text-color)' }];
  }

  #bars(shown: ReadonlySet<string>): Bar[] {
    const byDate = new Map(this.days.map((day) => [day.date, day]));
    const today = isoDay(Date.now());
    return eachDay(this.range).map((date, index) => {
      const values: Record<string, number> = {};
      for (const [id, { metrics }] of Object.entries(byDate.has(date) ? entriesOf(byDate.get(date) as UsageDay, this.by) : {})) {
        const name = shown.has(id) ? id : OTHER;
        values[name] = (values[name] ?? 0) + measured(metrics, this.measure);
      }
      const begins = index === 0 || date.endsWith('-01');
      return {
        id: date,
        label: date === today ? t('usage.today') : begins ? dayText(midnight(date)) : String(Number(date.slice(-2))),
        strong: date === today,
        name: weekday(midnight(date)),
        values,
        faded: this.chosen !== '' && this.chosen !== date,
      };
    });
  }
}
