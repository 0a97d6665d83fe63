import { mdiAlertCircle, mdiChevronRight } from '@mdi/js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ApiError } from '../../api/client.ts';
import { providerName } from '../../api/provider-names.ts';
import type { CallPage, CallRow } from '../../api/usage.ts';
import '../../components/gw-badge.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-provider.ts';
import '../../components/gw-table.ts';
import type { Column, NarrowRow, Sort } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { money } from '../../format/money.ts';
import { count } from '../../format/number.ts';
import { dateTime, duration } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base } from '../../theme/base.ts';

/** The calls behind a sum. Each leads to how its price comes about. */
@customElement('gw-usage-calls')
export class GwUsageCalls extends LitElement {
  static override styles = [base, css``];

  @property({ attribute: false }) calls: CallPage | null = null;
  @property({ attribute: false }) error: ApiError | null = null;
  @property({ type: Boolean }) loading = false;
  @property({ attribute: false }) sort!: Sort;
  @property({ type: Number }) page = 1;

  override render() {
    return html`<gw-table
      in-card
      label=${t('usage.calls_label')}
      .columns=${COLUMNS}
      .rows=${this.calls?.data ?? null}
      .error=${this.error}
      ?loading=${this.loading}
      .rowKey=${({ request_id: id }: CallRow) => id}
      .rowHref=${({ request_id: id }: CallRow) => href(`logs/${id}`)}
      .narrowRow=${narrow}
      .sort=${this.sort}
      .page=${this.page}
      .count=${this.calls?.total ?? null}
    >
      <gw-empty slot="empty" tight>${t('usage.no_calls')}</gw-empty>
    </gw-table>`;
  }
}

const tile = ({ custom_llm_provider: provider }: CallRow) =>
  html`<gw-provider size="s" provider=${provider} name=${providerName(provider)}></gw-provider>`;

const failed = ({ status }: CallRow) =>
  status === 'failure' ? html`<gw-badge tone="bad" icon=${mdiAlertCircle}>${t('usage.call_failed')}</gw-badge>` : nothing;

const keyOf = ({ metadata }: CallRow) => {
  const alias = metadata['user_api_key_alias'];
  return typeof alias === 'string' && alias !== '' ? alias : t('usage.no_key');
};

const COLUMNS: readonly Column<CallRow>[] = [
  { id: 'startTime', title: t('usage.time'), sortable: true, cell: ({ startTime }) => html`<span class="number">${dateTime(startTime)}</span>` },
  {
    id: 'model',
    title: t('usage.by_model'),
    main: true,
    cell: (call) => mainCell(html`${call.model_group || call.model} ${failed(call)}`, providerName(call.custom_llm_provider), tile(call)),
  },
  { id: 'key', title: t('usage.by_key'), from: 1001, cell: keyOf },
  { id: 'in', title: t('usage.tokens_in'), numeric: true, cell: ({ prompt_tokens: tokens }) => count(tokens) },
  { id: 'read', title: t('usage.read_from_cache'), numeric: true, from: 1201, cell: ({ cache_read_tokens: tokens }) => count(tokens) },
  { id: 'out', title: t('usage.tokens_out'), numeric: true, cell: ({ completion_tokens: tokens }) => count(tokens) },
  { id: 'request_duration_ms', title: t('usage.duration'), numeric: true, sortable: true, from: 1001, cell: (call) => duration(call.request_duration_ms) },
  { id: 'spend', title: t('usage.cost'), numeric: true, sortable: true, cell: ({ spend }) => money(spend) },
  { id: 'open', title: t('usage.open'), titleHidden: true, cell: () => html`<gw-icon size="s" mirrored path=${mdiChevronRight}></gw-icon>` },
]; // prettier-ignore

function narrow(call: CallRow): NarrowRow {
  return { lead: tile(call), title: call.model_group || call.model, note: dateTime(call.startTime), value: money(call.spend) };
}
