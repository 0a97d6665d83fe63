import type { JsonObject } from '../../../core/json-object.ts';
import { present } from '../request-fields.ts';
import { CustomText } from './custom-text.ts';
import { OutputItem } from './output-item.ts';
import type { ToldTool } from './tool-directory.ts';

/** The call of a tool, whose arguments come in pieces. */
export abstract class CallItem extends OutputItem {
  abstract add(text: string): void;
  /** The call is whole: completed, unless it was cut off. */
  abstract finish(): void;
}

/** @param prefixes item ids by what the tool is */
export function callItem(id: (prefix: 'fc' | 'ctc') => string, callId: string, tool: ToldTool): CallItem {
  return tool.kind === 'custom' ? new CustomCallItem(id('ctc'), callId, tool) : new FunctionCallItem(id('fc'), callId, tool);
}

class FunctionCallItem extends CallItem {
  readonly #name: string;
  #arguments = '';

  constructor(id: string, callId: string, { name, namespace }: ToldTool) {
    super({ id, type: 'function_call', status: 'in_progress', arguments: '', call_id: callId, name, ...present({ namespace }) });
    this.#name = name;
  }

  override add(text: string): void {
    if (text === '' || this.ended) return;
    this.#arguments += text;
    this.tellDelta({ type: 'response.function_call_arguments.delta' }, text);
  }

  override finish(): void {
    this.end(this.#arguments === '' || isJson(this.#arguments) ? 'completed' : 'incomplete');
  }

  protected override members(): JsonObject {
    return { arguments: this.#arguments };
  }

  /** A call without arguments has an empty object. */
  protected override close(): void {
    if (this.#arguments.trim() === '') this.add('{}');
    this.tell({ type: 'response.function_call_arguments.done', name: this.#name, arguments: this.#arguments });
  }
}

/** Its text lies inside of the arguments. */
class CustomCallItem extends CallItem {
  readonly #text = new CustomText();
  #input = '';

  constructor(id: string, callId: string, { name, namespace }: ToldTool) {
    super({ id, type: 'custom_tool_call', status: 'in_progress', call_id: callId, name, input: '', ...present({ namespace }) });
  }

  override get waiting(): number {
    return this.#text.held + super.waiting;
  }

  override add(text: string): void {
    if (!this.ended) this.#say(this.#text.push(text));
  }

  override finish(): void {
    this.#say(this.#text.end());
    this.end(this.#text.isWhole ? 'completed' : 'incomplete');
  }

  protected override members(): JsonObject {
    return { input: this.#input };
  }

  protected override close(): void {
    this.#say(this.#text.end());
    this.tell({ type: 'response.custom_tool_call_input.done', input: this.#input });
  }

  #say(text: string): void {
    if (text === '') return;
    this.#input += text;
    this.tellDelta({ type: 'response.custom_tool_call_input.delta' }, text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
