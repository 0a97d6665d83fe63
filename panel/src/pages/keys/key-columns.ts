import { html, nothing } from 'lit';
import type { Key } from '../../api/keys.ts';
import type { Column, NarrowRow } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { compact, count } from '../../format/number.ts';
import { money } from '../../format/money.ts';
import { dateTime, relative } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import { budgetCell, budgetLine, resetCell } from './budget-cell.ts';
import { isManaged, isOff, keyName, keyState, ownerName, shortKey, tightestBudget } from './key-facts.ts';
import '../../components/gw-badge.ts';
import '../../components/gw-state.ts';

/** Names by which the server sorts are ids of their columns. */
export function keyColumns(): Column<Key>[] {
  return [
    { id: 'key_alias', title: t('keys.column.name'), main: true, sortable: true, cell: nameCell },
    { id: 'spend', title: t('keys.column.spend'), numeric: true, sortable: true, cell: ({ spend }) => money(spend) },
    {
      id: 'max_budget',
      title: t('keys.column.budget'),
      sortable: true,
      cell: (key) => budgetCell(tightestBudget(key), keyName(key), isOff(key)),
    },
    { id: 'resets', title: t('keys.column.resets'), from: 1001, cell: (key) => resetCell(tightestBudget(key)) },
    { id: 'limits', title: t('keys.column.limits'), from: 1201, cell: limitsCell },
    { id: 'models', title: t('keys.column.models'), from: 1201, cell: modelsCell },
    { id: 'used', title: t('keys.column.used'), from: 1001, cell: usedCell },
    { id: 'state', title: t('keys.column.state'), keep: true, cell: stateCell },
  ];
}

function nameCell(key: Key) {
  const title = html`${keyName(key)}${isManaged(key) ? html` <gw-badge tone="tag">${t('keys.managed')}</gw-badge>` : nothing}${key.short_key ? html` <gw-badge tone="warn">${t('keys.short.badge')}</gw-badge>` : nothing}`;
  const owner = ownerName(key);
  return mainCell(title, html`<span class="mono" dir="ltr">${shortKey(key)}</span>${owner ? html` · ${owner}` : nothing}`);
}

function limitsCell({ rpm_limit: calls, tpm_limit: tokens, max_parallel_requests: atOnce }: Key) {
  const lines = [
    calls === null ? null : t('keys.limit.calls', { count: count(calls) }),
    tokens === null ? null : t('keys.limit.tokens', { count: compact(tokens) }),
    atOnce === null ? null : t('keys.limit.at_once', { count: count(atOnce) }),
  ].filter((line) => line !== null);
  const [first, ...others] = lines;
  if (first === undefined) return html`<span class="secondary">${t('keys.limit.none')}</span>`;
  return html`<div><bdi>${first}</bdi></div>
    ${others.length > 0 ? html`<div class="row-note"><bdi>${others.join(', ')}</bdi></div>` : nothing}`;
}

function modelsCell({ models }: Key) {
  const [first, ...others] = models;
  if (first === undefined || models.includes('all-proxy-models')) return t('keys.all_models');
  return html`<span class="name" title=${models.join(', ')}>${first}</span
    >${others.length > 0 ? html` <span class="secondary">+ ${others.length}</span>` : nothing}`;
}

function usedCell({ last_used_at: at }: Key) {
  if (!at) return html`<span class="secondary">${t('keys.never_used')}</span>`;
  return html`<span title=${dateTime(at)}>${relative(at)}</span>`;
}

function stateCell(key: Key) {
  const { kind, label } = keyState(key);
  return html`<gw-state kind=${kind} label=${label}></gw-state>`;
}

export function narrowKey(key: Key): NarrowRow {
  const { kind, label } = keyState(key);
  return { title: keyName(key), note: budgetLine(key), state: html`<gw-state compact kind=${kind} label=${label}></gw-state>` };
}
