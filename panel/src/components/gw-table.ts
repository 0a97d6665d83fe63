import { mdiArrowDown, mdiArrowUp, mdiChevronLeft, mdiChevronRight, mdiCloudOffOutline, mdiMagnify } from '@mdi/js';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ApiError } from '../api/client.ts';
import { count } from '../format/number.ts';
import { t } from '../i18n/texts.ts';
import { Narrow } from '../narrow.ts';
import { router } from '../router/router.ts';
import { base } from '../theme/base.ts';
import type { MenuItem } from './gw-menu.ts';
import { mainCell } from './main-cell.ts';
import { tableStyles } from './table-styles.ts';
import './gw-button.ts';
import './gw-empty.ts';
import './gw-icon-button.ts';
import './gw-menu.ts';
import './gw-ring.ts';
import './gw-search.ts';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** The title is only spoken: icons that explain themselves. */
  readonly titleHidden?: boolean;
  /** Text or a template. The base classes (`secondary`, `row-note`, `number`) work in it. */
  readonly cell: (row: Row) => unknown;
  /** At the end, with figures of one width. */
  readonly numeric?: boolean;
  /** Its header sorts; the server does it. */
  readonly sortable?: boolean;
  /** Widths from which on it is shown. */
  readonly from?: 1001 | 1201;
  /** Gets the row's link, grows and cuts. One column, usually the first. */
  readonly main?: boolean;
  /** Keeps its color in a row that is off (a state). */
  readonly keep?: boolean;
}

/** A row when the panel is narrow: two lines, one number, one state. */
export interface NarrowRow {
  readonly lead?: unknown;
  readonly title: unknown;
  readonly note?: unknown;
  readonly value?: unknown;
  readonly state?: unknown;
}

export interface Sort {
  readonly by: string;
  readonly order: 'asc' | 'desc';
}

const STEPS = new Set(['INPUT', 'BUTTON', 'A', 'GW-MENU', 'GW-BUTTON', 'GW-SWITCH', 'GW-ICON-BUTTON', 'GW-COPY']);

/**
 * A list of the server's: it sorts, searches and pages, the table asks by events (`gw-sort`, `gw-page`, `gw-search`, `gw-clear`, `gw-retry`)
 * and is given `rows`. `null` rows with no error are the first load; a reload keeps the rows. Slots: `toolbar-start`, `toolbar`, `filters` (chips in force), `empty` (first use).
 */
@customElement('gw-table')
export class GwTable<Row = unknown> extends LitElement {
  static override styles = [base, tableStyles];

  /** Says what it lists, for screen readers. */
  @property() label = '';
  @property({ attribute: false }) columns: readonly Column<Row>[] = [];
  @property({ attribute: false }) rows: readonly Row[] | null = null;
  @property({ attribute: false }) rowKey: (row: Row) => string = (row) => JSON.stringify(row);
  @property({ attribute: false }) rowHref: ((row: Row) => string | null) | null = null;
  @property({ attribute: false }) rowMenu: ((row: Row) => readonly MenuItem[]) | null = null;
  /** Name of a row, for the label of its menu. */
  @property({ attribute: false }) rowName: (row: Row) => string = () => '';
  /** Blocked, expired: in gray. */
  @property({ attribute: false }) rowOff: (row: Row) => boolean = () => false;
  @property({ attribute: false }) rowSelected: (row: Row) => boolean = () => false;
  /** Came in while the reader looks on: its color fades. */
  @property({ attribute: false }) rowFresh: (row: Row) => boolean = () => false;
  @property({ attribute: false }) narrowRow: ((row: Row) => NarrowRow) | null = null;
  @property({ attribute: false }) sort: Sort | null = null;
  /** Cells of the footer by column: totals of the whole list, from the server. */
  @property({ attribute: false }) totals: Readonly<Record<string, unknown>> | null = null;
  @property({ type: Number }) page = 1;
  @property({ type: Number }) pageSize = 50;
  /** Rows of the whole list; `null` when the server does not count. */
  @property({ attribute: false }) count: number | null = null;
  /** A reload is under way: the ring shows in the toolbar. */
  @property({ type: Boolean }) loading = false;
  @property({ attribute: false }) error: ApiError | null = null;
  /** Text of the search field; `null` for none. */
  @property({ attribute: false }) search: string | null = null;
  @property({ attribute: 'search-label' }) searchLabel = '';
  /** The page has the search field in its header (when narrow); `search` only says what was searched. */
  @property({ type: Boolean, attribute: 'search-in-header' }) searchInHeader = false;
  /** Whether a search or filter is in force, so that nothing found is not "nothing there". */
  @property({ type: Boolean }) filtered = false;
  /** Inside a card: lower rows, no background. */
  @property({ type: Boolean, reflect: true, attribute: 'in-card' }) inCard = false;
  readonly #narrow = new Narrow(this);

  override render() {
    const firstUse = this.rows !== null && this.rows.length === 0 && !this.filtered && this.error === null;
    if (firstUse) return html`<slot name="empty"></slot>`;
    return html`${this.#toolbar()}<slot name="filters"></slot>${this.#content()}`;
  }

  #toolbar() {
    const searches = this.search !== null && !this.searchInHeader;
    if (this.inCard && !searches) return nothing;
    return html`<div class="toolbar">
      <slot name="toolbar-start"></slot>
      ${searches ? html`<gw-search label=${this.searchLabel} .value=${this.search ?? ''} @value-changed=${this.#onSearch}></gw-search>` : html`<span class="grow"></span>`}
      ${this.loading && this.rows !== null ? html`<gw-ring></gw-ring>` : nothing}
      <slot name="toolbar"></slot>
    </div>`;
  }

  #content() {
    if (this.rows === null) return this.error ? this.#failed(this.error) : html`<div class="middle"><gw-ring size="l"></gw-ring></div>`;
    if (this.rows.length === 0 && this.error) return this.#failed(this.error);
    if (this.rows.length === 0) return this.#noMatch();
    const narrow = this.#narrow.matches && this.narrowRow !== null;
    return html`<div class="wrap" tabindex="0" role=${this.inCard ? 'group' : 'region'} aria-label=${this.label} aria-busy=${this.loading}>
        <table>
          ${narrow ? nothing : this.#head()}
          <tbody>
            ${repeat(this.rows, this.rowKey, (row) => this.#row(row, narrow))}
          </tbody>
          ${narrow || !this.totals ? nothing : this.#foot(this.totals)}
        </table>
      </div>
      ${this.#pages()}`;
  }

  #head() {
    return html`<thead>
      <tr>
        ${this.columns.map((column) => this.#headCell(column))}
        ${this.rowMenu ? html`<th scope="col" class="menu"><span class="visually-hidden">${t('table.actions')}</span></th>` : nothing}
      </tr>
    </thead>`;
  }

  #headCell(column: Column<Row>) {
    const sorted = this.sort?.by === column.id ? this.sort.order : null;
    const direction = sorted === null ? nothing : sorted === 'asc' ? 'ascending' : 'descending';
    return html`<th scope="col" class=${classesOf(column)} aria-sort=${direction}>
      ${
        column.sortable
          ? html`<button type="button" class="sort" @click=${() => this.#sortBy(column)}>
              ${sorted ? html`<gw-icon size="xs" .path=${sorted === 'asc' ? mdiArrowUp : mdiArrowDown}></gw-icon>` : nothing}${column.title}
            </button>`
          : column.titleHidden
            ? html`<span class="visually-hidden">${column.title}</span>`
            : column.title
      }
    </th>`;
  }

  #row(row: Row, narrow: boolean) {
    const address = this.rowHref?.(row) ?? null;
    return html`<tr
      class="${address ? 'linked' : ''} ${this.rowOff(row) ? 'off' : ''} ${this.rowFresh(row) ? 'fresh' : ''}"
      aria-selected=${this.rowSelected(row) ? 'true' : nothing}
      @click=${(event: MouseEvent) => address && this.#open(event, address)}
    >
      ${narrow && this.narrowRow ? narrowCells(this.narrowRow(row), address) : this.columns.map((column) => cell(column, row, address))}
      ${this.rowMenu ? this.#menuCell(row, this.rowMenu(row)) : nothing}
    </tr>`;
  }

  #menuCell(row: Row, items: readonly MenuItem[]) {
    const label = t('table.actions_of', { name: this.rowName(row) });
    return html`<td class="menu">
      ${items.length > 0 ? html`<gw-menu size="small" label=${label} .items=${items}></gw-menu>` : nothing}
    </td>`;
  }

  #foot(totals: Readonly<Record<string, unknown>>) {
    return html`<tfoot>
      <tr>
        ${this.columns.map((column) => html`<td class=${classesOf(column)}>${totals[column.id] ?? nothing}</td>`)}
        ${this.rowMenu ? html`<td class="menu"></td>` : nothing}
      </tr>
    </tfoot>`;
  }

  #pages() {
    const total = this.count;
    if (total === null || total <= this.pageSize) return nothing;
    const first = (this.page - 1) * this.pageSize + 1;
    const last = Math.min(total, this.page * this.pageSize);
    return html`<nav class="pages" aria-label=${t('table.pages')}>
      <span class="small secondary number">${t('table.range', { first: count(first), last: count(last), total: count(total) })}</span>
      <gw-icon-button
        mirrored
        size="small"
        .path=${mdiChevronLeft}
        label=${t('table.previous')}
        ?disabled=${this.page <= 1}
        @click=${() => this.#goTo(this.page - 1)}
      ></gw-icon-button>
      <gw-icon-button
        mirrored
        size="small"
        .path=${mdiChevronRight}
        label=${t('table.next')}
        ?disabled=${last >= total}
        @click=${() => this.#goTo(this.page + 1)}
      ></gw-icon-button>
    </nav>`;
  }

  #failed(error: ApiError): TemplateResult {
    return html`<gw-empty .icon=${mdiCloudOffOutline} heading=${t('states.failed')}>
      ${error.message}
      <gw-button slot="action" look="filled" @click=${() => this.#fire('gw-retry', {})}>${t('actions.try_now')}</gw-button>
    </gw-empty>`;
  }

  #noMatch() {
    const searched = this.search;
    return html`<gw-empty .icon=${mdiMagnify} heading=${searched ? t('table.no_match', { text: searched }) : t('table.no_match_filters')}>
      <gw-button slot="action" look="filled" @click=${() => this.#fire('gw-clear', {})}
        >${searched ? t('table.clear_search') : t('table.clear_filters')}</gw-button
      >
    </gw-empty>`;
  }

  /** A click anywhere in the row is a click on its link; controls inside keep their own, and so does a selection of text. */
  #open(event: MouseEvent, address: string): void {
    const path = event.composedPath();
    const inside = path.slice(0, path.indexOf(event.currentTarget as EventTarget));
    if (inside.some((element) => element instanceof Element && STEPS.has(element.tagName))) return;
    if (String(getSelection()) !== '') return;
    router.navigate(address);
  }

  #sortBy(column: Column<Row>): void {
    const usual = column.numeric ? 'desc' : 'asc';
    const order = this.sort?.by !== column.id ? usual : this.sort.order === 'asc' ? 'desc' : 'asc';
    this.#fire('gw-sort', { by: column.id, order } satisfies Sort);
  }

  #onSearch(event: CustomEvent<{ value: string }>): void {
    event.stopPropagation();
    this.#fire('gw-search', event.detail);
  }

  #goTo(page: number): void {
    this.#fire('gw-page', { page });
    this.scrollIntoView({ block: 'start' });
  }

  #fire(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function classesOf<Row>({ numeric, main, from, keep }: Column<Row>): string {
  return [numeric && 'n', main && 'main', keep && 'keep', from === 1201 && 'wide-1200', from === 1001 && 'wide-1000']
    .filter(Boolean)
    .join(' ');
}

const linked = (address: string | null, content: unknown) => (address ? html`<a href=${address}>${content}</a>` : content);

function cell<Row>(column: Column<Row>, row: Row, address: string | null) {
  return html`<td class=${classesOf(column)}>${column.main ? linked(address, column.cell(row)) : column.cell(row)}</td>`;
}

function narrowCells({ lead, title, note, value, state }: NarrowRow, address: string | null) {
  return html`<td class="main">${linked(address, mainCell(title, note, lead))}</td>
    ${value === undefined ? nothing : html`<td class="n">${value}</td>`}
    ${state === undefined ? nothing : html`<td class="state keep">${state}</td>`}`;
}
