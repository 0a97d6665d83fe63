import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { ReasoningPart } from '../../../core/parts.ts';
import { sealed, unsealed } from '../responses/sealed.ts';
import { ORIGIN, proofOf, reasoningItem } from './proof.ts';

/** Items that every provider understands. Others are steps of tools that one provider ran. */
const COMMON: ReadonlySet<unknown> = new Set([
  undefined,
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'item_reference',
]);

/** Marks a step with who ran it. */
const RAN_BY = 'ran_by';

/**
 * `output` of a response that passed, for the store: the next turn may go to another provider. Thoughts are sealed as those of all
 * providers are, and steps that only this one can go on from bear its name.
 */
export function keptItems(output: unknown, provider: string): JsonObject[] {
  return (Array.isArray(output) ? output.filter(isObject) : []).map((item) => {
    if (item['type'] !== 'reasoning')
      return COMMON.has(item['type']) ? item : { ...item, provider_specific_fields: { [RAN_BY]: provider } };
    const signature = proofOf(item, provider);
    const thought: ReasoningPart = { type: 'reasoning', text: '', ...(signature === undefined ? {} : { signature, origin: ORIGIN }) };
    return { ...item, encrypted_content: sealed([thought]) };
  });
}

/** What a body must hold for {@link lawfulItems} to change anything. */
export const NEEDS_CARE = /gateway\.1\.|provider_specific_fields/;

/**
 * Items for a provider that did not keep them: thoughts that it sealed itself become what they were, those of others are left out, and
 * so is what only another provider's tools did.
 *
 * @param kept how many of them come from the store: their ids mean nothing to the provider
 */
export function lawfulItems(items: readonly unknown[], provider: string, kept: number): unknown[] {
  return items.flatMap((item, index) => (isObject(item) ? lawfulItem(item, provider, index < kept) : [item]));
}

function lawfulItem(item: JsonObject, provider: string, isKept: boolean): JsonObject[] {
  const { provider_specific_fields: fields, ...plain } = item;
  if (item['type'] === 'reasoning') return thoughtIn(plain, provider);
  if (isObject(fields) && fields[RAN_BY] !== undefined && fields[RAN_BY] !== provider) return [];
  if (!isKept || !COMMON.has(item['type'])) return [plain];
  const { id: _, ...nameless } = plain;
  return [nameless];
}

function thoughtIn(item: JsonObject, provider: string): JsonObject[] {
  const { encrypted_content: content, summary } = item;
  const thoughts = typeof content === 'string' ? unsealed(content) : [];
  // Not sealed by us: it came from the client, who has it from this provider.
  if (thoughts.length === 0) return typeof content === 'string' && !NEEDS_CARE.test(content) ? [item] : [];
  return thoughts.flatMap((thought) => {
    const own = thought.type === 'reasoning' ? reasoningItem(thought, provider) : null;
    return own === null ? [] : [{ ...own, ...(Array.isArray(summary) ? { summary } : {}) }];
  });
}
