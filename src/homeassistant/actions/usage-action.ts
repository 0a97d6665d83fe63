import type { GetUsage, UsageAnswer } from '../../contract/bridge/actions.ts';
import type { Clock } from '../../core/clock.ts';
import { BadRequestError } from '../../core/errors.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import type { People } from '../../identity/people.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { boundedly } from '../../ledger/spend-log-pages.ts';
import { hashesOf } from '../../ledger/sums/subject-sums.ts';
import { sumOf, type Totals } from '../../ledger/sums/totals.ts';
import { usageGroups, type UsageRow } from '../../ledger/sums/usage-groups.ts';
import type { Transactions } from '../../store/queries.ts';
import { dollarsOf } from '../snapshot/amounts.ts';
import { nameOfKey, nameOfPerson } from '../snapshot/budgets.ts';
import { modelIdOf, personIdOf, providerIdOf } from '../snapshot/ids.ts';
import { windowsAt } from '../snapshot/windows.ts';

export interface UsageActionParts {
  readonly clock: Clock;
  readonly database: Transactions;
  readonly ledger: Pick<Ledger, 'flushed'>;
  readonly ring: KeyRing;
  readonly people: People;
  readonly providerName: (id: string) => string;
}

/** `get_usage`: what was spent in a span of time, in groups. */
export class UsageAction {
  readonly #parts: UsageActionParts;

  constructor(parts: UsageActionParts) {
    this.#parts = parts;
  }

  /** @throws {BadRequestError} for a span that is none */
  async run(asked: GetUsage, zone: string): Promise<UsageAnswer> {
    const { clock, database, ledger } = this.#parts;
    // The call of a moment ago counts too. What cannot be written now is told without it.
    await ledger.flushed().catch(() => undefined);
    const now = clock.now();
    const span = spanOf(asked, now, zone);
    const { group_by: by, key_id: keyId } = asked;
    const { rows, total } = await boundedly(database, async (queries) => {
      const keyHashes = keyId ? (await hashesOf(queries, [keyId])).hashes : null;
      const groups = await usageGroups(queries, { ...span, by, keyHashes }, now);
      // A call may have several tags, or none.
      const all = by === 'tag' ? await usageGroups(queries, { ...span, by: 'none', keyHashes }, now) : groups;
      return { rows: groups, total: sumOf(all.map(({ totals }) => totals)) };
    });
    const shown = by === 'key' ? this.#byKey(rows) : rows.map((row) => ({ ...this.#named(by, row.name), ...usageOf(row.totals) }));
    return { rows: shown, total: usageOf(total) };
  }

  /** A key may have had several texts. */
  #byKey(rows: readonly UsageRow[]) {
    const groups = Map.groupBy(rows, ({ name }) => this.#parts.ring.get(name)?.fields.publicId ?? '');
    return [...groups].map(([id, parts]) => {
      const key = this.#parts.ring.get(parts[0]?.name ?? '');
      const name = key ? nameOfKey(this.#parts.ring.current(key) ?? key) : 'Others';
      return { group: id === '' ? 'others' : id, name, ...usageOf(sumOf(parts.map(({ totals }) => totals))) };
    });
  }

  #named(by: GetUsage['group_by'], name: string): { readonly group: string | null; readonly name: string | null } {
    const { people, providerName } = this.#parts;
    if (by === 'none') return { group: null, name: null };
    if (name === '') return { group: 'none', name: '' };
    if (by === 'provider') return { group: providerIdOf(name), name: providerName(name) };
    if (by === 'model') return { group: modelIdOf(name), name };
    if (by !== 'user') return { group: name, name };
    const person = people.get(name);
    return { group: personIdOf(name), name: person ? nameOfPerson(person.fields) : name };
  }
}

function spanOf({ period, start, end }: GetUsage, now: number, zone: string): { readonly from: number; readonly until: number } {
  if (period !== 'custom') return { from: windowsAt(now, zone)[period], until: now + 1 };
  if (!start) throw new BadRequestError('A custom period needs its start.', 'start');
  const [from, until] = [Date.parse(start), end ? Date.parse(end) : now + 1];
  if (from >= until) throw new BadRequestError('The end must be after the start.', 'end');
  return { from, until };
}

function usageOf({ spend, requests, failed, inputTokens, outputTokens }: Totals) {
  return { spend: dollarsOf(spend), requests, errors: failed, input_tokens: inputTokens, output_tokens: outputTokens };
}
