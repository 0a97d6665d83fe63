import { isObject, type JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, Part, RefusalPart, TextPart, ToolResultPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { derivedCallId } from '../../derived-id.ts';
import { ORIGIN, reasoningItem } from './proof.ts';
import { writeInput, writeMedia } from './write-content.ts';

/** A history as Responses have it. */
export interface WrittenHistory {
  /** What the system says before anybody else; absent: nothing. */
  readonly instructions?: string;
  readonly input: readonly JsonObject[];
}

/**
 * A history as items. What the system says first are the instructions; later words of it keep their place.
 *
 * @param provider catalogue id: thoughts of others stay behind
 */
export function writeItems(messages: readonly Message[], provider: string): WrittenHistory {
  const leading = messages.findIndex((message) => !isInstruction(message));
  if (leading === -1) return { input: new ItemWriter(provider).write(messages) };
  const texts = messages.slice(0, leading).map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n'));
  const input = new ItemWriter(provider).write(messages.slice(leading));
  return texts.length === 0 ? { input } : { instructions: texts.join('\n\n'), input };
}

function isInstruction({ role, parts }: Message): boolean {
  return (role === 'system' || role === 'developer') && parts.every(({ type }) => type === 'text');
}

/** Longest id of a call that OpenAI takes. */
const LONGEST_CALL_ID = 64;

class ItemWriter {
  readonly #provider: string;
  readonly #items: JsonObject[] = [];
  readonly #customCalls = new Set<string>();

  constructor(provider: string) {
    this.#provider = provider;
  }

  write(messages: readonly Message[]): readonly JsonObject[] {
    for (const { role, parts } of messages) {
      if (role === 'assistant') this.#assistant(parts);
      else if (role === 'tool') for (const part of parts) if (part.type === 'tool_result') this.#result(part);
      if (role !== 'assistant' && role !== 'tool') this.#items.push({ role, content: writeInput(parts) });
    }
    return this.#items;
  }

  /** Thoughts, texts, calls and the steps of tools that the provider ran, in the order in which they came. */
  #assistant(parts: readonly Part[]): void {
    let said: (TextPart | RefusalPart)[] = [];
    const pictures: MediaPart[] = [];
    for (const part of parts) {
      if (part.type === 'text' || part.type === 'refusal') said.push(part);
      else if (part.type === 'media') pictures.push(part);
      else {
        const items = this.#itemsOf(part);
        if (items.length === 0) continue;
        this.#say(said);
        said = [];
        this.#items.push(...items);
      }
    }
    this.#say(said);
    // The dialect has no place for what an assistant drew elsewhere: the user shows it.
    if (pictures.length > 0) this.#items.push({ role: 'user', content: pictures.map(writeMedia) });
  }

  #say(said: readonly (TextPart | RefusalPart)[]): void {
    if (said.length === 0) return;
    const isText = said.every(({ type }) => type === 'text');
    const content = isText
      ? said.map(({ text }) => text).join('')
      : said.map((part) =>
          part.type === 'text' ? { type: 'output_text', text: part.text, annotations: [] } : { type: 'refusal', refusal: part.text },
        );
    this.#items.push({ role: 'assistant', content });
  }

  #itemsOf(part: Part): JsonObject[] {
    switch (part.type) {
      case 'reasoning': {
        const item = reasoningItem(part, this.#provider);
        return item ? [item] : [];
      }
      case 'tool_call':
        return [{ type: 'function_call', call_id: callIdOf(part.id), name: part.name, arguments: part.arguments }];
      case 'native':
        return this.#nativeItems(part.dialect, part.raw);
      default:
        return [];
    }
  }

  /** Steps of tools that this dialect's providers ran, and calls of custom tools as chat has them. */
  #nativeItems(dialect: string, raw: unknown): JsonObject[] {
    if (!isObject(raw)) return [];
    if (dialect === ORIGIN) return listOf(raw['output_items']);
    return dialect === 'openai' ? listOf(raw['tool_calls']).flatMap((call) => this.#customCall(call)) : [];
  }

  #customCall({ id, type, custom }: JsonObject): JsonObject[] {
    if (type !== 'custom' || !isObject(custom) || typeof id !== 'string') return [];
    this.#customCalls.add(id);
    return [{ type: 'custom_tool_call', call_id: callIdOf(id), name: custom['name'], input: custom['input'] }];
  }

  #result({ callId, parts, isError }: ToolResultPart): void {
    const output = writeInput(parts);
    this.#items.push({
      type: this.#customCalls.has(callId) ? 'custom_tool_call_output' : 'function_call_output',
      call_id: callIdOf(callId),
      output: isError && typeof output === 'string' ? `Error: ${output}` : output,
    });
  }
}

function callIdOf(id: string): string {
  return id.length > LONGEST_CALL_ID ? derivedCallId(id) : id;
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
