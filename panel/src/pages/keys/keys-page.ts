import { consume } from '@lit/context';
import { mdiAccountMultiple, mdiFilterVariant, mdiKeyVariant, mdiMenuDown } from '@mdi/js';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { listKeys, type Key, type NewKey } from '../../api/keys.ts';
import { personName, readPerson } from '../../api/people.ts';
import type { Session } from '../../api/session.ts';
import type { ValueChanged } from '../../components/field.ts';
import type { Sort } from '../../components/gw-table.ts';
import { openDialog } from '../../components/open-dialog.ts';
import { count } from '../../format/number.ts';
import { money } from '../../format/money.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { Slowly } from '../../live/slowly.ts';
import { Narrow } from '../../narrow.ts';
import { GwPage } from '../../page.ts';
import { PageData } from '../../page-data.ts';
import { choice, text, whole } from '../../router/query.ts';
import { href } from '../../router/router.ts';
import { seesAll, sessionContext } from '../../session/session-context.ts';
import { showOnce, keyMenu, type KeyActions } from './key-actions.ts';
import { keyColumns, narrowKey } from './key-columns.ts';
import { isOff, keyName } from './key-facts.ts';
import type { KeyFilters } from './key-filters.ts';
import '../../components/gw-chip.ts';
import '../../components/gw-fab.ts';
import '../../components/gw-menu.ts';
import '../../components/gw-search.ts';
import '../../components/gw-table.ts';

const SORTS = ['spend', 'max_budget', 'key_alias', 'created_at', 'updated_at', 'expires'] as const;
const FIELDS = {
  q: text(),
  state: choice(['', 'active', 'blocked', 'expired', 'over_budget'], ''),
  model: text(),
  user: text(),
  sort: choice(SORTS, 'spend'),
  order: choice(['desc', 'asc'], 'desc'),
  page: whole(1),
};
const PAGE_SIZE = 50;

/** Keys: who spends, who is close, who is stopped. */
@customElement('gw-keys-page')
export class GwKeysPage extends GwPage {
  static override styles = [
    ...GwPage.styles,
    css`
      .room {
        block-size: 80px;
      }
      .filters {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ha-space-2);
        padding: var(--ha-space-2) var(--ha-space-4);
        border-block-end: 1px solid var(--divider-color);
      }
    `,
  ];

  @consume({ context: sessionContext, subscribe: true }) @state() private _session!: Session;
  /** Name of the person whose keys are shown. */
  @state() private _person = '';
  readonly #narrow = new Narrow(this);
  readonly #keys = new PageData(this, {
    args: () => {
      const { q, state: wanted, model, user, sort, order, page } = this.query(FIELDS);
      return [q, wanted, model, user, sort, order, page] as const;
    },
    load: ([search, wanted, model, user, sort, order, page], signal) =>
      listKeys({ search, state: wanted, model, user, sort, order, page, size: PAGE_SIZE }, signal),
  });
  readonly #slowly = new Slowly(this, () => this.#keys.reload());
  protected readonly live = new Live(this, {
    topics: ['state', 'spend'],
    onEvent: ({ topic }) => (topic === 'state' ? this.#keys.reload() : this.#slowly.ask()),
    onPoll: () => this.#keys.reload(),
  });

  get #actions(): KeyActions {
    return { session: this._session, changed: () => this.#keys.reload(), replaced: () => this.#keys.reload() };
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('location')) void this.#namePerson(this.query(FIELDS).user);
  }

  /** The search of a narrow list and the way to people stand in the header. */
  override updated(): void {
    const label = this.#searchLabel();
    const people = html`<gw-icon-button .path=${mdiAccountMultiple} label=${t('people.title')} href=${href('people')}></gw-icon-button>`;
    const search = html`<gw-search label=${label} .value=${this.query(FIELDS).q} @value-changed=${this.#onSearch}></gw-search>`;
    const sought = `${label} ${this.query(FIELDS).q}`;
    if (sought === this.#headed) return;
    this.#headed = sought;
    this.setHeader({ narrow: search, ...(seesAll(this._session) ? { actions: people } : {}) });
  }
  #headed = '';

  override render() {
    const query = this.query(FIELDS);
    const { value, error, loading } = this.#keys;
    const filtered = [query.q, query.state, query.model, query.user].some((one) => one !== '');
    const isEmpty = value !== undefined && value.keys.length === 0 && !filtered;
    return html`<gw-table
        label=${t('tabs.keys')}
        .columns=${keyColumns()}
        .rows=${value?.keys ?? null}
        .loading=${loading}
        .error=${error}
        .rowKey=${(key: Key) => key.token}
        .rowName=${keyName}
        .rowHref=${(key: Key) => href(`keys/${key.token}`)}
        .rowOff=${(key: Key) => isOff(key)}
        .rowMenu=${this._session.read_only ? null : (key: Key) => keyMenu(key, this.#actions)}
        .narrowRow=${narrowKey}
        .sort=${{ by: query.sort, order: query.order }}
        .totals=${value ? { key_alias: t('keys.count', { count: value.total_count }), spend: money(value.total_spend) } : null}
        .page=${query.page}
        .pageSize=${PAGE_SIZE}
        .count=${value?.total_count ?? null}
        .search=${query.q}
        ?search-in-header=${this.#narrow.matches}
        search-label=${this.#searchLabel()}
        ?filtered=${filtered}
        @gw-search=${this.#onSearch}
        @gw-sort=${(event: CustomEvent<Sort>) => this.#sortBy(event.detail)}
        @gw-page=${(event: CustomEvent<{ page: number }>) => this.setQuery(FIELDS, { page: event.detail.page }, { push: true })}
        @gw-clear=${() => this.setQuery(FIELDS, query.q === '' ? { state: '', model: '', user: '', page: 1 } : { q: '', page: 1 })}
        @gw-retry=${() => this.#keys.reload()}
      >
        <gw-chip slot="toolbar-start" .icon=${mdiFilterVariant} @click=${this.#openFilters}>${t('keys.filters')}</gw-chip>
        ${this.#sortMenu(query.sort, query.order)} ${this.#chips(query)} ${this.#empty()}
      </gw-table>
      ${
        isEmpty || this._session.read_only || value === undefined
          ? nothing
          : html`<div class="room"></div>
              <gw-fab label=${t('keys.create.title')} @click=${this.#create}></gw-fab>`
      }`;
  }

  #searchLabel(): string {
    const total = this.#keys.value?.total_count;
    return total === undefined || this.query(FIELDS).q !== '' ? t('keys.search') : t('keys.search_count', { count: count(total) });
  }

  #sortMenu(sort: (typeof SORTS)[number], order: 'asc' | 'desc') {
    const items = SORTS.map((by) => ({
      label: t(`keys.sort.${by}`),
      checked: by === sort,
      action: () =>
        this.#sortBy({ by, order: by === sort && order === 'desc' ? 'asc' : by === 'key_alias' && by !== sort ? 'asc' : 'desc' }),
    }));
    return html`<gw-menu
      slot="toolbar"
      text=${t('keys.sort_by', { name: t(`keys.sort.${sort}`) })}
      .trail=${mdiMenuDown}
      .items=${items}
    ></gw-menu>`;
  }

  #chips({ state: wanted, model, user }: KeyFilters) {
    const chip = (label: string, clear: Partial<KeyFilters>) =>
      html`<gw-chip removable @gw-remove=${() => this.setQuery(FIELDS, { ...clear, page: 1 })}>${label}</gw-chip>`;
    if (wanted === '' && model === '' && user === '') return nothing;
    return html`<div slot="filters" class="filters">
      ${wanted === '' ? nothing : chip(t(`keys.filter.${wanted}`), { state: '' })}
      ${model === '' ? nothing : chip(t('keys.filter.may_use', { model }), { model: '' })}
      ${user === '' ? nothing : chip(t('keys.filter.used_by', { person: this._person || user }), { user: '' })}
    </div>`;
  }

  #empty() {
    return html`<gw-empty slot="empty" .icon=${mdiKeyVariant} heading=${t('keys.empty.title')}>
      ${t(this._session.read_only ? 'keys.empty.read_only' : 'keys.empty.text')}
      ${this._session.read_only ? nothing : html`<gw-button slot="action" look="filled" @click=${this.#create}>${t('keys.create.title')}</gw-button>`}
    </gw-empty>`;
  }

  readonly #onSearch = (event: ValueChanged) => this.setQuery(FIELDS, { q: event.detail.value, page: 1 });

  #sortBy({ by, order }: Sort): void {
    this.setQuery(FIELDS, { sort: SORTS.find((name) => name === by) ?? 'spend', order, page: 1 });
  }

  readonly #openFilters = async () => {
    await import('./key-filters.ts');
    const { state: wanted, model, user } = this.query(FIELDS);
    const dialog = Object.assign(document.createElement('gw-key-filters'), {
      filters: { state: wanted, model, user },
      personName: this._person,
      withPeople: seesAll(this._session),
    });
    const chosen = await openDialog<KeyFilters>(dialog);
    if (chosen) this.setQuery(FIELDS, { ...chosen, page: 1 });
  };

  readonly #create = async () => {
    await import('./key-dialog.ts');
    const made = await openDialog<NewKey>(Object.assign(document.createElement('gw-key-dialog'), { session: this._session }));
    if (!made) return;
    this.#keys.reload();
    await showOnce(made);
  };

  async #namePerson(id: string): Promise<void> {
    this._person = '';
    if (id === '' || !seesAll(this._session)) return;
    const person = await readPerson(id, AbortSignal.timeout(10_000)).catch(() => null);
    if (person && this.query(FIELDS).user === id) this._person = personName(person);
  }
}
