import { KNOWN_NAMES } from './known-names.ts';

/**
 * Headers as the library of Core and Supervisor keeps them (aiohttp): in order, names compared without regard to case, spelled
 * as they came, unless its parser knows the name and spells it itself.
 */
export class HeaderList {
  #pairs: (readonly [name: string, value: string])[] = [];

  /** Headers of a request or answer as they came over the wire. @param raw names and values in turn */
  static parsed(raw: readonly string[]): HeaderList {
    const list = new HeaderList();
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = raw[index] ?? '';
      list.add(KNOWN_NAMES.get(name.toLowerCase()) ?? name, raw[index + 1] ?? '');
    }
    return list;
  }

  add(name: string, value: string): void {
    this.#pairs.push([name, value]);
  }

  /** Puts a header in the place of the first one with this name, in whatever spelling, and drops the others. */
  set(name: string, value: string): void {
    const place = this.#pairs.findIndex(([other]) => same(other, name));
    if (place === -1) return this.add(name, value);
    this.#pairs = this.#pairs.flatMap((pair, index) => {
      if (index === place) return [[name, value] as const];
      return same(pair[0], name) ? [] : [pair];
    });
  }

  get(name: string): string | undefined {
    return this.#pairs.find(([other]) => same(other, name))?.[1];
  }

  entries(): readonly (readonly [name: string, value: string])[] {
    return this.#pairs;
  }

  /** Without the names given, **in exactly this spelling**. */
  without(names: readonly string[]): HeaderList {
    const list = new HeaderList();
    for (const [name, value] of this.#pairs) if (!names.includes(name)) list.add(name, value);
    return list;
  }

  /** Names and values in turn, as `node:http` takes them. */
  raw(): string[] {
    return this.#pairs.flat();
  }

  /**
   * What the library's client sends when it is given these headers: those in one spelling stay together, and a second spelling of
   * a name takes the place of the first.
   *
   * @param own what the session of the sender has set for all its requests
   */
  asSent(own: HeaderList): HeaderList {
    const sent = new HeaderList();
    for (const [name, value] of own.entries()) sent.add(name, value);
    const seen = new Set<string>();
    for (const [name, value] of this.#pairs) {
      if (seen.has(name)) sent.add(name, value);
      else sent.set(name, value);
      seen.add(name);
    }
    return sent;
  }
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
