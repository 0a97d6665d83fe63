import { Changes } from '../core/changes.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError, ConflictError } from '../core/errors.ts';
import type { Queries, Transactions, Witness } from '../store/queries.ts';
import { written } from '../store/written.ts';
import type { People } from './people.ts';
import { Person, type PersonFields } from './person.ts';
import { personFieldsOf, SELECT_USERS, userRowOf } from './user-rows.ts';

/** What may be set of a person; everything else is ours. */
export type PersonSettings = Partial<Omit<PersonFields, 'id' | 'createdAt' | 'updatedAt' | 'createdBy' | 'updatedBy'>>;

export interface UsersParts {
  readonly clock: Clock;
  readonly database: Transactions;
  readonly people: People;
  /** Told after every change that is in the database; null: the person is gone. */
  readonly onChange: (id: string, person: Person | null) => void;
}

const NOTHING_SET: PersonSettings = {
  email: null,
  alias: null,
  role: 'internal_user',
  password: null,
  ssoUserId: null,
  models: [],
  maxBudget: null,
  budgetDuration: null,
  budgetResetAt: null,
  modelMaxBudget: {},
  modelBudgets: {},
  rpmLimit: null,
  tpmLimit: null,
  maxParallelRequests: null,
  metadata: {},
};

/** Makes, changes and deletes people: database first, memory at once after. */
export class Users {
  readonly #parts: UsersParts;
  readonly #changes = new Changes();

  constructor(parts: UsersParts) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const { database, people } = this.#parts;
    const rows = await database.query(`${SELECT_USERS} order by user_id`);
    people.load(rows.map((row) => new Person(personFieldsOf(row))));
  }

  /** @throws {ConflictError} when id or e-mail is taken */
  create(id: string, settings: PersonSettings, by: string | null, witness: Witness<PersonFields> = unseen): Promise<Person> {
    return this.#changes.next(() => {
      if (this.#parts.people.get(id)) throw new ConflictError(`User with id ${id} already exists.`, 'user_id');
      return this.#insert(id, settings, by, witness);
    });
  }

  /** Changes a person; one that has no row yet is made. @throws {ConflictError} when the e-mail is taken */
  set(
    id: string,
    change: (now: PersonFields | null) => PersonSettings,
    by: string | null,
    witness: Witness<PersonFields> = unseen,
  ): Promise<Person> {
    return this.#changes.next(async () => {
      const { clock, people } = this.#parts;
      const old = people.get(id)?.fields ?? null;
      const settings = change(old);
      if (!old) return this.#insert(id, settings, by, witness);
      this.#checkEmail(settings.email ?? null, id);
      const fields: PersonFields = { ...old, ...settings, updatedAt: clock.now(), updatedBy: by };
      await this.#write(old, fields, witness);
      return this.#put(fields);
    });
  }

  /**
   * Deletes people.
   *
   * @param work what goes first: their keys
   * @throws {BadRequestError} when one of them has no row; nobody is deleted then
   */
  remove(
    ids: readonly string[],
    work: (ids: readonly string[]) => Promise<void>,
    witness: Witness<PersonFields> = unseen,
  ): Promise<number> {
    return this.#changes.next(async () => {
      const { database, people, onChange } = this.#parts;
      const found = ids.map((id) => people.get(id) ?? unknown(id));
      await work(ids);
      await written(
        database.transaction(async (queries) => {
          await queries.execute('delete from gateway.users where user_id = any($1)', [ids]);
          for (const { fields } of found) await witness(queries, fields, null);
        }),
      );
      for (const id of ids) {
        people.remove(id);
        onChange(id, null);
      }
      return ids.length;
    });
  }

  async #insert(id: string, settings: PersonSettings, by: string | null, witness: Witness<PersonFields>): Promise<Person> {
    this.#checkEmail(settings.email ?? null, id);
    const now = this.#parts.clock.now();
    const fields = { ...NOTHING_SET, ...settings, id, createdAt: now, updatedAt: now, createdBy: by, updatedBy: by } as PersonFields;
    await this.#write(null, fields, witness);
    return this.#put(fields);
  }

  #checkEmail(email: string | null, own: string): void {
    const other = email === null ? null : this.#parts.people.byEmail(email);
    if (other && other.fields.id !== own) throw emailTaken();
  }

  async #write(old: PersonFields | null, fields: PersonFields, witness: Witness<PersonFields>): Promise<void> {
    const { columns, values } = userRowOf(fields);
    const places = columns.map((_, index) => `$${index + 1}`).join(', ');
    const sets = columns.map((name) => `${name} = excluded.${name}`).join(', ');
    await written(
      this.#parts.database.transaction(async (queries) => {
        await queries.execute(
          `insert into gateway.users (${columns.join(', ')}) values (${places}) on conflict (user_id) do update set ${sets}`,
          values,
        );
        await witness(queries, old, fields);
      }),
      { users_user_email_key: emailTaken },
    );
  }

  #put(fields: PersonFields): Person {
    const person = new Person(fields);
    this.#parts.people.put(person);
    this.#parts.onChange(fields.id, person);
    return person;
  }
}

const unseen = async (_queries: Queries): Promise<void> => undefined;

function unknown(id: string): never {
  throw new BadRequestError(`User ${id.slice(0, 200)} not found`, 'user_ids');
}

function emailTaken(): ConflictError {
  return new ConflictError('A user with this e-mail already exists.', 'user_email');
}
