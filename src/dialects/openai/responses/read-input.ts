import type { JsonObject } from '../../../core/json-object.ts';
import type { MediaPart, Part, ToolCallPart } from '../../../core/parts.ts';
import type { Message } from '../../../core/request.ts';
import { signatureOf, splitCallId } from '../chat/thought-signature.ts';
import { maybe, present, stringAt } from '../request-fields.ts';
import { carriedFields } from './carried-fields.ts';
import { customArguments } from './custom-input.ts';
import { unknownWord, wordAt } from './fields.ts';
import { typeOf } from './input-items.ts';
import { readContent, readOutput } from './read-content.ts';
import { unsealed } from './sealed.ts';
import type { ToolDirectory } from './tool-directory.ts';

export interface InputContext {
  readonly directory: ToolDirectory;
  /** Gets a line for each item that is not passed on. */
  readonly leftOut: string[];
}

/**
 * Items as the history of a chat (data-plane 9.12). What the model said in one go (thoughts, messages, calls) is one turn.
 *
 * @throws {InvalidRequestError} naming the member
 */
export function readInput(items: readonly JsonObject[], context: InputContext): Message[] {
  const reader = new InputReader(context);
  for (const [i, item] of items.entries()) reader.add(item, `input[${i}]`);
  return reader.finish();
}

/** Steps of tools that OpenAI or a client of its own tools ran. */
const OPENAI_STEPS: ReadonlySet<string> = new Set([
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'computer_call',
  'computer_call_output',
  'local_shell_call',
  'local_shell_call_output',
  'shell_call',
  'shell_call_output',
  'apply_patch_call',
  'apply_patch_call_output',
  'tool_search_call',
  'tool_search_output',
  'additional_tools',
  'mcp_list_tools',
  'mcp_approval_request',
  'mcp_approval_response',
  'mcp_call',
  'compaction',
  'compaction_trigger',
  'program',
  'program_output',
]);

const ITEM_TYPES = [
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'reasoning',
  'image_generation_call',
  'item_reference',
];

class InputReader {
  readonly #context: InputContext;
  readonly #messages: Message[] = [];
  /** The turn of the model that still goes on. */
  #turn: Part[] = [];

  constructor(context: InputContext) {
    this.#context = context;
  }

  add(item: JsonObject, param: string): void {
    const type = typeOf(item, param);
    switch (type) {
      case 'message':
        return this.#message(item, param);
      case 'function_call':
      case 'custom_tool_call':
        return this.#say(this.#call(item, type, param), ...carriedFields(item));
      case 'function_call_output':
      case 'custom_tool_call_output':
        return this.#result(item, param);
      case 'reasoning':
        return this.#say(...unsealed(maybe(item['encrypted_content'], `${param}.encrypted_content`, stringAt) ?? ''));
      case 'image_generation_call':
        return this.#say(...imageIn(item, param), ...carriedFields(item));
      default:
        if (!OPENAI_STEPS.has(type)) throw unknownWord(type, `${param}.type`, ITEM_TYPES);
        this.#context.leftOut.push(`${param}: this provider knows no '${type}'`);
    }
  }

  finish(): Message[] {
    this.#endTurn();
    return this.#messages;
  }

  #message(item: JsonObject, param: string): void {
    const role = wordAt(item['role'], `${param}.role`, ['user', 'assistant', 'system', 'developer']);
    const parts = readContent(item['content'], `${param}.content`);
    if (role === 'assistant') return this.#say(...parts, ...carriedFields(item));
    this.#endTurn();
    this.#messages.push({ role, parts });
  }

  #call(item: JsonObject, type: 'function_call' | 'custom_tool_call', param: string): ToolCallPart {
    const { id, signature } = splitCallId(stringAt(item['call_id'], `${param}.call_id`));
    const kind = type === 'function_call' ? 'function' : 'custom';
    const namespace = maybe(item['namespace'], `${param}.namespace`, stringAt);
    const name = this.#context.directory.nameFor({ kind, name: stringAt(item['name'], `${param}.name`), ...present({ namespace }) });
    const text =
      kind === 'function' ? stringAt(item['arguments'], `${param}.arguments`) : customArguments(stringAt(item['input'], `${param}.input`));
    return {
      type: 'tool_call',
      id,
      name,
      arguments: text.trim() === '' ? '{}' : text,
      ...present({ signature: signatureOf(item) ?? signature }),
    };
  }

  #result(item: JsonObject, param: string): void {
    const { id: callId } = splitCallId(stringAt(item['call_id'], `${param}.call_id`));
    const parts = readOutput(item['output'], `${param}.output`);
    this.#endTurn();
    this.#messages.push({ role: 'tool', parts: [{ type: 'tool_result', callId, parts }] });
  }

  #say(...parts: readonly Part[]): void {
    this.#turn.push(...parts);
  }

  #endTurn(): void {
    if (this.#turn.length > 0) this.#messages.push({ role: 'assistant', parts: this.#turn });
    this.#turn = [];
  }
}

/** A picture that the model made. */
function imageIn(item: JsonObject, param: string): MediaPart[] {
  const data = maybe(item['result'], `${param}.result`, stringAt);
  if (data === undefined || data === '') return [];
  const format = maybe(item['output_format'], `${param}.output_format`, stringAt) ?? 'png';
  const signature = signatureOf(item);
  return [{ type: 'media', kind: 'image', source: { type: 'data', data }, mediaType: `image/${format}`, ...present({ signature }) }];
}
