import { wordOf, type JsonObject } from '../../../core/json-object.ts';
import type { AnswerState } from './answer-state.ts';
import type { OpenItem } from './item-progress.ts';
import { OpenCall } from './open-call.ts';
import { OpenMessage } from './open-message.ts';
import { OpenReasoning } from './open-reasoning.ts';
import { OpenStep } from './open-step.ts';

/** @param item as it was announced */
export function openItem(item: JsonObject, state: AnswerState): OpenItem {
  switch (item['type']) {
    case 'message':
      return new OpenMessage(state);
    case 'reasoning':
      return new OpenReasoning(state);
    case 'function_call':
      return new OpenCall(state);
    default:
      return new OpenStep(state);
  }
}

/** Events that may come although nobody announced their item: the kind of item that they belong to. */
export function kindOfEvent(event: string): string | null {
  if (/^(output_text|refusal|content_part)\./.test(event)) return 'message';
  if (event.startsWith('reasoning')) return 'reasoning';
  return event.startsWith('function_call_arguments.') ? 'function_call' : null;
}

/** Name of an event without the word that all have. */
export function eventName(type: unknown): string {
  return wordOf(type).replace(/^response\./, '');
}
