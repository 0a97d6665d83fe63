import { isObject, type JsonObject } from '../../../core/json-object.ts';

/**
 * Arguments of a call that come bit by bit: each bit names its place by a path (`$.rooms[0].name`) and gives a value; a text
 * may come in several bits. Vertex streams calls so when asked to.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc (2026-11-26)
 */
export class PartialArguments {
  readonly #root: JsonObject = {};

  add(bits: unknown): void {
    for (const bit of Array.isArray(bits) ? bits.filter(isObject) : []) this.#put(pathOf(bit['jsonPath']), bit);
  }

  get text(): string {
    return JSON.stringify(this.#root);
  }

  #put(path: readonly (string | number)[], bit: JsonObject): void {
    const last = path.at(-1);
    if (last === undefined) return;
    let place = this.#root;
    path.slice(0, -1).forEach((name, at) => {
      const inner = Object.hasOwn(place, name) ? place[name] : undefined;
      const next = typeof inner === 'object' && inner !== null ? inner : typeof path[at + 1] === 'number' ? [] : {};
      define(place, name, next);
      // Lists and objects are both written by their keys.
      place = next as JsonObject;
    });
    const known = Object.hasOwn(place, last) ? place[last] : undefined;
    const value = valueOf(bit);
    define(place, last, typeof known === 'string' && typeof value === 'string' ? known + value : value);
  }
}

/** Most elements that a path may give a list: a stray index must not make a list of gaps. */
const MOST_ELEMENTS = 10_000;

function pathOf(path: unknown): (string | number)[] {
  if (typeof path !== 'string') return [];
  const steps = [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\[['"]([^'"]*)['"]\]/g)].map(([, name, index, quoted]) =>
    index === undefined ? (name ?? quoted ?? '') : Number(index),
  );
  return steps.some((step) => typeof step === 'number' && step > MOST_ELEMENTS) ? [] : steps;
}

function valueOf(bit: JsonObject): unknown {
  for (const name of ['stringValue', 'numberValue', 'boolValue']) if (bit[name] !== undefined) return bit[name];
  return null;
}

/** A key such as `__proto__` is a key like any other. */
function define(place: JsonObject, name: string | number, value: unknown): void {
  Object.defineProperty(place, name, { value, enumerable: true, configurable: true, writable: true });
}
