import { wordOf, type JsonObject } from '../../../core/json-object.ts';
import { objectOf, objectsIn } from '../event.ts';
import type { Retelling } from './reader.ts';

/** The second version: blocks of content, a plan, calls with ids, citations with their sources. */
export class SecondVersion implements Retelling {
  #said = '';
  /** Ids of the calls so far; `''` where none was given. */
  readonly #calls: string[] = [];

  told(event: JsonObject): JsonObject[] {
    const { message, finishReason, logProbabilities } = event;
    const { content, toolPlan, toolCalls, citations } = objectOf(message);
    const isLast = finishReason !== undefined;
    return [
      ...startOf(event['id']),
      ...objectsIn(content).flatMap((block) => this.#block(block, isLast)),
      ...(wordOf(toolPlan) === '' ? [] : [{ type: 'tool-plan-delta', delta: { message: { tool_plan: toolPlan } } }]),
      ...objectsIn(logProbabilities).map(({ text, logProbabilities: values }) => ({
        type: 'content-delta',
        logprobs: { text, logprobs: values },
      })),
      ...objectsIn(toolCalls).flatMap((call) => this.#call(call, isLast)),
      ...objectsIn(citations).map(citationEvent),
    ];
  }

  #block({ text, thinking }: JsonObject, isLast: boolean): JsonObject[] {
    // The last event may say it all again.
    if (isLast && this.#said !== '' && text === this.#said) return [];
    this.#said += wordOf(text);
    return [{ type: 'content-delta', delta: { message: { content: { text, thinking } } } }];
  }

  /** A call with a name begins one, or, in the last event, is one that was told; arguments alone belong to the one before. */
  #call({ id, function: called }: JsonObject, isLast: boolean): JsonObject[] {
    const given = wordOf(id);
    const known = given === '' ? -1 : this.#calls.lastIndexOf(given);
    const event = (type: string, index: number): JsonObject => ({
      type,
      index,
      delta: { message: { tool_calls: { id, function: called } } },
    });
    if (isLast && known !== -1) return [];
    if (known !== -1) return [event('tool-call-delta', known)];
    if (wordOf(objectOf(called)['name']) === '') return this.#calls.length === 0 ? [] : [event('tool-call-delta', this.#calls.length - 1)];
    return [event('tool-call-start', this.#calls.push(given) - 1)];
  }
}

function startOf(id: unknown): JsonObject[] {
  return typeof id === 'string' && id !== '' ? [{ type: 'message-start', id }] : [];
}

/** @see https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/CohereCitationV2 (2026-11-26) */
function citationEvent({ contentIndex, sources, ...citation }: JsonObject): JsonObject {
  const told = objectsIn(sources).map(({ type, tool, document }) => {
    const { id, toolOutput } = objectOf(tool);
    const kind = wordOf(type).toLowerCase();
    return kind === 'tool' ? { type: kind, id, tool_output: toolOutput } : { type: kind, ...objectOf(document) };
  });
  return { type: 'citation-start', delta: { message: { citations: { ...citation, content_index: contentIndex, sources: told } } } };
}
