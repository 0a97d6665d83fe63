import type { VirtualKey } from './virtual-key.ts';

/** Keys in the order of lists: newest first, those of one moment by their hash. */
export class KeysByAge {
  readonly #keys: VirtualKey[];

  constructor(keys: Iterable<VirtualKey>) {
    this.#keys = [...keys].filter(isOne).sort(order);
  }

  /** Those that are there now; the list changes with the next key that comes or goes. */
  get newestFirst(): readonly VirtualKey[] {
    return this.#keys;
  }

  add(key: VirtualKey): void {
    if (isOne(key)) this.#keys.splice(this.#placeOf(key), 0, key);
  }

  remove(key: VirtualKey): void {
    const place = this.#placeOf(key);
    if (this.#keys[place] === key) this.#keys.splice(place, 1);
  }

  /** Where a key stands, or would. */
  #placeOf(key: VirtualKey): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#keys[middle];
      if (other && order(other, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** An old text in its grace is not a key of its own. */
const isOne = (key: VirtualKey): boolean => key.fields.successor === null;

const order = ({ fields: a }: VirtualKey, { fields: b }: VirtualKey): number =>
  b.createdAt - a.createdAt || (a.hash === b.hash ? 0 : a.hash < b.hash ? 1 : -1);
