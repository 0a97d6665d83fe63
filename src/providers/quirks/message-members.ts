import { isObject, type JsonObject } from '../../core/json-object.ts';
import { unsealed } from '../../dialects/marked-proof.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import { without } from './json-path.ts';

/** Message members that are not OpenAI's own, or that only OpenAI takes back: kept only for providers that know them. */
export const EXTRA_MEMBERS = [
  'cache_control',
  'thinking_blocks',
  'reasoning_content',
  'reasoning_details',
  'reasoning',
  'provider_specific_fields',
  'annotations',
  'images',
  'audio',
] as const;

/** The extra members that a provider does not take. */
export function unwantedMembers({ keep = [] }: Quirks): string[] {
  return keep.includes('*') ? [] : EXTRA_MEMBERS.filter((name) => !keep.includes(name));
}

/** Without extra members on the message, its parts and its tool calls; reasoning in the form the provider takes. */
export function withKnownMembers(message: JsonObject, quirks: Quirks): JsonObject {
  const unwanted = unwantedMembers(quirks);
  const plain = without(withReasoningKept(message, quirks), unwanted);
  const result: JsonObject = { ...plain };
  const { content, tool_calls: calls } = plain;
  if (Array.isArray(content) && unwanted.includes('cache_control'))
    result['content'] = content.map((part: unknown) => (isObject(part) ? without(part, ['cache_control']) : part));
  if (Array.isArray(calls) && unwanted.includes('provider_specific_fields')) {
    result['tool_calls'] = calls.map((call: unknown) =>
      isObject(call) ? without(call, ['provider_specific_fields', 'cache_control']) : call,
    );
  }
  return named(result, quirks);
}

/** Before `thinking_blocks` go: their text stays where the provider wants reasoning back. */
function withReasoningKept(message: JsonObject, quirks: Quirks): JsonObject {
  if (message['role'] !== 'assistant') return message;
  if (quirks.reasoningSummary) return withSummary(message);
  const text = reasoningOf(message);
  if (text === '') return filled(message, quirks);
  if (quirks.reasoningList) return asThinkingPart(message, { type: 'thinking', thinking: [{ type: 'text', text }], closed: true });
  if (quirks.thinkingParts && !('reasoning_content' in message)) return asThinkingPart(message, { type: 'thinking', thinking: text });
  return quirks.keep?.includes('reasoning_content') && !message['reasoning_content'] ? { ...message, reasoning_content: text } : message;
}

function reasoningOf(message: JsonObject): string {
  const { reasoning_content: text, thinking_blocks: blocks } = message;
  if (typeof text === 'string') return text;
  if (!Array.isArray(blocks)) return '';
  return blocks.map((block: unknown) => (isObject(block) && typeof block['thinking'] === 'string' ? block['thinking'] : '')).join('');
}

/** Claude's thoughts as it signed or encrypted them; others mean nothing to it. */
function withSummary(message: JsonObject): JsonObject {
  const { thinking_blocks: blocks } = message;
  const entries = Array.isArray(blocks) ? blocks.filter(isObject).flatMap(summaryEntries) : [];
  return entries.reduceRight<JsonObject>((before, entry) => asThinkingPart(before, { type: 'reasoning', summary: [entry] }), message);
}

function summaryEntries({ data, signature, thinking }: JsonObject): JsonObject[] {
  if (isClaudes(data)) return [{ type: 'summary_encrypted_text', data }];
  return isClaudes(signature) ? [{ type: 'summary_text', text: thinking, signature }] : [];
}

function isClaudes(proof: unknown): boolean {
  return typeof proof === 'string' && proof !== '' && unsealed(proof).origin === 'anthropic';
}

function asThinkingPart(message: JsonObject, part: JsonObject): JsonObject {
  const { content } = message;
  const rest: unknown[] = Array.isArray(content)
    ? content
    : typeof content === 'string' && content !== ''
      ? [{ type: 'text', text: content }]
      : [];
  return { ...message, content: [part, ...rest] };
}

/** Providers that verify their own reasoning refuse a turn without any; what a client lost is a space. */
function filled(message: JsonObject, { fillReasoning }: Quirks): JsonObject {
  const wanted = fillReasoning === 'always' || (fillReasoning === 'tool_calls' && Array.isArray(message['tool_calls']));
  return wanted ? { ...message, reasoning_content: ' ' } : message;
}

function named(message: JsonObject, { dropName }: Quirks): JsonObject {
  const goes = dropName === 'always' || (dropName === 'except_tool' && message['role'] !== 'tool');
  return goes ? without(message, ['name']) : message;
}
