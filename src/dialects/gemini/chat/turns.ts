import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, Part, ToolCallPart, ToolResultPart } from '../../../core/parts.ts';
import { argumentsObject } from '../../call-arguments.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import { mediaPart, resolutionOf } from './media-part.ts';
import { broughtBack, signedTexts, signFirstCall } from './signatures.ts';
import { resultParts } from './tool-result.ts';

/** An element of `contents`. */
export interface Content {
  readonly role: 'user' | 'model';
  readonly parts: readonly JsonObject[];
}

interface Call {
  /** The client's id; careless clients give one to several calls. */
  readonly id: string;
  /** The provider's: no two calls of a request share one. */
  readonly wireId: string;
  readonly name: string;
}

interface OpenTurn {
  readonly role: Content['role'];
  readonly parts: JsonObject[];
  readonly calls: Call[];
  readonly results: ToolResultPart[];
}

/** Stands where a turn has nothing to say: an empty one is refused. */
const FILLER: Readonly<JsonObject> = { text: '.' };

/** Gathers messages into turns that Google takes: alternating, the first of the user, every call followed by its result. */
export class TurnBuilder {
  readonly #names: ToolNames;
  readonly #family: ModelFamily;
  readonly #turns: OpenTurn[] = [];
  readonly #ids = new Set<string>();

  constructor(names: ToolNames, family: ModelFamily) {
    this.#names = names;
    this.#family = family;
  }

  addUser(parts: readonly Part[]): void {
    const turn = this.#turn('user');
    turn.parts.push(...parts.flatMap((part) => this.#said(part)));
    this.addResults(parts);
  }

  /** Results without a call in the turn before are dropped. */
  addResults(parts: readonly Part[]): void {
    const calls = this.#turns.findLast(({ role }) => role === 'model')?.calls ?? [];
    for (const part of parts)
      if (part.type === 'tool_result' && calls.some(({ id }) => id === part.callId)) this.#turn('user').results.push(part);
  }

  /** Thoughts stay behind: what they were worth is in the signatures. */
  addModel(parts: readonly Part[]): void {
    const turn = this.#turn('model');
    const { signatures, steps } = broughtBack(parts);
    const texts = parts.flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? this.#said(part) : []));
    const media = parts.flatMap((part) => (part.type === 'media' ? this.#said(part) : []));
    const calls = parts.filter((part) => part.type === 'tool_call').map((call) => this.#call(turn, call));
    const said = [...steps, ...signedTexts(texts, signatures), ...media, ...calls];
    if (this.#family.isThird) signFirstCall(said);
    turn.parts.push(...said);
  }

  finish(): Content[] {
    const turns = this.#turns.flatMap((turn, index) => this.#written(turn, index)).map(filled);
    return turns[0]?.role === 'user' ? turns : [{ role: 'user', parts: [FILLER] }, ...turns];
  }

  /** The running turn when the role stays the same, else a new one. */
  #turn(role: Content['role']): OpenTurn {
    const last = this.#turns.at(-1);
    if (last?.role === role) return last;
    const turn: OpenTurn = { role, parts: [], calls: [], results: [] };
    this.#turns.push(turn);
    return turn;
  }

  #said(part: Part): JsonObject[] {
    if (part.type === 'text' || part.type === 'refusal') return part.text.trim() === '' ? [] : [{ text: part.text }];
    return part.type === 'media' ? [this.#media(part)] : [];
  }

  #media(media: MediaPart): JsonObject {
    const level = this.#family.isThird ? resolutionOf(media) : undefined;
    return {
      ...mediaPart(media),
      ...(level === undefined ? {} : { mediaResolution: { level } }),
      ...(media.signature === undefined ? {} : { thoughtSignature: media.signature }),
    };
  }

  #call(turn: OpenTurn, { id, name, arguments: text, signature }: ToolCallPart): JsonObject {
    const call: Call = { id, wireId: this.#unique(id || 'call'), name: this.#names.toWire(name) };
    turn.calls.push(call);
    return {
      functionCall: { ...this.#idMember(call), name: call.name, args: argumentsObject(text) },
      ...(signature === undefined ? {} : { thoughtSignature: signature }),
    };
  }

  #idMember({ wireId }: Call): { id?: string } {
    return this.#family.callIds ? { id: wireId } : {};
  }

  #unique(id: string): string {
    let unique = id;
    for (let n = 2; this.#ids.has(unique); n++) unique = `${id}_${n}`;
    this.#ids.add(unique);
    return unique;
  }

  /** Every turn with calls is followed by a user's turn that begins with all their results, in the order of the calls. */
  #written(turn: OpenTurn, index: number): Content[] {
    const next = this.#turns[index + 1];
    if (turn.role === 'model') {
      const lost = turn.calls.length > 0 && !next ? [{ role: 'user' as const, parts: this.#results(turn.calls, []) }] : [];
      return [turn, ...lost];
    }
    const calls = this.#turns[index - 1]?.calls ?? [];
    return [{ role: 'user', parts: [...this.#results(calls, turn.results), ...turn.parts] }];
  }

  #results(calls: readonly Call[], results: readonly ToolResultPart[]): JsonObject[] {
    return calls.flatMap((call, at) => {
      const place = { ...this.#idMember(call), name: call.name, holdsMedia: this.#family.isThird };
      return resultParts(resultFor(call.id, at, calls, results), place);
    });
  }
}

/** Calls that share an id take their results in order; of more results than calls the last counts. */
function resultFor(id: string, at: number, calls: readonly Call[], results: readonly ToolResultPart[]): ToolResultPart | null {
  const own = results.filter(({ callId }) => callId === id);
  const nth = calls.slice(0, at).filter((call) => call.id === id).length;
  const isLast = !calls.slice(at + 1).some((call) => call.id === id);
  return (isLast ? own.slice(nth).at(-1) : own[nth]) ?? null;
}

function filled({ role, parts }: Content): Content {
  return { role, parts: parts.length > 0 ? parts : [FILLER] };
}
