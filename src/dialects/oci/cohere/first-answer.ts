import { isObject, wordOf, type JsonObject } from '../../../core/json-object.ts';
import { argumentsText } from '../../call-arguments.ts';
import { derivedCallId } from '../../derived-id.ts';
import { objectsIn } from '../event.ts';
import type { Retelling } from './reader.ts';

/**
 * The first version: `text`, whole calls without ids, citations by the ids of documents. An event with calls, and the last one, say
 * again what came before them.
 */
export class FirstVersion implements Retelling {
  #said = '';
  readonly #calls: string[] = [];
  readonly #citations = new Map<string, JsonObject>();

  told(event: JsonObject): JsonObject[] {
    const { text, toolCalls, citations, documents, finishReason } = event;
    const repeats = finishReason !== undefined || Array.isArray(toolCalls);
    const fresh = this.#fresh(wordOf(text), repeats);
    this.#said += fresh;
    for (const citation of objectsIn(citations)) this.#citations.set(JSON.stringify(citation), citation);
    return [
      ...(fresh === '' ? [] : [{ type: 'content-delta', delta: { message: { content: { text: fresh } } } }]),
      ...this.#newCalls(objectsIn(toolCalls)).flatMap((call) => this.#callEvents(call)),
      // Their documents come with the last event.
      ...(finishReason === undefined ? [] : [...this.#citations.values()].map((citation) => citationEvent(citation, documents))),
    ];
  }

  /** What a repetition has beyond what was said; what is no repetition of it says nothing new. */
  #fresh(text: string, repeats: boolean): string {
    if (!repeats) return text;
    return text.startsWith(this.#said) ? text.slice(this.#said.length) : '';
  }

  /** Calls that stand in the list more often than they were told. */
  #newCalls(calls: readonly JsonObject[]): JsonObject[] {
    const known = [...this.#calls];
    return calls.filter((call) => {
      if (wordOf(call['name']) === '') return false;
      const at = known.indexOf(signOf(call));
      if (at !== -1) known.splice(at, 1);
      return at === -1;
    });
  }

  #callEvents(call: JsonObject): JsonObject[] {
    const index = this.#calls.push(signOf(call)) - 1;
    const name = wordOf(call['name']);
    const text = argumentsText(call['parameters']);
    const called = { id: derivedCallId(index, name, text), function: { name, arguments: text } };
    return [
      { type: 'tool-call-start', index, delta: { message: { tool_calls: called } } },
      { type: 'tool-call-end', index },
    ];
  }
}

function signOf({ name, parameters }: JsonObject): string {
  return JSON.stringify([name, parameters]);
}

/** With its documents, which may be JSON as text. */
function citationEvent(citation: JsonObject, documents: unknown): JsonObject {
  const ids: unknown[] = Array.isArray(citation['documentIds']) ? citation['documentIds'] : [];
  const all: unknown[] = Array.isArray(documents) ? documents.map((one: unknown) => (typeof one === 'string' ? parsed(one) : one)) : [];
  const sources = ids.map((id) => ({ type: 'document', id, document: all.find((one) => isObject(one) && one['id'] === id) }));
  return { type: 'citation-start', delta: { message: { citations: { ...citation, content_index: 0, sources } } } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
