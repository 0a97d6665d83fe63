import type { StreamPart, StreamPartOf } from '../../../core/answer.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { Usage } from '../../../core/usage.ts';
import { sealed } from '../../marked-proof.ts';
import { present } from '../request-fields.ts';
import { writeUsage } from '../usage.ts';
import type { AnswerShape } from './answer.ts';
import { signatureMember } from './thought-signature.ts';
import { nativeFinish, writeAnswerMedia, writeCitation, writeNative } from './write-parts.ts';

export interface StreamShape extends AnswerShape {
  /** The client asked for usage: one chunk with `choices: []` before the end. */
  readonly includeUsage: boolean;
  /** Thinking goes out as `thinking_blocks` pieces too (upstream is Anthropic or Bedrock). */
  readonly thinkingBlocks?: boolean;
}

interface ChoiceState {
  begun: boolean;
  /** Thoughts of the open block, told again with its signature when they did not go out as pieces. */
  thoughts: string;
  images: number;
  /** Whether the call of this index got arguments. */
  readonly calls: Map<number, boolean>;
}

/**
 * Writes a chat-completions stream (data-plane 10.2, 10.3, 19.13): parts in, text of server-sent events out. The first
 * delta of a choice has its role and empty content, the last one is empty beside the finish reason; members that would be
 * null are left out.
 */
export class ChatStreamWriter {
  readonly #shape: StreamShape;
  readonly #choices = new Map<number, ChoiceState>();
  /** Everything before `choices`, the same in all chunks of the stream. */
  #head: string | null = null;
  #usage: Usage | null = null;

  constructor(shape: StreamShape) {
    this.#shape = shape;
  }

  /** @returns events to append, `''` when the part says nothing to the client */
  write(part: StreamPart): string {
    if (part.type === 'usage') {
      this.#usage = part.usage;
      return '';
    }
    if (part.type === 'start') return this.#start(part);
    const index = part.choice ?? 0;
    const state = this.#choice(index);
    const opening = state.begun ? '' : this.#open(index, state);
    return opening + (part.type === 'finish' ? this.#finish(part, index, state) : this.#content(part, index, state));
  }

  /** The end of the stream: usage when asked for, then `[DONE]`. @param counted usage counted by us, when the provider gave none */
  finish(counted?: Usage): string {
    const usage = this.#usage ?? counted;
    const opening = this.#choices.size === 0 ? this.write({ type: 'finish', finish: { reason: 'stop' } }) : '';
    const last = this.#shape.includeUsage && usage ? `${this.#begin()}"choices":[],"usage":${JSON.stringify(writeUsage(usage))}}\n\n` : '';
    return `${opening}${last}data: [DONE]\n\n`;
  }

  #start({ id, created, extras }: StreamPartOf<'start'>): string {
    this.#head ??= headText({ ...this.#shape, ...present({ id, created }) }, extras);
    const state = this.#choice(0);
    return state.begun ? '' : this.#open(0, state);
  }

  #begin(): string {
    return (this.#head ??= headText(this.#shape, undefined));
  }

  #choice(index: number): ChoiceState {
    const known = this.#choices.get(index);
    if (known) return known;
    const made: ChoiceState = { begun: false, thoughts: '', images: 0, calls: new Map() };
    this.#choices.set(index, made);
    return made;
  }

  #open(index: number, state: ChoiceState): string {
    state.begun = true;
    return this.#chunk(index, { role: 'assistant', content: '' });
  }

  #chunk(index: number, delta: JsonObject, beside: JsonObject = {}): string {
    return `${this.#begin()}"choices":[${JSON.stringify({ index, delta, ...beside })}]}\n\n`;
  }

  #content(part: Exclude<StreamPart, { type: 'start' | 'usage' | 'finish' }>, index: number, state: ChoiceState): string {
    switch (part.type) {
      case 'text_delta':
        return part.text === '' && part.logprobs === undefined
          ? ''
          : this.#chunk(index, { content: part.text }, present({ logprobs: part.logprobs }));
      case 'reasoning_delta':
        return this.#chunk(index, this.#thought(part.text, state));
      case 'reasoning_signature':
        return this.#chunk(index, {
          thinking_blocks: [{ type: 'thinking', thinking: takeThoughts(state), signature: sealed(part.origin, part.signature) }],
        });
      case 'reasoning_encrypted':
        return this.#chunk(index, { thinking_blocks: [{ type: 'redacted_thinking', data: sealed(part.origin, part.encrypted) }] });
      case 'tool_call_start':
        state.calls.set(part.index, false);
        return this.#callStart(part, index);
      case 'tool_call_delta':
        if (part.arguments === '') return '';
        state.calls.set(part.index, true);
        return this.#callArguments(part.index, part.arguments, index);
      case 'tool_call_end':
        return state.calls.get(part.index) === false
          ? this.#content({ type: 'tool_call_delta', index: part.index, arguments: '{}' }, index, state)
          : '';
      case 'refusal_delta':
        return this.#chunk(index, { refusal: part.text });
      case 'citation':
        return this.#chunk(index, { annotations: [writeCitation(part.citation)] });
      case 'media':
        return this.#unlessEmpty(index, writeAnswerMedia(part.media, part.media.kind === 'image' ? state.images++ : 0));
      case 'native':
      default:
        return this.#unlessEmpty(index, writeNative(part.native));
    }
  }

  #unlessEmpty(index: number, delta: JsonObject): string {
    return Object.keys(delta).length === 0 ? '' : this.#chunk(index, delta);
  }

  #thought(text: string, state: ChoiceState): JsonObject {
    if (this.#shape.thinkingBlocks)
      return { reasoning_content: text, thinking_blocks: [{ type: 'thinking', thinking: text, signature: null }] };
    state.thoughts += text;
    return { reasoning_content: text };
  }

  #callStart(part: StreamPartOf<'tool_call_start'>, index: number): string {
    const called = { name: part.name, arguments: '' };
    if (this.#shape.legacyFunctions) return part.index === 0 ? this.#chunk(index, { function_call: called }) : '';
    return this.#chunk(index, {
      tool_calls: [{ index: part.index, id: part.id, type: 'function', function: called, ...signatureMember(part.signature) }],
    });
  }

  #callArguments(call: number, text: string, index: number): string {
    if (this.#shape.legacyFunctions) return call === 0 ? this.#chunk(index, { function_call: { arguments: text } }) : '';
    return this.#chunk(index, { tool_calls: [{ index: call, function: { arguments: text } }] });
  }

  #finish({ finish }: StreamPartOf<'finish'>, index: number, state: ChoiceState): string {
    const reason = finish.reason === 'stop' && state.calls.size > 0 ? 'tool_calls' : finish.reason;
    const word = this.#shape.legacyFunctions && reason === 'tool_calls' ? 'function_call' : reason;
    return this.#chunk(index, {}, { finish_reason: word, ...nativeFinish(finish) });
  }
}

function takeThoughts(state: ChoiceState): string {
  const { thoughts } = state;
  state.thoughts = '';
  return thoughts;
}

function headText({ id, created, model }: AnswerShape, extras: Readonly<Record<string, unknown>> | undefined): string {
  return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...extras }).slice(0, -1)},`;
}
