import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KeyUse } from '../../../../src/contract/panel/key.ts';
import type { Key } from '../../api/keys.ts';
import type { Bar, BarSeries } from '../../components/gw-bars.ts';
import { money, moneyTick } from '../../format/money.ts';
import { isoDay, weekday, day } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import type { Forecast } from './forecast.ts';
import { keyName } from './key-facts.ts';
import '../../components/gw-bars.ts';

/** Models with a color of their own; the rest is one more. */
const MOST_SERIES = 7;
const OTHERS = '…';

/** Spend of the key by day, stacked by model, with the pace its budget allows. */
@customElement('gw-key-spend-chart')
export class GwKeySpendChart extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-block-size: 232px;
      }
    `,
  ];

  @property({ attribute: false }) key!: Key;
  @property({ attribute: false }) use: KeyUse | undefined;
  @property({ attribute: false }) forecast: Forecast | null = null;
  @property({ attribute: false }) limit: number | null = null;

  override render() {
    const { use } = this;
    if (!use) return nothing;
    if (use.models.length === 0) return html`<p class="secondary">${t('keys.no_spend')}</p>`;
    const named = new Set(use.models.slice(0, MOST_SERIES).map(({ model }) => model));
    const pace = this.limit !== null && this.forecast && this.forecast.days > 1 ? this.limit / this.forecast.days : null;
    return html`<gw-bars
      label=${t('keys.chart', { name: keyName(this.key) })}
      .series=${seriesOf(use, named)}
      .bars=${[...barsOf(use, named), ...this.#toCome(use)]}
      .format=${money}
      .tick=${moneyTick}
      .pace=${pace}
      height="200"
    ></gw-bars>`;
  }

  /** Days up to the end of a month's budget, so that the axis is the period. */
  #toCome({ days }: KeyUse): Bar[] {
    const missing = (this.forecast?.days ?? 0) - days.length;
    if (missing <= 0 || (this.forecast?.days ?? 0) < 7) return [];
    const last = Date.parse(`${days.at(-1)?.date ?? isoDay(Date.now())}T12:00:00Z`);
    return Array.from({ length: missing }, (_, index) => emptyBar(last + (index + 1) * 86_400_000));
  }
}

function emptyBar(at: number): Bar {
  return { id: isoDay(at), label: String(new Date(at).getUTCDate()), name: weekday(at), values: {}, faded: true };
}

function seriesOf({ models }: KeyUse, named: ReadonlySet<string>): BarSeries[] {
  const shown = models.filter(({ model }) => named.has(model)).map(({ model, spend }) => ({ id: model, name: model, total: money(spend) }));
  return models.length > shown.length ? [...shown, { id: OTHERS, name: t('keys.other_models') }] : shown;
}

function barsOf({ days }: KeyUse, named: ReadonlySet<string>): Bar[] {
  return days.map(({ date, models }, index) => {
    const at = `${date}T12:00:00Z`;
    const values: Record<string, number> = {};
    for (const { model, spend } of models) {
      const id = named.has(model) ? model : OTHERS;
      values[id] = (values[id] ?? 0) + spend;
    }
    const isToday = index === days.length - 1;
    const label = isToday ? t('keys.today') : index === 0 ? day(at) : String(Number(date.slice(8)));
    return { id: date, label, name: weekday(at), values, strong: isToday };
  });
}
