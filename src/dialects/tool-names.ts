/** What a provider takes as the name of a tool. */
export interface NameRules {
  /** Matches each character that it refuses; global. */
  readonly unlawful: RegExp;
  /** Most characters. */
  readonly maxLength: number;
  /** Matches a name that must not begin as it does. */
  readonly badStart?: RegExp;
}

/**
 * Names of tools, ours and the provider's. Names that the provider refuses are replaced and mapped back, so that the client
 * meets the names it gave. One for each request.
 */
export class ToolNames {
  readonly #rules: NameRules;
  readonly #wireOf = new Map<string, string>();
  readonly #nameOf = new Map<string, string>();

  constructor(rules: NameRules) {
    this.#rules = rules;
  }

  /** The provider's name for a client's tool; the same one each time. */
  toWire(name: string): string {
    const known = this.#wireOf.get(name);
    if (known !== undefined) return known;
    let wire = this.#lawful(name);
    for (let attempt = 1; this.#nameOf.has(wire); attempt++) wire = this.#withHash(wire, `${name}#${attempt}`);
    this.#wireOf.set(name, wire);
    this.#nameOf.set(wire, name);
    return wire;
  }

  /** The client's name for a tool that the provider called. */
  fromWire(wire: string): string {
    return this.#nameOf.get(wire) ?? wire;
  }

  /** A name for a tool of our own, other than every name so far. */
  fresh(base: string): string {
    let wire = base;
    for (let n = 2; this.#nameOf.has(wire); n++) wire = `${base}_${n}`;
    this.reserve(wire);
    return wire;
  }

  /** A client's tool that goes to the provider as the client wrote it, and so under its own name. */
  asIs(name: string): void {
    this.#wireOf.set(name, name);
    this.#nameOf.set(name, name);
  }

  /** Keeps a name from being given to a client's tool: a provider's own tool bears it. */
  reserve(wire: string): void {
    this.#nameOf.set(wire, wire);
  }

  #lawful(name: string): string {
    const { unlawful, maxLength, badStart } = this.#rules;
    const plain = name.replaceAll(unlawful, '_') || '_';
    const wire = badStart?.test(plain) ? `_${plain}` : plain;
    return wire.length <= maxLength ? wire : this.#withHash(wire, name);
  }

  /** Two long names that begin alike stay apart. */
  #withHash(wire: string, seed: string): string {
    return `${wire.slice(0, this.#rules.maxLength - 9)}_${fnv1a(seed)}`;
  }
}

/** 32 bits as eight hexadecimal digits. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
