import { consume } from '@lit/context';
import { mdiAccountMultiple, mdiDelete, mdiKeyVariant, mdiPencil } from '@mdi/js';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { ApiError } from '../../api/client.ts';
import { deletePerson, listPeople, personName, ROLES, type Person } from '../../api/people.ts';
import type { Session } from '../../api/session.ts';
import { confirm } from '../../components/confirm.ts';
import type { ValueChanged } from '../../components/field.ts';
import type { MenuItem } from '../../components/gw-menu.ts';
import type { Sort } from '../../components/gw-table.ts';
import { toast } from '../../components/gw-toasts.ts';
import { openDialog } from '../../components/open-dialog.ts';
import { t } from '../../i18n/texts.ts';
import { Live } from '../../live/live.ts';
import { GwPage } from '../../page.ts';
import { PageData } from '../../page-data.ts';
import { choice, text, whole } from '../../router/query.ts';
import { href, router } from '../../router/router.ts';
import { isAdmin, seesAll, sessionContext } from '../../session/session-context.ts';
import { narrowPerson, personColumns } from './person-columns.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-fab.ts';
import '../../components/gw-table.ts';

const SORTS = ['spend', 'user_alias', 'user_role', 'created_at'] as const;
const FIELDS = {
  q: text(),
  role: choice(['', ...ROLES], ''),
  sort: choice(SORTS, 'spend'),
  order: choice(['desc', 'asc'], 'desc'),
  page: whole(1),
};
const PAGE_SIZE = 50;

/** People: who may log in, whose spend counts for whom. */
@customElement('gw-people-page')
export class GwPeoplePage extends GwPage {
  @consume({ context: sessionContext, subscribe: true }) @state() private _session!: Session;
  readonly #people = new PageData(this, {
    args: () => {
      const { q, role, sort, order, page } = this.query(FIELDS);
      return [q, role, sort, order, page] as const;
    },
    load: ([search, role, sort, order, page], signal) => {
      // To ask would end the session: who may not look is refused as nobody is.
      if (!seesAll(this._session)) return Promise.resolve({ users: [], total: 0 });
      return listPeople({ search, role, sort, order, page, size: PAGE_SIZE }, signal);
    },
  });
  protected readonly live = new Live(this, {
    topics: ['state'],
    onEvent: () => this.#people.reload(),
    onPoll: () => this.#people.reload(),
  });

  override firstUpdated(): void {
    this.setHeader({ title: t('people.title') });
  }

  override render() {
    if (!seesAll(this._session))
      return html`<gw-empty .icon=${mdiAccountMultiple} heading=${t('people.title')}>${t('people.no_right')}</gw-empty>`;
    const query = this.query(FIELDS);
    const { value, error, loading } = this.#people;
    const admin = isAdmin(this._session);
    const filtered = query.q !== '' || query.role !== '';
    const isEmpty = value !== undefined && value.users.length === 0 && !filtered;
    return html`<gw-table
        label=${t('people.title')}
        .columns=${personColumns()}
        .rows=${value?.users ?? null}
        .loading=${loading}
        .error=${error}
        .rowKey=${(person: Person) => person.user_id}
        .rowName=${personName}
        .rowHref=${(person: Person) => href('keys', { user: person.user_id })}
        .rowMenu=${admin ? (person: Person) => this.#menu(person) : null}
        .narrowRow=${narrowPerson}
        .sort=${{ by: query.sort, order: query.order }}
        .page=${query.page}
        .pageSize=${PAGE_SIZE}
        .count=${value?.total ?? null}
        .search=${query.q}
        search-label=${t('people.search')}
        ?filtered=${filtered}
        @gw-search=${(event: ValueChanged) => this.setQuery(FIELDS, { q: event.detail.value, page: 1 })}
        @gw-sort=${(event: CustomEvent<Sort>) => this.#sortBy(event.detail)}
        @gw-page=${(event: CustomEvent<{ page: number }>) => this.setQuery(FIELDS, { page: event.detail.page }, { push: true })}
        @gw-clear=${() => this.setQuery(FIELDS, { q: '', role: '', page: 1 })}
        @gw-retry=${() => this.#people.reload()}
      >
        <gw-empty slot="empty" .icon=${mdiAccountMultiple} heading=${t('people.empty.title')}>
          ${t('people.empty.text')}
          ${admin ? html`<gw-button slot="action" look="filled" @click=${this.#create}>${t('people.create.title')}</gw-button>` : nothing}
        </gw-empty>
      </gw-table>
      ${admin && value !== undefined && !isEmpty ? html`<gw-fab label=${t('people.create.title')} @click=${this.#create}></gw-fab>` : nothing}`;
  }

  #menu(person: Person): MenuItem[] {
    const isSelf = person.user_id === this._session.user_id;
    return [
      { label: t('keys.menu.edit'), icon: mdiPencil, action: () => void this.#edit(person) },
      { label: t('people.show_keys'), icon: mdiKeyVariant, action: () => router.navigate(href('keys', { user: person.user_id })) },
      ...(isSelf
        ? []
        : [{ label: t('people.delete.yes'), icon: mdiDelete, danger: true, ruled: true, action: () => void this.#askDelete(person) }]),
    ];
  }

  #sortBy({ by, order }: Sort): void {
    this.setQuery(FIELDS, { sort: SORTS.find((name) => name === by) ?? 'spend', order, page: 1 });
  }

  readonly #create = () => this.#open(null);
  readonly #edit = (person: Person) => this.#open(person);

  async #open(person: Person | null): Promise<void> {
    await import('./person-dialog.ts');
    const saved = await openDialog<Person>(Object.assign(document.createElement('gw-person-dialog'), { person }));
    if (saved) this.#people.reload();
  }

  async #askDelete(person: Person): Promise<void> {
    const name = personName(person);
    const agreed = await confirm({
      title: t('people.delete.title', { name }),
      text: t('people.delete.text', { count: person.key_count ?? 0 }),
      yes: t('people.delete.yes'),
      danger: true,
    });
    if (!agreed) return;
    try {
      await deletePerson(person.user_id);
      toast(t('keys.delete.done', { name }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message);
    }
    this.#people.reload();
  }
}
