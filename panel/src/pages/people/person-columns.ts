import { html } from 'lit';
import { MASTER, personName, type Person } from '../../api/people.ts';
import type { Column, NarrowRow } from '../../components/gw-table.ts';
import { mainCell } from '../../components/main-cell.ts';
import { count } from '../../format/number.ts';
import { money } from '../../format/money.ts';
import { t } from '../../i18n/texts.ts';
import { budgetCell, resetCell } from '../keys/budget-cell.ts';
import type { BudgetView } from '../keys/key-facts.ts';

function budgetOf({ spend, max_budget: limit, budget_duration: duration, budget_reset_at: resetsAt }: Person): BudgetView | null {
  return limit === null ? null : { spend, limit, duration, resetsAt };
}

/** Names by which the server sorts are ids of their columns. */
export function personColumns(): Column<Person>[] {
  return [
    {
      id: 'user_alias',
      title: t('keys.column.name'),
      main: true,
      sortable: true,
      cell: (person) => mainCell(personName(person), noteOf(person)),
    },
    { id: 'user_role', title: t('people.role'), from: 1001, sortable: true, cell: ({ user_role: role }) => t(`people.roles.${role}`) },
    { id: 'spend', title: t('keys.column.spend'), numeric: true, sortable: true, cell: ({ spend }) => money(spend) },
    { id: 'budget', title: t('keys.column.budget'), cell: (person) => budgetCell(budgetOf(person), personName(person), false) },
    { id: 'resets', title: t('keys.column.resets'), from: 1001, cell: (person) => resetCell(budgetOf(person)) },
    { id: 'keys', title: t('tabs.keys'), numeric: true, cell: ({ key_count: keys }) => count(keys ?? 0) },
  ];
}

/** E-mail and whether there is a log-in: what tells two people of one name apart. */
function noteOf(person: Person) {
  const named = personName(person);
  const word = [person.user_email, person.user_id].find((one) => one !== null && one !== named && one !== MASTER);
  return html`${word ?? ''}${person.has_password ? html` · ${t('people.can_log_in')}` : ''}`;
}

export function narrowPerson(person: Person): NarrowRow {
  return {
    title: personName(person),
    note: t('people.line', { role: t(`people.roles.${person.user_role}`), keys: person.key_count ?? 0 }),
    value: money(person.spend),
  };
}
