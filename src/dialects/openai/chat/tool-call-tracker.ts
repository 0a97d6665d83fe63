import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { derivedCallId } from '../../derived-id.ts';
import { signatureOf, splitCallId } from './thought-signature.ts';

/** One delta of one tool call, sorted out. */
export interface CallStep {
  readonly call: TrackedCall;
  /** The call begins with this delta: its name is known from here on. */
  readonly begins: boolean;
  /** Argument text to append; what was held back while the name was unknown comes with the beginning. */
  readonly arguments: string;
}

export interface TrackedCall {
  /** Counts the calls of the choice from 0, whatever the provider counts. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly signature: string | undefined;
  /** Whether any argument text came. */
  readonly hasArguments: boolean;
}

interface MutableCall extends TrackedCall {
  /** The provider's index, when it gives one. */
  readonly key: number | undefined;
  /** The provider's id; `''` when it gives none. */
  givenId: string;
  id: string;
  name: string;
  signature: string | undefined;
  hasArguments: boolean;
  text: string;
}

/**
 * Tells the tool calls of one choice apart. Providers leave out index or id, reuse an index for the next call, repeat id
 * and name in every delta, send arguments as an object, or send whole calls at once.
 */
export class ToolCallTracker {
  readonly #calls: MutableCall[] = [];
  readonly #place: readonly (string | number)[];

  /** @param place what tells this choice from others, for the ids of calls that have none */
  constructor(place: readonly (string | number)[]) {
    this.#place = place;
  }

  get calls(): readonly TrackedCall[] {
    return this.#calls.filter((call) => call.name !== '');
  }

  /** @returns null when the delta says nothing yet, because the call has no name so far */
  push(delta: JsonObject): CallStep | null {
    const called = calledIn(delta);
    const split = splitCallId(typeof delta['id'] === 'string' ? delta['id'] : '');
    const name = typeof called['name'] === 'string' ? called['name'] : '';
    const text = argumentText(called['arguments']);
    const known = this.#find(delta['index'], split.id, name, text);
    const call = known ?? this.#open(delta['index'], split.id);
    call.givenId ||= split.id;
    // The input of a custom tool is free text: nothing is missing when it is empty.
    if (isObject(delta['custom'])) call.hasArguments = true;
    call.signature ??= signatureOf(delta) ?? split.signature;
    return this.#step(call, name, text);
  }

  #step(call: MutableCall, name: string, text: string): CallStep | null {
    call.text += text;
    if (text !== '') call.hasArguments = true;
    if (call.name !== '') return { call, begins: false, arguments: text };
    if (name === '') return null;
    call.name = name;
    call.id = this.#isFree(call) ? call.givenId : derivedCallId(...this.#place, call.index, name);
    return { call, begins: true, arguments: call.text };
  }

  /** Whether the given id tells this call from the others. */
  #isFree(call: MutableCall): boolean {
    return call.givenId !== '' && !this.#calls.some((other) => other !== call && other.name !== '' && other.id === call.givenId);
  }

  #find(index: unknown, id: string, name: string, text: string): MutableCall | undefined {
    if (typeof index !== 'number') return this.#findWithoutIndex(id, name);
    const call = this.#calls.findLast((candidate) => candidate.key === index);
    if (!call || name === '' || call.name === '') return call;
    const isOther = id !== '' && call.givenId !== '' ? id !== call.givenId : id === '' && text !== '' && isWholeJson(call.text);
    return isOther ? undefined : call;
  }

  #findWithoutIndex(id: string, name: string): MutableCall | undefined {
    if (id !== '') {
      const byId = this.#calls.findLast((candidate) => candidate.givenId === id);
      if (byId || name !== '') return byId;
    }
    // Whole calls without id and index: each name begins one.
    return name === '' ? this.#calls.at(-1) : undefined;
  }

  #open(index: unknown, givenId: string): MutableCall {
    const key = typeof index === 'number' ? index : undefined;
    const call: MutableCall = {
      key,
      index: this.#calls.length,
      givenId,
      id: givenId,
      name: '',
      signature: undefined,
      hasArguments: false,
      text: '',
    };
    this.#calls.push(call);
    return call;
  }
}

function calledIn(delta: JsonObject): JsonObject {
  if (isObject(delta['function'])) return delta['function'];
  return isObject(delta['custom']) ? { name: delta['custom']['name'], arguments: delta['custom']['input'] } : {};
}

function argumentText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function isWholeJson(text: string): boolean {
  if (text === '') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
