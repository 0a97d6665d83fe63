import { mdiHistory } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { readChanges, type Change } from '../../api/audit.ts';
import '../../components/gw-card.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-select.ts';
import type { ValueChanged } from '../../components/field.ts';
import '../../components/gw-table.ts';
import type { Column } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { dateTime, relative } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { PageData } from '../../page-data.ts';
import { href } from '../../router/router.ts';
import { base, layout } from '../../theme/base.ts';
import { actionOptions, actionWord, authorOf, kindOptions, kindWord, objectOf } from './change-words.ts';

const PAGE_SIZE = 10;

/** What the card shows of the list; it lives in the address. */
export interface ChangesShown {
  readonly page: number;
  readonly kind: string;
  readonly action: string;
}

/** Who changed what, newest first. Fires `gw-show` with a part of {@link ChangesShown}. */
@customElement('gw-changes-card')
export class GwChangesCard extends LitElement {
  static override styles = [
    base,
    layout,
    css`
      .filters {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 240px));
        gap: var(--ha-space-4);
        padding: var(--ha-space-2) var(--ha-space-4);
      }
    `,
  ];

  @property({ attribute: false }) asked: ChangesShown = { page: 1, kind: '', action: '' };
  readonly #changes = new PageData(this, {
    args: () => [this.asked.page, this.asked.kind, this.asked.action] as const,
    load: ([page, table, action], signal) => readChanges({ page, pageSize: PAGE_SIZE, table, action }, signal),
  });

  reload(): void {
    this.#changes.reload();
  }

  override render() {
    const { value, error, loading } = this.#changes;
    const { page, kind, action } = this.asked;
    return html`<gw-card heading=${t('settings.changes')} flush>
      <div class="filters">
        ${this.#filter('kind', t('settings.filter_kind'), t('settings.all_kinds'), kindOptions())}
        ${this.#filter('action', t('settings.filter_action'), t('settings.all_actions'), actionOptions())}
      </div>
      <gw-table
        in-card
        label=${t('settings.changes')}
        .columns=${this.#columns(value?.names ?? new Map())}
        .rows=${value?.changes ?? null}
        .rowKey=${({ id }: Change) => id}
        .rowHref=${({ id }: Change) => href('settings', { ...addressOf(this.asked), change: id })}
        .narrowRow=${(change: Change) => ({
          title: objectOf(change),
          note: html`${summaryOf(change)} · ${authorOf(change, value?.names ?? new Map())}`,
          value: when(change),
        })}
        .page=${page}
        .pageSize=${PAGE_SIZE}
        .count=${value?.total ?? null}
        .error=${error}
        ?loading=${loading}
        ?filtered=${kind !== '' || action !== ''}
        @gw-page=${(event: CustomEvent<{ page: number }>) => this.#show({ page: event.detail.page })}
        @gw-clear=${() => this.#show({ page: 1, kind: '', action: '' })}
        @gw-retry=${() => this.reload()}
      >
        <gw-empty slot="empty" tight .icon=${mdiHistory} heading=${t('settings.no_changes')}>${t('settings.no_changes_text')}</gw-empty>
      </gw-table>
    </gw-card>`;
  }

  #filter(name: 'kind' | 'action', label: string, all: string, options: readonly { value: string; label: string }[]) {
    return html`<gw-select
      label=${label}
      .value=${this.asked[name]}
      .options=${[{ value: '', label: all }, ...options]}
      @value-changed=${({ detail }: ValueChanged) => this.#show({ page: 1, [name]: detail.value })}
    ></gw-select>`;
  }

  #columns(names: ReadonlyMap<string, string>): Column<Change>[] {
    return [
      { id: 'what', title: t('settings.what'), main: true, cell: (change) => mainCell(objectOf(change), summaryOf(change)) },
      { id: 'who', title: t('settings.who'), cell: (change) => authorOf(change, names) },
      { id: 'when', title: t('settings.when'), numeric: true, cell: when },
    ];
  }

  #show(shown: Partial<ChangesShown>): void {
    this.dispatchEvent(new CustomEvent('gw-show', { detail: shown }));
  }
}

const summaryOf = (change: Change): string => t('settings.change_summary', { kind: kindWord(change), action: actionWord(change) });

const when = ({ updated_at: at }: Change) => html`<span class="secondary number" title=${dateTime(at)}>${relative(at)}</span>`;

function addressOf({ page, kind, action }: ChangesShown): Record<string, string> {
  return { ...(page > 1 ? { page: String(page) } : {}), ...(kind ? { kind } : {}), ...(action ? { action } : {}) };
}
