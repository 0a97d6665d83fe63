import { BadRequestError } from '../../core/errors.ts';
import { Changes } from '../../core/changes.ts';
import type { Transactions, Witness } from '../../store/queries.ts';
import { EgressDeniedError, type EgressPolicy } from '../egress.ts';
import { placeOf, serverAddress, usualAddresses } from './addresses.ts';
import type { FoundServer } from './found.ts';
import { inTurns } from './in-turns.ts';
import { Questions, type QuestionParts } from './questions.ts';
import { recognised } from './recognise.ts';
import { remember, remembered, type Remembered } from './remembered.ts';

export interface LocalServersParts extends QuestionParts {
  readonly egress: EgressPolicy;
  readonly database: Transactions;
  /** Names of the machine that the gateway runs on. */
  readonly hosts: () => Promise<readonly string[]>;
  /** Told after every look. */
  readonly onLook: () => void;
}

/** What came of one address that the owner named. */
export interface NamedAddress {
  readonly address: string;
  readonly state: 'found' | 'no_answer' | 'refused';
  /** Why it was not asked; null otherwise. */
  readonly reason: string | null;
}

export interface LookResult {
  /** Milliseconds since 1970; null: nobody has looked yet. */
  readonly lookedAt: number | null;
  readonly servers: readonly FoundServer[];
  readonly named: readonly NamedAddress[];
  readonly ignored: readonly string[];
}

const AT_ONCE = 12;
const MOST_NAMED = 50;

/**
 * Servers of models in the house. Looks only at the machine itself, at the ports that such servers use, and at the addresses that
 * the owner names; only when it is asked to. No network is searched.
 */
export class LocalServers {
  readonly #parts: LocalServersParts;
  readonly #looks = new Changes();
  #last: LookResult = { lookedAt: null, servers: [], named: [], ignored: [] };

  constructor(parts: LocalServersParts) {
    this.#parts = parts;
  }

  /** What was found when somebody looked last. */
  get last(): LookResult {
    return this.#last;
  }

  /** Looks anew. Looks follow one another. @throws {DatabaseError} when it is not known where */
  look(): Promise<LookResult> {
    return this.#looks.next(async () => {
      const { clock, database, onLook } = this.#parts;
      const { named, ignored } = await remembered(database);
      const results = await this.#lookedAt(named, ignored);
      this.#last = { lookedAt: clock.now(), ignored, ...results };
      onLook();
      return this.#last;
    });
  }

  /**
   * Remembers addresses to look at, and forgets others: a server found at a usual address is then not offered any more.
   *
   * @throws {BadRequestError} for what is no address, and for one that must not be called
   */
  async remember(add: readonly string[], forget: readonly string[], by: string | null, witness: Witness<Remembered>): Promise<void> {
    const added = add.map((text) => this.#checked(text));
    const forgotten = forget.map((text) => serverAddress(text) ?? text);
    const next = ({ named, ignored }: Remembered): Remembered => ({
      named: unique([...without(named, forgotten), ...added]),
      ignored: unique([...without(ignored, added), ...forgotten]),
    });
    const check = (old: Remembered): Remembered => {
      const changed = next(old);
      if (changed.named.length > MOST_NAMED || changed.ignored.length > MOST_NAMED)
        throw new BadRequestError(`At most ${MOST_NAMED} addresses are kept: forget some.`, 'addresses');
      return changed;
    };
    await remember(this.#parts.database, check, by, witness);
  }

  #checked(text: string): string {
    const address = serverAddress(text);
    if (address === null) throw new BadRequestError(`${text.slice(0, 200)} is no http or https address.`, 'addresses');
    const reason = this.#refusal(address);
    if (reason !== null) throw new BadRequestError(`${address.slice(0, 200)} is not looked at: ${reason}`, 'addresses');
    return address;
  }

  async #lookedAt(named: readonly string[], ignored: readonly string[]): Promise<Pick<LookResult, 'servers' | 'named'>> {
    const hidden = new Set(ignored.map(placeOf));
    const places = new Map<string, string>();
    for (const address of [...named, ...usualAddresses(await this.#parts.hosts())]) {
      if (!hidden.has(placeOf(address)) && !places.has(placeOf(address))) places.set(placeOf(address), address);
    }
    const own = new Set(named);
    const looked = await inTurns([...places.values()], AT_ONCE, async (address) => {
      const reason = this.#refusal(address);
      return { address, reason, server: reason === null ? await this.#at(address, own.has(address)) : null };
    });
    return {
      servers: looked.flatMap(({ server }) => (server ? [server] : [])),
      named: looked
        .filter(({ address }) => own.has(address))
        .map(({ address, reason, server }) => ({ address, reason, state: reason !== null ? 'refused' : server ? 'found' : 'no_answer' })),
    };
  }

  async #at(address: string, named: boolean): Promise<FoundServer | null> {
    const found = await recognised(new Questions(this.#parts, address), new URL(address).port, named);
    return found && { ...found, address };
  }

  /** Why the egress policy does not let the address be called; null when it does. */
  #refusal(address: string): string | null {
    try {
      this.#parts.egress.checkUrl(address, 'provider');
      return null;
    } catch (error) {
      if (error instanceof EgressDeniedError) return error.message;
      throw error;
    }
  }
}

function without(addresses: readonly string[], others: readonly string[]): string[] {
  const places = new Set(others.map(placeOf));
  return addresses.filter((address) => !places.has(placeOf(address)));
}

/** The first of each place. */
function unique(addresses: readonly string[]): string[] {
  return [...new Map(addresses.toReversed().map((address) => [placeOf(address), address])).values()].toReversed();
}
