import { html, nothing } from 'lit';
import type { Key } from '../../api/keys.ts';
import { money } from '../../format/money.ts';
import { percent } from '../../format/number.ts';
import { rich, t } from '../../i18n/texts.ts';
import { toneOfShare } from '../../components/gw-bar.ts';
import '../../components/gw-bar.ts';
import { resetDay } from './budget-period.ts';
import { type BudgetView, isOff, keyName, shareOf, tightestBudget } from './key-facts.ts';

const TONES = { usual: 'secondary', warn: 'warn medium', bad: 'bad medium' } as const;

/** A budget in a table: amounts and share in figures, and the bar. */
export function budgetCell(budget: BudgetView | null, name: string, off: boolean) {
  if (!budget) return html`<span class="secondary">${t('budget.none')}</span>`;
  const share = shareOf(budget);
  const amounts = rich('budget.amounts', {
    spend: money(budget.spend),
    of: html`<span class="secondary">${t('budget.of', { limit: money(budget.limit) })}</span>`,
  });
  return html`<span class="budget">
    <span class="spread"
      ><bdi class="number">${amounts}</bdi
      ><span class="number small ${off ? 'secondary' : TONES[toneOfShare(share)]}">${percent(share)}</span></span
    >
    <gw-bar size="thin" .share=${share} ?off=${off} label=${t('budget.used_of', { name })}></gw-bar>
  </span>`;
}

/** The same in a narrow row: one line and the bar. */
export function budgetLine(key: Key) {
  const budget = tightestBudget(key);
  if (!budget) return t('budget.none');
  const values = { spend: money(budget.spend), limit: money(budget.limit) };
  const text = budget.resetsAt
    ? t('budget.line', { ...values, day: resetDay(budget.resetsAt, budget.duration) })
    : t('budget.line_once', values);
  return html`<span class="number">${text}</span>
    <gw-bar size="thin" .share=${shareOf(budget)} ?off=${isOff(key)} label=${t('budget.used_of', { name: keyName(key) })}></gw-bar>`;
}

/** When it begins anew; nothing for one that never does. */
export const resetCell = (budget: BudgetView | null) => (budget?.resetsAt ? resetDay(budget.resetsAt, budget.duration) : nothing);
