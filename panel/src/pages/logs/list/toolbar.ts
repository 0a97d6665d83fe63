import { mdiAccessPoint, mdiFilterVariant, mdiMenuDown, mdiPause } from '@mdi/js';
import { html, nothing } from 'lit';
import type { KeyName } from '../../../api/names.ts';
import '../../../components/gw-chip.ts';
import '../../../components/gw-menu.ts';
import type { MenuItem } from '../../../components/gw-menu.ts';
import { count } from '../../../format/number.ts';
import { t } from '../../../i18n/texts.ts';
import { QUICK_RANGES, type Fields } from './call-fields.ts';
import { rangeName, rangeWords } from './range-words.ts';

export interface Toolbar {
  readonly fields: Fields;
  readonly models: readonly string[];
  readonly keys: readonly KeyName[];
  /** Whether rows come in by themselves now. */
  readonly live: boolean;
  /** Calls that wait until the reader leaves the table. */
  readonly waiting: number;
  readonly set: (fields: Partial<Fields>) => void;
  readonly release: () => void;
  readonly more: () => void;
}

/** Names in a menu; further ones are found by the search and the other filters. */
const MOST_ITEMS = 12;

/** Before the search: live, and the span. */
export function toolbarStart(bar: Toolbar) {
  const { fields, set } = bar;
  return html`<gw-chip
      slot="toolbar-start"
      toggle
      icon=${mdiAccessPoint}
      ?active=${bar.live}
      @value-changed=${({ detail }: CustomEvent<{ value: boolean }>) => set(detail.value ? liveFields(fields) : { still: true })}
      >${t('logs.live')}</gw-chip
    >
    ${
      bar.waiting > 0
        ? html`<gw-chip class="waiting" slot="toolbar-start" icon=${mdiPause} @click=${bar.release}
            >${t('logs.waiting', { count: bar.waiting, number: count(bar.waiting) })}</gw-chip
          >`
        : nothing
    }
    <gw-menu
      slot="toolbar-start"
      text=${rangeWords(fields)}
      label=${t('logs.range_label', { range: rangeWords(fields) })}
      trail=${mdiMenuDown}
      .items=${rangeItems(bar)}
    ></gw-menu>`;
}

/** What live needs: the newest first, up to now. */
function liveFields({ range }: Fields): Partial<Fields> {
  const upToNow = range === 'custom' ? ({ range: '15m', from: '', until: '' } as const) : {};
  return { still: false, sort: 'startTime', order: 'desc', ...upToNow };
}

function rangeItems({ fields, set, more }: Toolbar): MenuItem[] {
  return [
    ...QUICK_RANGES.map((range) => ({
      label: rangeName(range),
      checked: range === fields.range,
      action: () => set({ range, from: '', until: '' }),
    })),
    { label: t('logs.ranges.custom'), checked: fields.range === 'custom', ruled: true, action: more },
  ];
}

/** After the search: the filters that are used most, and the way to all. */
export function toolbarEnd(bar: Toolbar) {
  const { fields, models, keys, set } = bar;
  const results = [
    { label: t('logs.results.any'), checked: fields.status === 'any', action: () => set({ status: 'any', error: '', words: '' }) },
    { label: t('logs.ok'), checked: fields.status === 'success', action: () => set({ status: 'success', error: '', words: '' }) },
    { label: t('logs.failed'), checked: fields.status === 'failure', action: () => set({ status: 'failure' }) },
  ];
  return html`${menu(t('logs.filters.status'), results)}
    ${menu(
      t('logs.filters.model'),
      models.map((model) => ({ label: model, checked: model === fields.model, action: () => set({ model }) })),
    )}
    ${menu(
      t('logs.filters.key'),
      keys.map(({ token, name }) => ({ label: name, checked: token === fields.key, action: () => set({ key: token }) })),
    )} <gw-chip slot="toolbar" icon=${mdiFilterVariant} @click=${bar.more}>${t('logs.more_filters')}</gw-chip>`;
}

function menu(text: string, items: readonly MenuItem[]) {
  if (items.length === 0) return nothing;
  return html`<gw-menu slot="toolbar" text=${text} trail=${mdiMenuDown} .items=${items.slice(0, MOST_ITEMS)}></gw-menu>`;
}
