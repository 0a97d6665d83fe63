import { mdiAlertCircle, mdiCallSplit, mdiCheckCircle, mdiChevronRight } from '@mdi/js';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CallRow, KeyShare } from '../../api/overview.ts';
import { providerName } from '../../api/provider-names.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-icon.ts';
import '../../components/gw-provider.ts';
import '../../components/gw-table.ts';
import type { Column, NarrowRow } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { money } from '../../format/money.ts';
import { count } from '../../format/number.ts';
import { dateTime, duration, relative } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base } from '../../theme/base.ts';

interface ErrorFacts {
  readonly error_code?: unknown;
  readonly error_class?: unknown;
}

/** The last calls, newest first. */
@customElement('gw-calls-card')
export class GwCallsCard extends LitElement {
  static override styles = [base, css``];

  @property({ attribute: false }) calls: readonly CallRow[] = [];
  /** To say the name of a key. */
  @property({ attribute: false }) keys: readonly KeyShare[] = [];

  override render() {
    return html`<gw-card heading=${t('overview.recent')} flush>
      <gw-button slot="action" small href="logs" trail=${mdiChevronRight}>${t('overview.show_logs')}</gw-button>
      <gw-table
        in-card
        label=${t('overview.recent')}
        .columns=${this.#columns()}
        .rows=${this.calls}
        .rowKey=${(call: CallRow) => call.request_id}
        .rowHref=${(call: CallRow) => href(`logs/${call.request_id}`)}
        .narrowRow=${(call: CallRow) => this.#narrow(call)}
      >
        <gw-empty slot="empty" tight>${t('overview.no_calls_today')}</gw-empty>
      </gw-table>
    </gw-card>`;
  }

  #columns(): Column<CallRow>[] {
    return [
      { id: 'time', title: t('overview.time'), cell: (call) => ago(call) },
      {
        id: 'model',
        title: t('overview.model'),
        main: true,
        cell: (call) => mainCell(call.model_group || call.model, undefined, tile(call)),
      },
      { id: 'key', title: t('overview.key'), cell: (call) => this.#keyOf(call) },
      { id: 'tokens', title: t('overview.tokens'), numeric: true, from: 1201, cell: tokens },
      { id: 'cost', title: t('overview.cost'), numeric: true, cell: ({ spend }) => money(spend) },
      { id: 'duration', title: t('overview.duration'), numeric: true, cell: ({ request_duration_ms: ms }) => duration(ms) },
      { id: 'result', title: t('overview.result'), titleHidden: true, keep: true, cell: result },
    ];
  }

  #narrow(call: CallRow): NarrowRow {
    return {
      lead: tile(call),
      title: call.model_group || call.model,
      note: html`${this.#keyOf(call)} · ${ago(call)}`,
      value: money(call.spend),
      state: result(call),
    };
  }

  #keyOf({ api_key: hash, metadata }: CallRow): string {
    const alias = metadata['user_api_key_alias'];
    if (typeof alias === 'string' && alias !== '') return alias;
    const known = this.keys.find(({ token }) => token === hash);
    return known?.key_alias ?? known?.key_name ?? t('overview.no_key');
  }
}

const tile = ({ custom_llm_provider: provider }: CallRow) =>
  html`<gw-provider size="s" provider=${provider} name=${providerName(provider)}></gw-provider>`;

const ago = ({ startTime }: CallRow) => html`<span class="secondary number" title=${dateTime(startTime)}>${relative(startTime)}</span>`;

function errorOf({ metadata }: CallRow): string {
  const facts = (metadata['error_information'] ?? {}) as ErrorFacts;
  const said = [facts.error_code, facts.error_class].filter((one) => typeof one === 'string' || typeof one === 'number');
  return said.length > 0 ? said.join(' ') : t('overview.failed');
}

function tokens(call: CallRow) {
  if (call.status === 'failure') return html`<span class="bad">${errorOf(call)}</span>`;
  return html`<bdi
    >${count(call.prompt_tokens)} <span class="secondary">${t('overview.in')}</span> ${count(call.completion_tokens)}
    <span class="secondary">${t('overview.out')}</span></bdi
  >`;
}

function result(call: CallRow) {
  if (call.status === 'failure')
    return html`<gw-icon
      class="bad"
      size="s"
      path=${mdiAlertCircle}
      label=${t('overview.failed_with', { error: errorOf(call) })}
    ></gw-icon>`;
  const attempts = call.metadata['attempted_retries'] ?? call.metadata['attempted_fallbacks'];
  return typeof attempts === 'number' && attempts > 0
    ? html`<gw-icon class="warn" size="s" path=${mdiCallSplit} label=${t('overview.second_choice')}></gw-icon>`
    : html`<gw-icon class="good" size="s" path=${mdiCheckCircle} label=${t('overview.answered')}></gw-icon>`;
}
