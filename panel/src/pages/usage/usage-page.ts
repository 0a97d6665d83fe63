import { mdiChartBar, mdiDownload } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { loadProviderNames } from '../../api/provider-names.ts';
import { callsCsv, readCalls, readUsage, usageCsv, type Days, type UsageAnswer, type UsageFilter } from '../../api/usage.ts';
import { download } from '../../components/download.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-empty.ts';
import type { Sort } from '../../components/gw-table.ts';
import { pageState } from '../../components/page-states.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { GwPage } from '../../page.ts';
import { PageData } from '../../page-data.ts';
import { href } from '../../router/router.ts';
import { choice, text, whole, writeQuery } from '../../router/query.ts';
import { base, layout } from '../../theme/base.ts';
import { groupsOf, GROUPS, MEASURES, totalOf, type Dimension, type Group, type GroupBy } from './fold.ts';
import './gw-usage-calls.ts';
import './gw-usage-chart.ts';
import './gw-usage-table.ts';
import './gw-usage-tiles.ts';
import './gw-usage-toolbar.ts';
import './gw-usage-trail.ts';
import type { Change, Chip } from './gw-usage-toolbar.ts';
import { before, daysOf, isDay, neighbour, RANGES, spanOf } from './range.ts';
import { nameOf, opens } from './words.ts';

const FIELDS = {
  range: choice(RANGES, 'month'),
  from: text(),
  to: text(),
  measure: choice(MEASURES, 'spend'),
  by: choice(GROUPS, 'model'),
  model: text(),
  provider: text(),
  key: text(),
  person: text(),
  day: text(),
  sort: choice(['startTime', 'spend', 'request_duration_ms'], 'startTime'),
  order: choice(['asc', 'desc'], 'desc'),
  page: whole(1),
};
const DIMENSIONS: readonly Dimension[] = ['model', 'provider', 'key', 'person'];
/** No filter in force. */
const CLEARED = { model: '', provider: '', key: '', person: '', day: '', page: 1 };
/** While calls come in, sums are asked for again at most so often. */
const RELOAD_MS = 10_000;

/** Where did the money go? From a sum to a day to its calls to the price of one, and back. */
@customElement('gw-usage-page')
export class GwUsagePage extends GwPage {
  static override styles = [
    base,
    layout,
    css`
      .content {
        display: flex;
        flex-direction: column;
        gap: var(--ha-space-4);
      }
    `,
  ];

  @state() private _dialog: 'filter' | 'days' | null = null;
  readonly #usage = new PageData(this, {
    args: () => [JSON.stringify([this.#days, this.#filter])] as const,
    load: async (_, signal) => (await Promise.all([readUsage(this.#days, this.#filter, signal), loadProviderNames()]))[0],
  });
  readonly #earlier = new PageData(this, {
    args: () => [JSON.stringify([this.#before, this.#filter])] as const,
    load: (_, signal) => readUsage(this.#before, this.#filter, signal),
  });
  readonly #calls = new PageData(this, {
    args: () => [this.#q.by === 'call', JSON.stringify([this.#chosenDays, this.#filter, this.#callSort, this.#q.page])] as const,
    load: ([wanted], signal) =>
      wanted ? readCalls(spanOf(this.#chosenDays), this.#filter, { page: this.#q.page, ...this.#callSort }, signal) : Promise.resolve(null),
  });
  readonly live = new Live(this, { topics: ['spend'], onEvent: () => this.#soon(), onPoll: () => this.#usage.reload() });
  #timer = 0;

  override disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    super.disconnectedCallback();
  }

  get #q() {
    return this.query(FIELDS);
  }

  get #filter(): UsageFilter {
    const { model, provider, key, person } = this.#q;
    return { model, provider, key, person };
  }

  /** The days of the chart; a day alone, as other pages link to it, stands in its month. */
  get #days(): Days {
    const { range, from, to, day } = this.#q;
    const days = daysOf(range, { first: from, last: to }, Date.now());
    return isDay(day) && (day < days.first || day > days.last) ? { first: day, last: day } : days;
  }

  get #chosenDays(): Days {
    const { day } = this.#q;
    return isDay(day) ? { first: day, last: day } : this.#days;
  }

  get #before(): Days {
    return isDay(this.#q.day) ? neighbour(this.#chosenDays, -1) : before(this.#q.range, this.#days);
  }

  get #callSort() {
    const { sort: by, order } = this.#q;
    return { by, order };
  }

  override render() {
    const q = this.#q;
    return html`<gw-usage-toolbar
        .days=${this.#days}
        .range=${q.range}
        .measure=${q.measure}
        .by=${q.by}
        .chips=${this.#chips()}
        @gw-usage=${({ detail }: CustomEvent<Change>) => this.#set(detail)}
        @gw-usage-step=${({ detail }: CustomEvent<-1 | 1>) => this.#step(detail)}
        @gw-usage-filter=${() => this.#open('filter')}
        @gw-usage-days=${() => this.#open('days')}
      ></gw-usage-toolbar>
      <div class="content wide">${pageState(this.#usage, (usage) => this.#page(usage))}</div>
      ${this.#dialog()}`;
  }

  #page(usage: UsageAnswer) {
    const { by, day } = this.#q;
    const chosen = isDay(day) ? usage.results.filter(({ date }) => date === day) : usage.results;
    if (usage.results.length === 0)
      return html`<gw-empty icon=${mdiChartBar} heading=${t('usage.empty')}>
        ${t('usage.empty_text')}
        ${
          this.#chips().length > 0
            ? html`<gw-button slot="action" look="filled" @click=${() => this.#set(CLEARED)}>${t('table.clear_filters')}</gw-button>`
            : nothing
        }
      </gw-empty>`;
    const deep = by === 'call' || isDay(day) || DIMENSIONS.some((name) => this.#filter[name] !== '');
    return html`${deep ? nothing : this.#tiles(usage)} ${this.#chart(usage, deep)}
    ${by === 'call' ? this.#callsCard() : this.#tableCard(chosen, by)}`;
  }

  #tiles(usage: UsageAnswer) {
    const earlier = this.#earlier.value;
    return html`<gw-usage-tiles
      .total=${totalOf(usage.results)}
      .earlier=${earlier ? { total: totalOf(earlier.results), days: this.#before } : null}
    ></gw-usage-tiles>`;
  }

  #chart(usage: UsageAnswer, deep: boolean) {
    const { measure, by, day } = this.#q;
    const first = DIMENSIONS.find((name) => this.#filter[name] === '') ?? 'model';
    const shown: Dimension = by === 'day' || by === 'call' ? (DIMENSIONS.find((name) => this.#filter[name] !== '') ?? first) : by;
    return html`<gw-card heading=${deep ? '' : t('usage.by_day_heading', { measure: t(`usage.measure_${measure}`) })}>
      ${deep ? this.#trail(usage) : nothing}
      <gw-usage-chart
        .days=${usage.results}
        .range=${this.#days}
        .by=${shown}
        .measure=${measure}
        .chosen=${isDay(day) ? day : ''}
        @gw-bar=${({ detail }: CustomEvent<{ id: string }>) => this.setQuery(FIELDS, { day: detail.id, page: 1 }, { push: true })}
      ></gw-usage-chart>
    </gw-card>`;
  }

  /** Where one stands, with the way back, and what it comes to. */
  #trail(usage: UsageAnswer) {
    const { day, measure } = this.#q;
    const names: readonly string[] = [...DIMENSIONS.filter((name) => this.#filter[name] !== ''), ...(isDay(day) ? ['day'] : [])];
    const without = (fields: readonly string[]) => this.#address({ ...Object.fromEntries(fields.map((field) => [field, ''])), page: 1 });
    const steps = names.map((name, index) => ({
      text: name === 'day' ? nameOf('day', day, null) : this.#named(name as Dimension),
      address: without(names.slice(index + 1)),
    }));
    const all = totalOf(usage.results);
    return html`<gw-usage-trail
      .start=${{ text: t(`usage.all_${measure}`), address: this.#address({ ...CLEARED, by: 'model' }) }}
      .steps=${steps}
      .measure=${measure}
      .total=${isDay(day) ? totalOf(usage.results.filter(({ date }) => date === day)) : all}
      .whole=${isDay(day) ? all : null}
    ></gw-usage-trail>`;
  }

  #tableCard(days: UsageAnswer['results'], by: Exclude<GroupBy, 'call'>) {
    return html`<gw-card flush heading=${t(`usage.all_${this.#q.measure}`)}>
      ${this.#file(usageCsv(this.#chosenDays, this.#filter), 'usage')}
      <gw-usage-table
        .groups=${groupsOf(days, by)}
        .total=${totalOf(days)}
        .by=${by}
        .measure=${this.#q.measure}
        .addressOf=${(group: Group) => this.#inside(by, group)}
      ></gw-usage-table>
    </gw-card>`;
  }

  #callsCard() {
    const calls = this.#calls.value ?? null;
    const heading = calls ? t('usage.calls_count', { count: calls.total }) : t('usage.calls');
    return html`<gw-card flush heading=${heading}>
      ${this.#file(callsCsv(spanOf(this.#chosenDays), this.#filter), 'calls')}
      <gw-usage-calls
        .calls=${calls}
        .error=${this.#calls.error}
        .loading=${this.#calls.loading}
        .sort=${this.#callSort}
        .page=${this.#q.page}
        @gw-sort=${({ detail }: CustomEvent<Sort>) => this.#set({ sort: detail.by, order: detail.order, page: 1 })}
        @gw-page=${({ detail }: CustomEvent<{ page: number }>) => this.#set({ page: detail.page })}
        @gw-retry=${() => this.#calls.reload()}
      ></gw-usage-calls>
    </gw-card>`;
  }

  #file(address: string, name: string) {
    const { first, last } = this.#chosenDays;
    return html`<gw-button slot="action" small icon=${mdiDownload} @click=${() => download(address, `${name}-${first}-${last}.csv`)}
      >${t('usage.csv')}</gw-button
    >`;
  }

  /** One step down: the calls of a model, key or day. */
  #inside(by: Exclude<GroupBy, 'call'>, { id }: Group): string | null {
    return opens(by, id) ? this.#address({ [by]: id, by: 'call', page: 1 }) : null;
  }

  #chips(): Chip[] {
    const { day } = this.#q;
    const filters = DIMENSIONS.filter((name) => this.#filter[name] !== '').map((name) => ({
      field: name,
      text: t('usage.chip', { field: t(`usage.by_${name}`), value: this.#named(name) }),
    }));
    return isDay(day)
      ? [...filters, { field: 'day', text: t('usage.chip', { field: t('usage.by_day'), value: nameOf('day', day, null) }) }]
      : filters;
  }

  /** What the chosen model, key or person is called: the answer knows it. */
  #named(by: Dimension): string {
    const id = this.#filter[by];
    const known = groupsOf(this.#usage.value?.results ?? [], by).find((group) => group.id === id);
    return nameOf(by, id, known?.name ?? null);
  }

  #dialog() {
    if (this._dialog === null) return nothing;
    return html`<gw-usage-dialog
      kind=${this._dialog}
      .days=${this.#usage.value?.results ?? []}
      .filter=${this.#filter}
      .range=${this.#days}
      @gw-usage=${({ detail }: CustomEvent<Change>) => this.#set({ ...detail, page: 1 })}
      @gw-close=${() => (this._dialog = null)}
    ></gw-usage-dialog>`;
  }

  async #open(kind: 'filter' | 'days'): Promise<void> {
    await import('./gw-usage-dialog.ts');
    this._dialog = kind;
  }

  #step(step: -1 | 1): void {
    const { first, last } = neighbour(this.#days, step);
    this.#set({ range: 'custom', from: first, to: last, day: '', page: 1 });
  }

  #set(change: Change): void {
    this.setQuery(FIELDS, change);
  }

  #address(change: Change): string {
    return href(this.location.path, writeQuery(FIELDS, change, this.location.query));
  }

  #soon(): void {
    if (this.#timer !== 0) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#usage.reload();
    }, RELOAD_MS);
  }
}
