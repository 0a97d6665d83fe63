import { mdiChevronRight } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Metrics } from '../../api/usage.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-table.ts';
import type { Column, NarrowRow, Sort } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { seriesColor } from '../../components/series-color.ts';
import { money } from '../../format/money.ts';
import { compact, count, percent } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { base } from '../../theme/base.ts';
import { measured, type Group, type GroupBy, type Measure } from './fold.ts';
import './gw-usage-share.ts';
import { measureText, nameOf } from './words.ts';

const VALUES = {
  spend: ({ spend }) => spend,
  requests: ({ api_requests: all }) => all,
  failed: ({ failed_requests: failed }) => failed,
  in: ({ prompt_tokens: tokens }) => tokens,
  cached: ({ cache_read_input_tokens: read, prompt_tokens: tokens }) => (tokens === 0 ? 0 : read / tokens),
  out: ({ completion_tokens: tokens }) => tokens,
  each: ({ spend, api_requests: all }) => (all === 0 ? 0 : spend / all),
} as const satisfies Record<string, (metrics: Metrics) => number>;
type ValueName = keyof typeof VALUES;

const TEXTS: Readonly<Record<ValueName, (value: number) => string>> = {
  spend: money,
  requests: count,
  failed: count,
  in: compact,
  cached: percent,
  out: compact,
  each: money,
};

/** What was used, one row a model, provider, key, person or day; its footer is the sum of the whole list, from the server. */
@customElement('gw-usage-table')
export class GwUsageTable extends LitElement {
  static override styles = [base, css``];

  @property({ attribute: false }) groups: readonly Group[] = [];
  @property({ attribute: false }) total!: Metrics;
  @property() by: Exclude<GroupBy, 'call'> = 'model';
  @property() measure: Measure = 'spend';
  /** Where a row leads; null: nowhere. */
  @property({ attribute: false }) addressOf: (group: Group) => string | null = () => null;
  @state() private _sort: Sort | null = null;

  override render() {
    return html`<gw-table
      in-card
      label=${t('usage.table_label')}
      .columns=${this.#columns()}
      .rows=${this.#sorted()}
      .rowKey=${({ id }: Group) => id}
      .rowHref=${this.addressOf}
      .narrowRow=${(group: Group) => this.#narrow(group)}
      .sort=${this.#sort}
      .totals=${this.#totals()}
      @gw-sort=${({ detail }: CustomEvent<Sort>) => (this._sort = detail)}
    ></gw-table>`;
  }

  get #sort(): Sort {
    if (this._sort) return this._sort;
    if (this.by === 'day') return { by: 'name', order: 'desc' };
    const column = { spend: 'spend', tokens: 'in', requests: 'requests', errors: 'failed' } as const;
    return { by: column[this.measure], order: 'desc' };
  }

  #sorted(): Group[] {
    const { by, order } = this.#sort;
    const direction = order === 'asc' ? 1 : -1;
    const value = by in VALUES ? VALUES[by as ValueName] : null;
    const nameFor = ({ id, name }: Group) => (this.by === 'day' ? id : nameOf(this.by, id, name));
    return this.groups.toSorted((a, b) =>
      value ? direction * (value(a.metrics) - value(b.metrics)) : direction * nameFor(a).localeCompare(nameFor(b)),
    );
  }

  #columns(): Column<Group>[] {
    const whole = measured(this.total, this.measure);
    const share = ({ metrics }: Group) => (whole === 0 ? 0 : measured(metrics, this.measure) / whole);
    const largest = Math.max(0, ...this.groups.map(share));
    const number = (id: ValueName, title: string, from?: 1001 | 1201): Column<Group> => ({
      id,
      title,
      numeric: true,
      sortable: true,
      ...(from ? { from } : {}),
      cell: ({ metrics }) => TEXTS[id](VALUES[id](metrics)),
    });
    return [
      { id: 'name', title: t(`usage.by_${this.by}`), main: true, sortable: true, cell: (group) => this.#name(group) },
      {
        id: 'share',
        title: t('usage.share'),
        numeric: true,
        from: 1001,
        cell: (group) =>
          html`<gw-usage-share color=${this.#color(group)} share=${largest === 0 ? 0 : share(group) / largest}
            >${percent(share(group))}</gw-usage-share
          >`,
      },
      number('spend', t('usage.spend')),
      number('requests', t('usage.requests')),
      number('failed', t('usage.failed')),
      number('in', t('usage.tokens_in')),
      number('cached', t('usage.cached'), 1201),
      number('out', t('usage.tokens_out')),
      number('each', t('usage.per_request'), 1201),
      {
        id: 'open',
        title: t('usage.open'),
        titleHidden: true,
        cell: (group) => (this.addressOf(group) ? html`<gw-icon size="s" mirrored path=${mdiChevronRight}></gw-icon>` : nothing),
      },
    ];
  }

  #name(group: Group) {
    const name = nameOf(this.by, group.id, group.name);
    return this.by === 'day'
      ? name
      : mainCell(name, undefined, html`<gw-usage-share aria-hidden="true" color=${this.#color(group)}></gw-usage-share>`);
  }

  #color({ id }: Group): string {
    return this.by === 'day' ? 'var(--primary-color)' : seriesColor(id);
  }

  #narrow(group: Group): NarrowRow {
    return {
      title: nameOf(this.by, group.id, group.name),
      note: t('usage.requests_count', { count: group.metrics.api_requests }),
      value: measureText(this.measure)(measured(group.metrics, this.measure)),
    };
  }

  #totals(): Readonly<Record<string, string>> {
    const numbers = Object.fromEntries((Object.keys(VALUES) as ValueName[]).map((id) => [id, TEXTS[id](VALUES[id](this.total))]));
    return { name: t('usage.total'), share: percent(1), ...numbers };
  }
}
