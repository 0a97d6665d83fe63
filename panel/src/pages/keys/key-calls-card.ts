import { mdiChevronRight } from '@mdi/js';
import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { KeyCall } from '../../api/key-calls.ts';
import type { ApiError } from '../../api/client.ts';
import type { Column, NarrowRow } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { money } from '../../format/money.ts';
import { count } from '../../format/number.ts';
import { dateTime, duration, relative } from '../../format/time.ts';
import { rich, t } from '../../i18n/texts.ts';
import { href } from '../../router/router.ts';
import { base } from '../../theme/base.ts';
import '../../components/gw-button.ts';
import '../../components/gw-card.ts';
import '../../components/gw-empty.ts';
import '../../components/gw-provider.ts';
import '../../components/gw-state.ts';
import '../../components/gw-table.ts';

/** The newest calls of a key. */
@customElement('gw-key-calls-card')
export class GwKeyCallsCard extends LitElement {
  static override styles = [base];

  @property({ attribute: false }) keyHash = '';
  @property({ attribute: false }) calls: readonly KeyCall[] | null = null;
  @property({ type: Boolean }) loading = false;
  @property({ attribute: false }) error: ApiError | null = null;

  override render() {
    return html`<gw-card flush heading=${t('keys.calls.title')}>
      <gw-button slot="action" small .trail=${mdiChevronRight} href=${href('logs', { key: this.keyHash, range: '30d' })}
        >${t('keys.calls.show')}</gw-button
      >
      <gw-table
        in-card
        label=${t('keys.calls.newest')}
        .columns=${columns()}
        .rows=${this.calls}
        .loading=${this.loading}
        .error=${this.error}
        .rowKey=${(call: KeyCall) => call.request_id}
        .rowHref=${(call: KeyCall) => href(`logs/${call.request_id}`)}
        .narrowRow=${narrow}
      >
        <gw-empty slot="empty" tight heading=${t('keys.calls.none')}>${t('keys.calls.none_text')}</gw-empty>
      </gw-table>
    </gw-card>`;
  }
}

const nameOf = ({ model_group: group, model }: KeyCall) => group || model;

function columns(): Column<KeyCall>[] {
  return [
    {
      id: 'time',
      title: t('keys.calls.time'),
      cell: ({ startTime: at }) => html`<span class="secondary number" title=${dateTime(at)}>${relative(at)}</span>`,
    },
    {
      id: 'model',
      title: t('keys.calls.model'),
      main: true,
      cell: (call) => mainCell(nameOf(call), undefined, html`<gw-provider size="s" provider=${call.custom_llm_provider}></gw-provider>`),
    },
    { id: 'tokens', title: t('keys.calls.tokens'), numeric: true, from: 1201, cell: tokens },
    { id: 'cost', title: t('keys.calls.cost'), numeric: true, cell: ({ spend }) => money(spend) },
    { id: 'duration', title: t('keys.calls.duration'), numeric: true, cell: ({ request_duration_ms: ms }) => duration(ms) },
    { id: 'result', title: t('keys.calls.result'), keep: true, cell: result },
  ];
}

function tokens(call: KeyCall) {
  if (call.status === 'failure') return html`<span class="bad">${errorOf(call)}</span>`;
  return rich('keys.calls.in_out', {
    input: count(call.prompt_tokens),
    output: count(call.completion_tokens),
    in: html`<span class="secondary">${t('keys.calls.in')}</span>`,
    out: html`<span class="secondary">${t('keys.calls.out')}</span>`,
  });
}

/** Code and name of a failure: "529 Overloaded". */
function errorOf({ metadata }: KeyCall): string {
  const { error_code: code, error_class: name } = metadata.error_information ?? {};
  const words = [code, name].filter((word) => typeof word === 'string' && word !== '');
  return words.length === 0 ? t('keys.calls.failed') : words.join(' ');
}

function result({ status }: KeyCall) {
  return status === 'success'
    ? html`<gw-state compact kind="good" label=${t('keys.calls.answered')}></gw-state>`
    : html`<gw-state compact kind="bad" label=${t('keys.calls.failed')}></gw-state>`;
}

function narrow(call: KeyCall): NarrowRow {
  return { title: nameOf(call), note: relative(call.startTime), value: money(call.spend), state: result(call) };
}
