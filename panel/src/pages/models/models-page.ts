import { consume } from '@lit/context';
import { mdiBrain, mdiFilterVariant } from '@mdi/js';
import { html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { ModelSort } from '../../../../src/contract/model-info.ts';
import type { FoundServer, FoundServers } from '../../api/local-servers.ts';
import type { Model } from '../../api/models.ts';
import type { Session } from '../../api/session.ts';
import type { Sort } from '../../components/gw-table.ts';
import { count } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { GwPage } from '../../page.ts';
import { choice, text, whole } from '../../router/query.ts';
import { href } from '../../router/router.ts';
import { segmentOf } from '../../router/segment.ts';
import { isAdmin, sessionContext } from '../../session/session-context.ts';
import { modelColumns, narrowModel } from './model-columns.ts';
import { ModelsData } from './models-data.ts';
import { modelMenu } from './model-actions.ts';
import type { GwModelDialogs } from './model-dialogs.ts';
import '../../components/gw-button.ts';
import '../../components/gw-chip.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-fab.ts';
import '../../components/gw-menu.ts';
import '../../components/gw-table.ts';
import './found-servers.ts';
import './model-dialogs.ts';

const SORTS = ['model_name', 'context', 'costs', 'output_costs'] as const satisfies readonly ModelSort[];
const FIELDS = {
  search: text(),
  provider: text(),
  sort: choice(SORTS, 'model_name'),
  order: choice(['asc', 'desc'], 'asc'),
  page: whole(1),
};
const PAGE_SIZE = 50;

/** What can be called, what it costs, and what was found in the house. */
@customElement('gw-models-page')
export class GwModelsPage extends GwPage {
  @consume({ context: sessionContext, subscribe: true }) @state() private _session!: Session;
  @query('gw-model-dialogs') private readonly _dialogs!: GwModelDialogs;

  readonly #data = new ModelsData(this, () => {
    const { search, provider, sort, order, page } = this.query(FIELDS);
    return { question: { search, provider, sort_by: sort, sort_order: order, page, size: PAGE_SIZE }, session: this._session };
  });
  protected readonly live = new Live(this, {
    topics: ['state', 'providers'],
    onEvent: ({ topic, data }) => (topic === 'providers' ? this.#data.reloadStates() : this.#onState(data)),
    onPoll: () => this.#data.reload(),
  });

  override render() {
    const { search, provider, sort, order, page } = this.query(FIELDS);
    const value = this.#data.models.value;
    const admin = isAdmin(this._session);
    const { facts } = this.#data;
    const filtered = search !== '' || provider !== '';
    const first = value !== undefined && value.data.length === 0 && !filtered;
    return html`<gw-table
        label=${t('tabs.models')}
        .columns=${modelColumns(facts)}
        .narrowRow=${narrowModel(facts)}
        .rowOff=${(model: Model) => model.model_info.blocked === true}
        .rows=${value?.data ?? null}
        .rowKey=${(model: Model) => `${model.model_info.id} ${model.model_name}`}
        .rowName=${(model: Model) => model.model_name}
        .rowHref=${(model: Model) => href(`models/${segmentOf(model.model_info.id)}`)}
        .rowMenu=${admin ? (model: Model) => modelMenu(model, this.#actions) : null}
        .sort=${{ by: sort, order }}
        .page=${page}
        .pageSize=${PAGE_SIZE}
        .count=${value?.total_count ?? null}
        .totals=${value ? { model_name: this.#total(value.total_count, value.providers.length, filtered) } : null}
        .loading=${this.#data.models.loading}
        .error=${this.#data.models.error}
        .search=${search}
        search-label=${this.#searchLabel}
        ?filtered=${filtered}
        @gw-search=${({ detail }: CustomEvent<{ value: string }>) => this.setQuery(FIELDS, { search: detail.value, page: 1 })}
        @gw-sort=${({ detail }: CustomEvent<Sort>) => this.#sort(detail)}
        @gw-page=${({ detail }: CustomEvent<{ page: number }>) => this.setQuery(FIELDS, { page: detail.page })}
        @gw-clear=${() => this.setQuery(FIELDS, { search: '', provider: '', page: 1 })}
        @gw-retry=${() => this.#data.models.reload()}
      >
        ${this.#filter(provider)} ${first ? this.#empty(admin) : this.#above(provider, filtered)}
      </gw-table>
      ${admin ? html`<gw-fab label=${t('models.add.title')} @click=${() => this._dialogs.add()}></gw-fab>` : nothing}
      <gw-model-dialogs
        .found=${this.#data.found.value?.servers ?? []}
        .used=${new Map(value?.providers.map(({ provider: id, deployments }) => [id, deployments]))}
        @gw-found=${this.#onFound}
        @gw-changed=${this.#onChanged}
      ></gw-model-dialogs>`;
  }

  readonly #actions = {
    edit: (model: Model) => void this._dialogs.edit(model),
    changed: () => this.#onChanged(),
  };

  get #searchLabel(): string {
    const all = this.#data.models.value?.providers.reduce((sum, { deployments }) => sum + deployments, 0);
    return all === undefined ? t('models.search_any') : t('models.search', { count: all });
  }

  #total(found: number, providers: number, filtered: boolean): string {
    return filtered ? t('models.total_filtered', { count: found }) : t('models.total', { count: found, providers });
  }

  #filter(provider: string) {
    const providers = this.#data.models.value?.providers ?? [];
    if (providers.length < 2 && provider === '') return nothing;
    const items = providers.map(({ provider: id, deployments }) => ({
      label: t('models.filter_item', { name: this.#data.nameOf(id), count: count(deployments) }),
      checked: id === provider,
      action: () => this.setQuery(FIELDS, { provider: id === provider ? '' : id, page: 1 }),
    }));
    return html`<gw-menu slot="toolbar-start" .path=${mdiFilterVariant} text=${t('models.filter')} .items=${items}></gw-menu>`;
  }

  /** Between toolbar and rows: the filter in force, else what was found. */
  #above(provider: string, filtered: boolean) {
    if (provider !== '')
      return html`<div slot="filters" class="content">
        <gw-chip removable @gw-remove=${() => this.setQuery(FIELDS, { provider: '', page: 1 })}>${this.#data.nameOf(provider)}</gw-chip>
      </div>`;
    return filtered ? nothing : html`<div slot="filters">${this.#servers()}</div>`;
  }

  #empty(admin: boolean) {
    return html`<div slot="empty">
      ${this.#servers()}
      <gw-empty .icon=${mdiBrain} heading=${t('models.empty')}>
        ${t(admin ? 'models.empty_text' : 'models.empty_read_only')}
        ${admin ? html`<gw-button slot="action" look="filled" @click=${() => this._dialogs.add()}>${t('models.add.title')}</gw-button>` : nothing}
      </gw-empty>
    </div>`;
  }

  #servers() {
    if (!isAdmin(this._session)) return nothing;
    return html`<gw-found-servers
      .found=${this.#data.found.value ?? null}
      @gw-found=${this.#onFound}
      @gw-added=${this.#onChanged}
      @gw-other-address=${() => this._dialogs.otherAddress()}
      @gw-locked=${({ detail }: CustomEvent<FoundServer>) => this._dialogs.addOf({ provider: detail.kind, server: detail })}
    ></gw-found-servers>`;
  }

  readonly #onFound = ({ detail }: CustomEvent<FoundServers>) => this.#data.found.set(() => detail);

  readonly #onChanged = () => {
    this.#data.reload();
    this.#data.found.reload();
  };

  #onState(data: unknown): void {
    const what = typeof data === 'object' && data !== null && 'what' in data ? data.what : null;
    if (what === 'models') this.#onChanged();
    if (what === 'local_servers') this.#data.found.reload();
  }

  #sort({ by, order }: Sort): void {
    this.setQuery(FIELDS, { sort: SORTS.find((sort) => sort === by) ?? 'model_name', order, page: 1 });
  }
}
