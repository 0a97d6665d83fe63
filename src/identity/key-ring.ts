import { KeysByAge } from './keys-by-age.ts';
import type { People } from './people.ts';
import type { VirtualKey } from './virtual-key.ts';

/** All live keys, in memory (ruling K5): a call never asks the database who is calling. */
export class KeyRing {
  #keys = new Map<string, VirtualKey>();
  #byAlias = new Map<string, VirtualKey>();
  /** Made when somebody first asks for a list. */
  #byAge: KeysByAge | null = null;
  #loaded = false;
  readonly #people: People;

  constructor(people: People) {
    this.#people = people;
  }

  /** False until the database was read once: until then nobody can be told "unknown" (ruling S7). */
  get loaded(): boolean {
    return this.#loaded;
  }

  get size(): number {
    return this.#keys.size;
  }

  load(keys: Iterable<VirtualKey>): void {
    this.#keys = new Map();
    this.#byAlias = new Map();
    this.#byAge = null;
    for (const key of keys) this.put(key);
    this.#loaded = true;
  }

  get(hash: string): VirtualKey | null {
    return this.#keys.get(hash) ?? null;
  }

  /** The key that a text stands for: itself, unless it was regenerated with grace. Null: that one is gone. */
  current(key: VirtualKey): VirtualKey | null {
    let at: VirtualKey | null = key;
    while (at !== null && at.fields.successor !== null) at = this.get(at.fields.successor);
    return at;
  }

  byAlias(alias: string): VirtualKey | null {
    return this.#byAlias.get(alias) ?? null;
  }

  put(key: VirtualKey): void {
    this.remove(key.keyHash);
    key.owner = key.userId === null ? null : this.#people.get(key.userId);
    this.#keys.set(key.keyHash, key);
    this.#byAge?.add(key);
    if (key.keyAlias !== null) this.#byAlias.set(key.keyAlias, key);
  }

  remove(hash: string): void {
    const key = this.#keys.get(hash);
    if (!key) return;
    this.#keys.delete(hash);
    this.#byAge?.remove(key);
    if (key.keyAlias !== null && this.#byAlias.get(key.keyAlias) === key) this.#byAlias.delete(key.keyAlias);
  }

  /** A person came, changed or went: their keys act by it. @returns those keys */
  reown(userId: string): VirtualKey[] {
    const owner = this.#people.get(userId);
    const own = this.of(userId);
    for (const key of own) key.owner = owner;
    return own;
  }

  /** Keys of a person, old texts in their grace too. */
  of(userId: string): VirtualKey[] {
    return [...this.#keys.values()].filter((key) => key.userId === userId);
  }

  /** Keys in the order of lists, without old texts in their grace. */
  get newestFirst(): readonly VirtualKey[] {
    this.#byAge ??= new KeysByAge(this.all());
    return this.#byAge.newestFirst;
  }

  all(): IterableIterator<VirtualKey> {
    return this.#keys.values();
  }
}
