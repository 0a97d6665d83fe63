import type { People } from './people.ts';
import type { Person } from './person.ts';
import { isLegacy, passwordMatches, sameText, storedPassword } from './password.ts';
import type { Users } from './users.ts';

/** The log-in that always works: the administrator's. */
export interface AdminLogIn {
  readonly userId: string;
  readonly name: string;
  /** `UI_PASSWORD`, else the master key; never empty. */
  readonly password: string;
}

export interface LogInParts {
  readonly people: People;
  readonly users: Users;
  readonly admin: () => AdminLogIn;
}

/** A password that nobody has: an unknown name must cost the time that a known one costs. */
const NOBODYS = 'scrypt:' + Buffer.alloc(48).toString('base64');

/** Says who a name and a password are (control-plane 15.1). */
export class LogIn {
  readonly #parts: LogInParts;

  constructor(parts: LogInParts) {
    this.#parts = parts;
  }

  /** The person; null: unknown name or wrong password, which of them is not told. */
  async attempt(name: string, password: string): Promise<Person | null> {
    const admin = this.#parts.admin();
    const isAdmin = [sameText(name, admin.name), password !== '' && sameText(password, admin.password)].every(Boolean);
    const person = this.#parts.people.byEmail(name);
    const matches = await passwordMatches(password, person?.fields.password ?? NOBODYS);
    if (isAdmin) return this.#administrator(admin.userId);
    if (!person || !matches || password === '') return null;
    return isLegacy(person.fields.password ?? '') ? this.#renewed(person, password) : person;
  }

  /** The administrator's row, made or raised when it is not so. */
  #administrator(id: string): Promise<Person> | Person {
    const known = this.#parts.people.get(id);
    return known?.role === 'proxy_admin' ? known : this.#parts.users.set(id, () => ({ role: 'proxy_admin' }), id);
  }

  async #renewed(person: Person, password: string): Promise<Person> {
    const stored = await storedPassword(password);
    return this.#parts.users.set(person.userId, () => ({ password: stored }), person.userId);
  }
}
