import type { Answer, StreamPart, StreamPartOf } from '../core/answer.ts';
import { foldStream } from '../core/fold-stream.ts';
import { isObject } from '../core/json-object.ts';
import type { ResponseFormat } from '../core/request.ts';
import { unfoldAnswer } from '../core/unfold-answer.ts';

/** The one member of the object that stands around the client's own value. */
const MEMBER = 'value';

/**
 * A format whose schema has an object as its root, for providers that take no other: lists, choices and references to a definition
 * stand in its only member. {@link UnwrappedRoot} takes it off the answer again.
 *
 * @returns null when the schema has one already, or refers to its own root
 * @see https://platform.openai.com/docs/guides/structured-outputs#root-objects-must-not-be-anyof-and-must-be-an-object (read 2026-11-27)
 */
export function wrappedRoot(format: ResponseFormat | undefined): ResponseFormat | null {
  const schema = format?.type === 'json_schema' ? format.schema : undefined;
  if (format === undefined || schema === undefined || schema['type'] === 'object' || refersToRoot(schema)) return null;
  const common = Object.entries(schema).filter(([name]) => COMMON.has(name));
  const own = Object.entries(schema).filter(([name]) => !COMMON.has(name));
  const properties = { [MEMBER]: Object.fromEntries(own) };
  return {
    ...format,
    schema: { ...Object.fromEntries(common), type: 'object', properties, required: [MEMBER], additionalProperties: false },
  };
}

/** What stands at the root of a schema and is found from anywhere in it. */
const COMMON: ReadonlySet<string> = new Set(['$schema', '$defs', 'definitions']);

function refersToRoot(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(refersToRoot);
  if (!isObject(schema)) return false;
  const { $ref: target } = schema;
  if (typeof target === 'string' && !/^#\/(\$defs|definitions)\//.test(target)) return true;
  return Object.values(schema).some(refersToRoot);
}

/** Takes the object that {@link wrappedRoot} asked for off the texts of an answer. What a model said in another form stays as it is. */
export class UnwrappedRoot {
  readonly #texts = new Map<number, RootText>();

  /** @returns the parts for the client; a piece that may be the end of the object waits */
  push(part: StreamPart): StreamPart[] {
    if (part.type === 'text_delta') return this.#told(part, this.#text(part.choice).push(part.text));
    if (part.type !== 'finish') return [part];
    const { choice } = part;
    const rest = this.#text(choice).end();
    return rest === '' ? [part] : [{ type: 'text_delta', text: rest, ...(choice === undefined ? {} : { choice }) }, part];
  }

  #told(part: StreamPartOf<'text_delta'>, text: string): StreamPart[] {
    return text === '' && part.logprobs === undefined ? [] : [{ ...part, text }];
  }

  #text(choice = 0): RootText {
    const known = this.#texts.get(choice) ?? new RootText();
    this.#texts.set(choice, known);
    return known;
  }
}

/** A whole answer without that object. */
export function unwrappedAnswer(answer: Answer): Answer {
  const root = new UnwrappedRoot();
  return foldStream(unfoldAnswer(answer).flatMap((part) => root.push(part)));
}

const BEGIN = new RegExp(`^\\s*\\{\\s*"${MEMBER}"\\s*:\\s*`);
/** A text that has not begun so by then is of another form. */
const MOST_BEFORE = 64;
const END = /\s*\}?\s*$/;

class RootText {
  #stage: 'before' | 'inside' | 'bare' = 'before';
  #held = '';

  push(text: string): string {
    this.#held += text;
    if (this.#stage === 'before') this.#begin();
    if (this.#stage === 'before') return '';
    return this.#taken(this.#stage === 'bare' ? this.#held.length : this.#held.search(END));
  }

  end(): string {
    const rest = this.#held;
    this.#held = '';
    return this.#stage === 'inside' ? '' : rest;
  }

  #begin(): void {
    const begin = BEGIN.exec(this.#held);
    if (begin) {
      this.#stage = 'inside';
      this.#held = this.#held.slice(begin[0].length);
    } else if (this.#held.length > MOST_BEFORE || /^\s*[^\s{]/.test(this.#held)) this.#stage = 'bare';
  }

  #taken(length: number): string {
    const taken = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return taken;
  }
}
