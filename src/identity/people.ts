import type { Person } from './person.ts';

/** Everybody who has a row, in memory: a call never asks the database whose key it is. */
export class People {
  #people = new Map<string, Person>();
  #byEmail = new Map<string, Person>();

  get size(): number {
    return this.#people.size;
  }

  load(people: Iterable<Person>): void {
    this.#people = new Map();
    this.#byEmail = new Map();
    for (const person of people) this.put(person);
  }

  get(id: string): Person | null {
    return this.#people.get(id) ?? null;
  }

  /** What somebody is called: the name that was given, the e-mail, else the id. */
  nameOf(id: string): string {
    const fields = this.get(id)?.fields;
    return fields?.alias ?? fields?.email ?? id;
  }

  /** Upper and lower case are the same. */
  byEmail(email: string): Person | null {
    return this.#byEmail.get(email.toLowerCase()) ?? null;
  }

  put(person: Person): void {
    this.remove(person.fields.id);
    this.#people.set(person.fields.id, person);
    const { email } = person.fields;
    if (email !== null) this.#byEmail.set(email.toLowerCase(), person);
  }

  remove(id: string): void {
    const person = this.#people.get(id);
    if (!person) return;
    this.#people.delete(id);
    const { email } = person.fields;
    if (email !== null) this.#byEmail.delete(email.toLowerCase());
  }

  all(): IterableIterator<Person> {
    return this.#people.values();
  }
}
