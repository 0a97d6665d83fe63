import { mdiDownload, mdiFormatListBulletedType } from '@mdi/js';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { callsFile, type CallRow } from '../../api/calls.ts';
import { keyNames, modelNames } from '../../api/names.ts';
import { providerNames } from '../../api/provider-names.ts';
import { ApiError } from '../../api/client.ts';
import { download } from '../../components/download.ts';
import '../../components/gw-button.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-icon-button.ts';
import '../../components/gw-search.ts';
import '../../components/gw-table.ts';
import type { Sort } from '../../components/gw-table.ts';
import { toast } from '../../components/gw-toasts.ts';
import { count } from '../../format/number.ts';
import { isoDay } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { Narrow } from '../../narrow.ts';
import { PageData } from '../../page-data.ts';
import { GwPage } from '../../page.ts';
import { href } from '../../router/router.ts';
import { writeQuery } from '../../router/query.ts';
import { FIELDS, filtersIn, FILTERS, without, type Fields } from './list/call-fields.ts';
import { belongs, filterOf, spanOf } from './list/call-filter.ts';
import { firstPage, hasMore, newerThan, nextPage, orderOf, together, type CallList } from './list/call-list.ts';
import { columnsOf, narrowRowOf } from './list/call-columns.ts';
import { filterChips } from './list/filter-chips.ts';
import { Incoming } from './list/incoming.ts';
import { rangeWords } from './list/range-words.ts';
import { toolbarEnd, toolbarStart, type Toolbar } from './list/toolbar.ts';

/** More rows that came in than this, and the list is loaded anew. */
const MOST_INCOMING = 300;

/** The calls, newest first, as they end. */
@customElement('gw-logs-page')
export class GwLogsPage extends GwPage {
  static override styles = [
    ...GwPage.styles,
    css`
      .chips {
        display: flex;
        align-items: center;
        gap: var(--ha-space-2);
        padding: var(--ha-space-2) var(--ha-space-4);
        border-block-end: 1px solid var(--divider-color);
        flex-wrap: wrap;
      }
      .below {
        padding: var(--ha-space-3) var(--ha-space-4);
      }
    `,
  ];

  readonly #incoming = new Incoming();
  readonly #narrow = new Narrow(this);
  readonly #calls = new PageData(this, {
    args: () => [writeQuery(FIELDS, { ...this.#fields, still: false }, new URLSearchParams()).toString()] as const,
    load: (_question, signal) => {
      this.#incoming.clear();
      return firstPage(this.#fields, signal);
    },
  });
  readonly #providers = new PageData(this, { args: () => [] as const, load: providerNames });
  readonly #models = new PageData(this, { args: () => [] as const, load: (_args, signal) => modelNames(signal) });
  readonly #keys = new PageData(this, { args: () => [] as const, load: (_args, signal) => keyNames(signal) });
  readonly #live = new Live(this, {
    topics: ['calls'],
    onEvent: ({ data }) => this.#take([data as CallRow]),
    onPoll: () => void this.#poll(),
  });
  @state() private _loadingMore = false;
  @state() private _dialog = false;

  get #fields(): Fields {
    return this.query(FIELDS);
  }

  /** Whether calls come in by themselves: the list is newest first and reaches up to now. */
  get #follows(): boolean {
    const { still, sort, order, range } = this.#fields;
    return !still && sort === 'startTime' && order === 'desc' && range !== 'custom';
  }

  override render() {
    const list = this.#calls.value;
    const fields = this.#fields;
    const rows = list ? together(this.#incoming.shown, list) : null;
    const filters = filtersIn(fields);
    const longest = Math.max(1, ...(rows ?? []).map(({ request_duration_ms: took }) => took));
    const showing = { providers: this.#providers.value ?? new Map<string, string>(), longest, now: Date.now() };
    const bar = this.#bar(fields);
    const address = this.location.query;
    return html`<gw-table
        label=${t('logs.list_label', { range: rangeWords(fields) })}
        .columns=${columnsOf(showing)}
        .rows=${rows}
        .rowKey=${idOf}
        .rowHref=${(row: CallRow) => href(`logs/${encodeURIComponent(row.request_id)}`, address)}
        .rowFresh=${(row: CallRow) => this.#incoming.shown.includes(row)}
        .narrowRow=${(row: CallRow) => narrowRowOf(row, showing)}
        .sort=${{ by: fields.sort, order: fields.order } satisfies Sort}
        .search=${this.#narrow.matches ? null : fields.search}
        search-label=${t('logs.search')}
        ?filtered=${filters.length > 0 || fields.range === 'custom'}
        ?loading=${this.#calls.loading}
        .error=${this.#calls.error}
        @gw-sort=${({ detail }: CustomEvent<Sort>) => this.#set({ sort: detail.by as Fields['sort'], order: detail.order })}
        @gw-search=${({ detail }: CustomEvent<{ value: string }>) => this.#set({ search: detail.value })}
        @gw-clear=${() => this.#set(fields.search ? { search: '' } : { ...without(FILTERS), range: '15m', from: '', until: '' })}
        @gw-retry=${() => this.#calls.reload()}
        @mouseover=${this.#watch}
        @mouseleave=${() => this.#pause(false)}
        @focusin=${this.#watch}
        @focusout=${this.#leave}
      >
        ${toolbarStart(bar)}${toolbarEnd(bar)}
        ${filterChips({ ...bar, providers: showing.providers, remove: (names) => this.#set(without(names)) })} ${this.#firstUse(fields)}
      </gw-table>
      ${rows && rows.length > 0 && list ? this.#below(list, rows) : nothing} ${this._dialog ? this.#filterDialog(fields) : nothing}`;
  }

  override updated(): void {
    const { search } = this.#fields;
    this.setHeader({
      actions: html`<gw-icon-button .path=${mdiDownload} label=${t('logs.download')} @click=${() => this.#download()}></gw-icon-button>`,
      narrow: html`<gw-search
        label=${t('logs.search_short')}
        .value=${search}
        @value-changed=${({ detail }: CustomEvent<{ value: string }>) => this.#set({ search: detail.value })}
      ></gw-search>`,
    });
  }

  #bar(fields: Fields): Toolbar {
    return {
      fields,
      models: this.#models.value ?? [],
      keys: this.#keys.value ?? [],
      live: this.#follows && this.#live.isLive,
      waiting: this.#incoming.waiting,
      set: (changed) => this.#set(changed),
      release: () => this.#pause(false),
      more: () => void this.#openDialog(),
    };
  }

  #below(list: CallList, rows: readonly CallRow[]) {
    const total = list.total + rows.length - list.rows.length;
    const failed = rows.filter(({ status }) => status === 'failure').length;
    const more = hasMore(list);
    const words = !more
      ? t('logs.all', { count: total, number: count(total), failed })
      : t(list.exact ? 'logs.part' : 'logs.part_of_many', { shown: count(rows.length), total: count(total) });
    return html`<div class="below spread small secondary">
      <span>${words} ${t('logs.not_stored')}</span>
      ${more ? html`<gw-button small ?loading=${this._loadingMore} @click=${() => this.#more(list)}>${t('logs.load_earlier')}</gw-button>` : nothing}
    </div>`;
  }

  #firstUse({ range }: Fields) {
    const wider = range === '30d' || range === 'custom' ? null : range === '24h' || range === '7d' ? '30d' : '24h';
    return html`<gw-empty slot="empty" .icon=${mdiFormatListBulletedType} heading=${range === 'custom' ? '' : t(`logs.empty.${range}`)}>
      ${t('logs.empty_text')}
      ${
        wider
          ? html`<gw-button slot="action" look="filled" @click=${() => this.#set({ range: wider })}>${t(`logs.show.${wider}`)}</gw-button>`
          : nothing
      }
    </gw-empty>`;
  }

  #filterDialog(fields: Fields) {
    return html`<gw-filter-dialog
      .fields=${fields}
      .span=${this.#calls.value?.span ?? spanOf(fields, Date.now())}
      .providers=${this.#providers.value ?? new Map()}
      .models=${this.#models.value ?? []}
      @gw-filter=${({ detail }: CustomEvent<Partial<Fields>>) => this.#set(detail)}
      @gw-close=${() => (this._dialog = false)}
    ></gw-filter-dialog>`;
  }

  async #openDialog(): Promise<void> {
    await import('./list/gw-filter-dialog.ts');
    this._dialog = true;
  }

  #set(fields: Partial<Fields>): void {
    this.setQuery(FIELDS, fields);
  }

  /** The reader is inside the table, by pointer or by focus: rows stay where they are, also on the way to the button that lets them in. */
  #watch(event: Event): void {
    const path = event.composedPath();
    if (!path.some(isWaitingButton)) this.#pause(path.some((element) => element instanceof HTMLTableElement));
  }

  #leave({ relatedTarget: next }: FocusEvent): void {
    if (!isWaitingButton(next)) this.#pause(false);
  }

  #pause(paused: boolean): void {
    if (this.#incoming.paused === paused) return;
    this.#incoming.pause(paused);
    this.requestUpdate();
  }

  #take(rows: readonly CallRow[]): void {
    const list = this.#calls.value;
    if (!this.#follows || !list) return;
    const known = new Set(list.rows.map(idOf));
    const taken = rows.filter((row) => !known.has(row.request_id) && belongs(row, list.fields) && this.#incoming.take(row));
    if (taken.length === 0) return;
    if (this.#incoming.shown.length > MOST_INCOMING) this.#calls.reload();
    else this.requestUpdate();
  }

  async #poll(): Promise<void> {
    const list = this.#calls.value;
    if (!this.#follows) return;
    if (!list || this.#calls.error) this.#calls.reload();
    else this.#take(await newerThan(list).catch(() => []));
  }

  async #more(list: CallList): Promise<void> {
    this._loadingMore = true;
    try {
      const longer = await nextPage(list);
      this.#calls.set((now) => (now === list ? longer : now));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message);
    } finally {
      this._loadingMore = false;
    }
  }

  #download(): void {
    const fields = this.#fields;
    const now = Date.now();
    download(callsFile(filterOf(fields, spanOf(fields, now)), orderOf(fields)), `calls-${isoDay(now)}.csv`);
  }
}

const isWaitingButton = (target: EventTarget | null): boolean => target instanceof Element && target.matches('.waiting');

const idOf = ({ request_id: id }: CallRow): string => id;
