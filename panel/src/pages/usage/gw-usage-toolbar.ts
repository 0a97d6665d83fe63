import { mdiCalendar, mdiChevronLeft, mdiChevronRight, mdiFilterVariant, mdiMenuDown } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Days } from '../../api/usage.ts';
import '../../components/gw-chip.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-menu.ts';
import type { MenuItem } from '../../components/gw-menu.ts';
import '../../components/gw-segments.ts';
import { isoDay } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { base, layout } from '../../theme/base.ts';
import { GROUPS, MEASURES, type GroupBy, type Measure } from './fold.ts';
import { RANGES, type Range } from './range.ts';
import { daysText } from './words.ts';

/** A filter in force. */
export interface Chip {
  readonly field: string;
  readonly text: string;
}

/** What of the address a change sets; fires `gw-usage` with it. */
export type Change = Readonly<Record<string, unknown>>;

/** Which days, narrowed by what, measured how, grouped by what. Everything stands in the address. */
@customElement('gw-usage-toolbar')
export class GwUsageToolbar extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--ha-space-2);
        padding: var(--ha-space-2) var(--ha-space-4);
        border-block-end: 1px solid var(--divider-color);
        background: var(--primary-background-color);
      }
      .days {
        display: flex;
        align-items: center;
      }
      .grow {
        flex: 1;
      }
      @media (max-width: 870px) {
        .grow {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) days!: Days;
  @property() range: Range = 'month';
  @property() measure: Measure = 'spend';
  @property() by: GroupBy = 'model';
  @property({ attribute: false }) chips: readonly Chip[] = [];

  override render() {
    return html`<div class="days">
        <gw-icon-button
          mirrored
          size="small"
          .path=${mdiChevronLeft}
          label=${t('usage.earlier')}
          @click=${() => this.#fire('gw-usage-step', -1)}
        ></gw-icon-button>
        <gw-menu
          text=${daysText(this.days)}
          label=${t('usage.days', { days: daysText(this.days) })}
          path=${mdiCalendar}
          trail=${mdiMenuDown}
          .items=${this.#ranges()}
        ></gw-menu>
        <gw-icon-button
          mirrored
          size="small"
          .path=${mdiChevronRight}
          label=${t('usage.later')}
          ?disabled=${this.days.last >= isoDay(Date.now())}
          @click=${() => this.#fire('gw-usage-step', 1)}
        ></gw-icon-button>
      </div>
      <gw-chip icon=${mdiFilterVariant} @click=${() => this.#fire('gw-usage-filter', null)}>${t('usage.add_filter')}</gw-chip>
      ${this.chips.map(({ field, text }) => html`<gw-chip removable @gw-remove=${() => this.#set({ [field]: '' })}>${text}</gw-chip>`)}
      <span class="grow"></span>
      <gw-segments
        label=${t('usage.measure')}
        value=${this.measure}
        .segments=${MEASURES.map((value) => ({ value, label: t(`usage.measure_${value}`) }))}
        @value-changed=${({ detail }: CustomEvent<{ value: string }>) => this.#set({ measure: detail.value })}
      ></gw-segments>
      <gw-menu text=${t('usage.group_by', { name: t(`usage.by_${this.by}`) })} trail=${mdiMenuDown} .items=${this.#groups()}></gw-menu>`;
  }

  #ranges(): MenuItem[] {
    return RANGES.map((range) => ({
      label: t(`usage.range_${range}`),
      checked: range === this.range,
      action: () => (range === 'custom' ? this.#fire('gw-usage-days', null) : this.#set({ range, from: '', to: '', day: '' })),
    }));
  }

  #groups(): MenuItem[] {
    return GROUPS.map((by) => ({ label: t(`usage.by_${by}`), checked: by === this.by, action: () => this.#set({ by }) }));
  }

  #set(change: Change): void {
    this.#fire('gw-usage', change);
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
