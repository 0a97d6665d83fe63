import type { IncomingMessage } from 'node:http';
import type { Caller, PersonRole } from '../../core/caller.ts';
import type { People } from '../../identity/people.ts';
import type { Person } from '../../identity/person.ts';
import type { Users } from '../../identity/users.ts';
import { isAdministrator, type HomeUsers } from './home-users.ts';
import { IngressRefusal } from './ingress-refusal.ts';
import { rawIdentityOf, type RawIdentity } from './raw-identity.ts';

export type MemberAccess = 'none' | 'own_keys';

export interface IngressDoorParts {
  readonly users: HomeUsers;
  readonly people: People;
  readonly persons: Users;
  /** Addresses that requests come from; the Supervisor's own, but for tests. */
  readonly proxies: ReadonlySet<string>;
  /** What users see who are no administrators. */
  readonly memberAccess: () => MemberAccess;
}

/** Somebody whom Home Assistant let in. */
export interface Guest {
  readonly identity: RawIdentity;
  readonly caller: Caller;
}

/** Who comes in through Home Assistant (home-assistant 11.5). Keys and sessions of ours count for nothing here. */
export class IngressDoor {
  readonly #parts: IngressDoorParts;

  constructor(parts: IngressDoorParts) {
    this.#parts = parts;
  }

  /** @throws {IngressRefusal} */
  async admit({ socket, rawHeaders }: IncomingMessage): Promise<Guest> {
    if (!this.#parts.proxies.has(plainAddress(socket.remoteAddress ?? ''))) throw new IngressRefusal('stranger');
    const identity = rawIdentityOf(rawHeaders);
    const role = this.#roleIn(await this.#parts.users.find(identity.userId));
    return { identity, caller: await this.#personOf(identity, role) };
  }

  /** Who somebody is now who came in before; null: nobody who may be here. Asks nobody. */
  still({ identity }: Guest): Caller | null {
    try {
      const role = this.#roleIn(this.#parts.users.known(identity.userId));
      const person = this.#parts.people.get(idOf(identity));
      return person?.role === role ? person : null;
    } catch {
      return null;
    }
  }

  /** @throws {IngressRefusal} Never takes somebody unknown for an administrator. */
  #roleIn(user: Awaited<ReturnType<HomeUsers['find']>>): PersonRole {
    if (user === 'unknown') throw new IngressRefusal('unknown');
    if (user === 'gone' || !user.is_active) throw new IngressRefusal('inactive');
    if (isAdministrator(user)) return 'proxy_admin';
    if (this.#parts.memberAccess() === 'none') throw new IngressRefusal('member');
    return 'internal_user';
  }

  /** The person of a user of Home Assistant: made at the first visit, and what Home Assistant says of them counts. */
  async #personOf(identity: RawIdentity, role: PersonRole): Promise<Person> {
    const { people, persons } = this.#parts;
    const id = idOf(identity);
    const known = people.get(id);
    const alias = identity.displayName ?? known?.fields.alias ?? null;
    if (known?.role === role && known.fields.alias === alias) return known;
    return persons.set(id, () => ({ role, alias }), null);
  }
}

function idOf({ userId }: RawIdentity): string {
  return `ha:${userId}`;
}

/** IPv4 as such, also when it comes through a socket of IPv6. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}
