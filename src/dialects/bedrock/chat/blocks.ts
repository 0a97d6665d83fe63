import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { Part, ReasoningPart, ToolResultPart } from '../../../core/parts.ts';
import { argumentsObject } from '../../call-arguments.ts';
import type { ToolNames } from '../../tool-names.ts';
import type { ModelFamily } from '../families.ts';
import { cachePoint } from './cache-points.ts';
import { mediaBlock } from './media.ts';

/** Stands where something must be said and nothing is: blank text is refused. */
export const FILLER = '.';

/**
 * Content blocks of one part, with its cache point.
 *
 * @throws {InvalidRequestError} for media that have no block
 */
export function blocksOf(part: Part, names: ToolNames, family: ModelFamily): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text.trim() === '' ? [] : [{ text: part.text }, ...cachePoint(part.cache, family)];
    case 'refusal':
      return part.text.trim() === '' ? [] : [{ text: part.text }];
    case 'reasoning':
      return thoughtBlock(part, family);
    case 'media':
      return [mediaBlock(part), ...cachePoint(part.cache, family)];
    case 'tool_call':
      return [
        { toolUse: { toolUseId: part.id, name: names.toWire(part.name), input: argumentsObject(part.arguments) } },
        ...cachePoint(part.cache, family),
      ];
    case 'tool_result':
      return [resultBlock(part, family), ...cachePoint(markOf(part), family)];
    case 'native':
      return guardedBlock(part.raw);
    case 'citation':
      return [];
  }
}

export function isThought(block: JsonObject): boolean {
  return 'reasoningContent' in block;
}

/** Thoughts go back to the models that wrote them, and never without their proof. */
function thoughtBlock({ text, signature, encrypted, origin }: ReasoningPart, { thinking }: ModelFamily): JsonObject[] {
  if (origin !== 'anthropic' || thinking !== 'claude') return [];
  if (encrypted !== undefined) return [{ reasoningContent: { redactedContent: encrypted } }];
  return signature === undefined ? [] : [{ reasoningContent: { reasoningText: { text, signature } } }];
}

/** Text that a guardrail looks at, as LiteLLM's clients write it. */
function guardedBlock(raw: unknown): JsonObject[] {
  if (!isObject(raw) || raw['type'] !== 'guarded_text' || typeof raw['text'] !== 'string' || raw['text'].trim() === '') return [];
  return [{ guardContent: { text: { text: raw['text'] } } }];
}

function resultBlock({ callId, parts, isError }: ToolResultPart, { toolStatus }: ModelFamily): JsonObject {
  const content = parts.flatMap((part): JsonObject[] => {
    if (part.type === 'text') return part.text.trim() === '' ? [] : [{ text: part.text }];
    return part.type === 'media' ? [mediaBlock(part)] : [];
  });
  return {
    toolResult: {
      toolUseId: callId,
      content: content.length > 0 ? content : [{ text: FILLER }],
      ...(isError === true && toolStatus ? { status: 'error' } : {}),
    },
  };
}

/** A mark may stand behind the result, not inside it. */
function markOf({ cache, parts }: ToolResultPart): ToolResultPart['cache'] {
  return cache ?? parts.map((part) => (part.type === 'native' ? undefined : part.cache)).find(Boolean);
}
