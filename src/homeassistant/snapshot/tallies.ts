import type { Clock } from '../../core/clock.ts';
import type { SpendRecord } from '../../core/spend-record.ts';
import type { KeyRing } from '../../identity/key-ring.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { newestCalls, newestDurations, subjectSums } from '../../ledger/sums/subject-sums.ts';
import { bookedAmong } from '../../store/flush.ts';
import type { Transactions } from '../../store/queries.ts';
import { REMEMBERED } from './durations.ts';
import { Tally, type TallyStart } from './tally.ts';
import { windowsAt } from './windows.ts';

export interface TalliesParts {
  readonly clock: Clock;
  readonly database: Transactions;
  readonly ledger: Pick<Ledger, 'flushed'>;
  readonly ring: KeyRing;
}

/** Time zones that are kept at once: Home Assistant has one, who asks by address may name another. */
const MOST_ZONES = 3;
/** Keys whose sums are told apart: more are never shown. */
const MOST_KEYS = 1000;
/** Reading the sums of years may take a while, once. */
const LONGEST_MS = 120_000;

/** The tallies in use, one for each time zone; made when somebody first asks. */
export class Tallies {
  readonly #parts: TalliesParts;
  readonly #tallies = new Map<string, Tally>();
  readonly #making = new Map<string, Promise<Tally>>();
  /** Calls that were booked while a tally was being read. */
  readonly #meanwhile = new Set<SpendRecord[]>();

  constructor(parts: TalliesParts) {
    this.#parts = parts;
  }

  /** @throws {DatabaseError} when it has to be read and cannot */
  async of(zone: string): Promise<Tally> {
    const known = this.#tallies.get(zone);
    if (known) return known;
    let making = this.#making.get(zone);
    if (!making) {
      making = this.#make(zone).finally(() => this.#making.delete(zone));
      this.#making.set(zone, making);
    }
    return making;
  }

  /** A call was booked. */
  add(record: SpendRecord): void {
    for (const late of this.#meanwhile) late.push(record);
    for (const tally of this.#tallies.values()) {
      tally.turn(this.#parts.clock.now());
      tally.add(record);
    }
  }

  /** The database may hold what nobody told us of, e.g. after another program wrote to it. */
  forget(): void {
    this.#tallies.clear();
  }

  async #make(zone: string): Promise<Tally> {
    const { clock, ring } = this.#parts;
    const late: SpendRecord[] = [];
    this.#meanwhile.add(late);
    try {
      const tally = new Tally(zone, clock.now(), (hash) => ring.get(hash)?.fields.publicId ?? null);
      const { start, booked } = await this.#read(zone, late);
      tally.load(start);
      for (const record of late) if (!booked.has(record.request_id)) tally.add(record);
      if (this.#tallies.size >= MOST_ZONES) this.#tallies.delete(this.#tallies.keys().next().value ?? '');
      this.#tallies.set(zone, tally);
      return tally;
    } finally {
      this.#meanwhile.delete(late);
    }
  }

  /** Sums at one moment, and which of the calls of the meantime they hold. */
  async #read(zone: string, late: readonly SpendRecord[]): Promise<{ start: TallyStart; booked: ReadonlySet<string> }> {
    const { clock, database, ledger } = this.#parts;
    await ledger.flushed();
    const keys = this.#keys();
    return database.transaction(async (queries) => {
      await queries.execute('set transaction isolation level repeatable read, read only');
      await queries.execute(`set local statement_timeout = ${LONGEST_MS}`);
      const sums = await subjectSums(queries, { starts: windowsAt(clock.now(), zone), keys });
      const durations = await newestDurations(queries, REMEMBERED);
      const newest = await newestCalls(queries, keys);
      const booked = await bookedAmong(queries, late.map(({ request_id: id }) => id)); // prettier-ignore
      return { start: { sums, durations, newest }, booked };
    });
  }

  /** The newest keys, when there are more than anybody can look at. */
  #keys(): string[] {
    const live = [...this.#parts.ring.all()].filter(({ fields }) => fields.successor === null);
    if (live.length > MOST_KEYS) live.sort((a, b) => b.fields.createdAt - a.fields.createdAt);
    return live.slice(0, MOST_KEYS).map(({ fields }) => fields.publicId);
  }
}
