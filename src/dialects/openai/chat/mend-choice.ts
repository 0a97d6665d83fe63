import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { ThinkTags } from '../../think-tags.ts';
import { errorInside } from '../errors.ts';
import { finishOf, isLawfulReason } from './finish-reason.ts';
import { mendSpoken } from './mend-message.ts';
import { callsIn } from './read-delta.ts';
import type { ReadingTraits } from './reading-traits.ts';
import { ToolCallTracker, type CallStep } from './tool-call-tracker.ts';

/** Mends the deltas of one choice of a stream so that data-plane 10.2 holds for them. Keeps what 10.2 asks to remember. */
export class ChoiceMender {
  readonly index: number;
  readonly #calls: ToolCallTracker;
  #tags: ThinkTags | null;
  #hasRole = false;
  #finished = false;

  /** @param place what tells this choice from all others, for ids of calls that have none */
  constructor(index: number, place: readonly (string | number)[], { thinkTags = false }: ReadingTraits) {
    this.index = index;
    this.#calls = new ToolCallTracker(place);
    this.#tags = thinkTags === false ? null : new ThinkTags({ opened: thinkTags === 'opened' });
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** Whether a later delta may be read differently than one that looks the same: tags may still open or close. */
  get isMidTag(): boolean {
    return this.#tags !== null;
  }

  /**
   * Mends a choice in place.
   *
   * @returns whether anything had to change
   * @throws {ProviderError} when the choice reports a failure
   */
  mend(choice: JsonObject): boolean {
    const failure = isObject(choice['error']) ? errorInside({ error: choice['error'] }) : null;
    if (failure) throw failure;
    let changed = this.#mendShape(choice);
    const delta = choice['delta'] as JsonObject;
    changed = this.#mendRole(delta) || changed;
    changed = mendSpoken(delta) || changed;
    if (this.#tags) changed = this.#mendTags(delta, this.#tags) || changed;
    if (delta['tool_calls'] !== null && delta['tool_calls'] !== undefined) changed = this.#mendCalls(delta) || changed;
    return this.#mendFinish(choice) || changed;
  }

  /** Deltas that must go out before the choice ends: `{}` for each call that got no arguments. */
  missingArguments(): JsonObject[] {
    return this.#calls.calls.filter((call) => !call.hasArguments).map((call) => ({ index: call.index, function: { arguments: '{}' } }));
  }

  /** The last choice of a stream whose provider gave no reason before `[DONE]`. */
  lateFinish(): JsonObject {
    const choice = { index: this.index, delta: {}, finish_reason: 'stop' };
    this.mend(choice);
    return choice;
  }

  #mendShape(choice: JsonObject): boolean {
    let changed = false;
    if (typeof choice['index'] !== 'number') {
      choice['index'] = this.index;
      changed = true;
    }
    if (isObject(choice['delta'])) return changed;
    choice['delta'] = isObject(choice['message']) ? choice['message'] : {};
    choice['message'] = undefined;
    return true;
  }

  #mendRole(delta: JsonObject): boolean {
    if (this.#hasRole) {
      if (delta['role'] === undefined) return false;
      delta['role'] = undefined;
      return true;
    }
    this.#hasRole = true;
    if (delta['role'] === 'assistant') return false;
    delta['role'] = 'assistant';
    return true;
  }

  #mendTags(delta: JsonObject, tags: ThinkTags): boolean {
    if (typeof delta['content'] !== 'string' || delta['content'] === '') return false;
    const said = delta['content'];
    const pieces = tags.push(said);
    const joined = (wanted: string): string => pieces.map(({ type, text }) => (type === wanted ? text : '')).join('');
    const text = joined('text');
    const reasoning = joined('reasoning');
    // After the first text no tag counts any more.
    if (text !== '') this.#tags = null;
    if (text === said) return false;
    delta['content'] = text;
    if (reasoning !== '') delta['reasoning_content'] = reasoning;
    return true;
  }

  #mendCalls(delta: JsonObject): boolean {
    const given = callsIn({ tool_calls: delta['tool_calls'] });
    let changed = !Array.isArray(delta['tool_calls']) || given.length < delta['tool_calls'].length;
    const lawful: JsonObject[] = [];
    for (const call of given) {
      const step = this.#calls.push(call);
      if (step && isLawful(call, step)) lawful.push(call);
      else {
        changed = true;
        if (step) lawful.push(rewritten(call, step));
      }
    }
    if (!changed) return false;
    if (lawful.length > 0) delta['tool_calls'] = lawful;
    else delta['tool_calls'] = undefined;
    return true;
  }

  #mendFinish(choice: JsonObject): boolean {
    const reason = choice['finish_reason'];
    if (reason === null || reason === undefined) return false;
    if (reason === '' || this.#finished) {
      choice['finish_reason'] = null;
      return true;
    }
    this.#finished = true;
    const released = this.#releaseHeld(choice['delta'] as JsonObject);
    return this.#mendReason(choice, reason) || released;
  }

  /** Text was held back because it could have begun a tag; now it is known to be none. */
  #releaseHeld(delta: JsonObject): boolean {
    const pieces = this.#tags?.end() ?? [];
    this.#tags = null;
    for (const { type, text } of pieces) {
      const name = type === 'text' ? 'content' : 'reasoning_content';
      delta[name] = `${typeof delta[name] === 'string' ? delta[name] : ''}${text}`;
    }
    return pieces.length > 0;
  }

  #mendReason(choice: JsonObject, reason: unknown): boolean {
    const hasCalls = this.#calls.calls.length > 0;
    if (isLawfulReason(reason) && !(reason === 'stop' && hasCalls)) return false;
    const finish = finishOf(reason, hasCalls);
    choice['finish_reason'] = finish.reason;
    if (finish.native !== undefined) choice['provider_specific_fields'] = { native_finish_reason: finish.native };
    return true;
  }
}

function isLawful(call: JsonObject, { call: known, begins, arguments: text }: CallStep): boolean {
  const called = isObject(call['function']) ? call['function'] : {};
  if (call['index'] !== known.index) return false;
  if (isObject(call['custom'])) return true;
  if (!begins) return !call['id'] && !called['name'] && (typeof called['arguments'] === 'string' || called['arguments'] === undefined);
  return call['id'] === known.id && call['type'] === 'function' && called['arguments'] === text;
}

function rewritten(call: JsonObject, { call: known, begins, arguments: text }: CallStep): JsonObject {
  if (!begins) return { index: known.index, function: { arguments: text } };
  const { provider_specific_fields: fields, extra_content: extra } = call;
  const signature = known.signature === undefined ? undefined : { thought_signature: known.signature };
  return {
    index: known.index,
    id: known.id,
    type: 'function',
    function: { name: known.name, arguments: text },
    ...(isObject(fields) || signature ? { provider_specific_fields: { ...(isObject(fields) ? fields : {}), ...signature } } : {}),
    ...(extra === undefined ? {} : { extra_content: extra }),
  };
}
