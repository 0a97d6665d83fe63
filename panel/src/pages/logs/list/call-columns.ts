import { html, nothing } from 'lit';
import type { CallRow } from '../../../api/calls.ts';
import type { Column, NarrowRow } from '../../../components/gw-table.ts';
import '../../../components/gw-provider.ts';
import { mainCell } from '../../../components/main-cell.ts';
import { money } from '../../../format/money.ts';
import { count, percent } from '../../../format/number.ts';
import { clock, dateTime, day, duration, exactClock, isoDay } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import { keyNameOf } from '../call-words.ts';
import { statusOf } from '../failure.ts';
import { limitWords, refusalOf } from '../refusal.ts';
import './gw-call-duration.ts';
import './gw-call-result.ts';

export interface Showing {
  /** Names of providers by their ids. */
  readonly providers: ReadonlyMap<string, string>;
  /** Longest duration in view, milliseconds. */
  readonly longest: number;
  readonly now: number;
}

/** Columns of the list. */
export function columnsOf(showing: Showing): Column<CallRow>[] {
  return [
    { id: 'startTime', title: t('logs.columns.time'), sortable: true, cell: (row) => timeCell(row, showing.now) },
    { id: 'model', title: t('logs.columns.model'), main: true, cell: (row) => modelCell(row, showing) },
    { id: 'key', title: t('logs.columns.key'), cell: keyNameOf },
    { id: 'total_tokens', title: t('logs.columns.tokens'), numeric: true, sortable: true, cell: (row) => tokensCell(row, showing) },
    { id: 'spend', title: t('logs.columns.cost'), numeric: true, sortable: true, cell: (row) => costOf(row) },
    {
      id: 'request_duration_ms',
      title: t('logs.columns.duration'),
      sortable: true,
      from: 1001,
      cell: (row) =>
        html`<gw-call-duration
          .total=${row.request_duration_ms}
          .first=${firstTokenMs(row)}
          .longest=${showing.longest}
        ></gw-call-duration>`,
    },
    { id: 'result', title: t('logs.columns.result'), keep: true, cell: (row) => html`<gw-call-result .call=${row}></gw-call-result>` },
  ];
}

/** A call on a narrow panel. */
export function narrowRowOf(row: CallRow, { providers, now }: Showing): NarrowRow {
  const failed = row.status === 'failure';
  return {
    lead: tile(row, providers),
    title: nameOf(row),
    note: `${isoDay(row.startTime) === isoDay(now) ? clock(row.startTime) : day(row.startTime, now)} · ${keyNameOf(row)}`,
    value: html`<div class=${failed ? 'bad' : ''}><bdi>${failed ? (statusOf(row) ?? t('logs.failed')) : costOf(row)}</bdi></div>
      <div class="row-note"><bdi>${duration(row.request_duration_ms)}</bdi></div>`,
    state: html`<gw-call-result compact .call=${row}></gw-call-result>`,
  };
}

/** Public name of the model; what the provider calls it, when the call named none. */
const nameOf = ({ model_group: group, model }: CallRow): string => group || model || t('logs.no_model');

/** Milliseconds until the first token; null when nothing was streamed. */
function firstTokenMs({ startTime, completionStartTime: first }: CallRow): number | null {
  return first === null ? null : Math.max(0, Date.parse(first) - Date.parse(startTime));
}

function timeCell({ startTime: at }: CallRow, now: number) {
  const today = isoDay(at) === isoDay(now);
  return html`<time class="number" datetime=${at} title=${dateTime(at)}>${today ? exactClock(at) : `${day(at, now)}, ${clock(at)}`}</time>`;
}

const tile = ({ custom_llm_provider: provider }: CallRow, names: ReadonlyMap<string, string>) =>
  provider ? html`<gw-provider size="s" provider=${provider} name=${names.get(provider) ?? provider}></gw-provider>` : nothing;

function modelCell(row: CallRow, { providers }: Showing) {
  const provider = providers.get(row.custom_llm_provider) ?? row.custom_llm_provider;
  return mainCell(nameOf(row), [provider, row.model].filter(Boolean).join(' · '), tile(row, providers));
}

function costOf(row: CallRow): string {
  return row.metadata['unpriced'] === true ? t('words.no_price') : money(row.spend);
}

/** Tokens; of a call without any, what stood in its way. */
function tokensCell(row: CallRow, showing: Showing) {
  const refusal = refusalOf(row);
  if (refusal) return html`<span class="secondary">${limitWords(refusal)}</span>`;
  if (row.total_tokens === 0 && row.status === 'failure') return html`<span class="secondary">${triesOf(row, showing)}</span>`;
  const { prompt_tokens: input, cache_read_tokens: cached, completion_tokens: output } = row;
  const share = cached > 0 && input > 0 ? t('logs.cached', { share: percent(cached / input) }) : '';
  return html`<bdi
    >${count(input)} ${share ? html`<span class="secondary wide-1200">${share}</span> ` : nothing}<span class="secondary" aria-hidden="true"
      >→</span
    ><span class="visually-hidden">${t('logs.tokens_then')}</span> ${count(output)}</bdi
  >`;
}

/** Who did not answer, and after how many tries. */
function triesOf(row: CallRow, { providers }: Showing): string {
  const provider = providers.get(row.custom_llm_provider) ?? row.custom_llm_provider;
  const retries = Number(row.metadata['attempted_retries'] ?? 0) + Number(row.metadata['attempted_fallbacks'] ?? 0);
  return retries > 0 ? t('logs.after_retries', { provider, count: retries }) : provider;
}
