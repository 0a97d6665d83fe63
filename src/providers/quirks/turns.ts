import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import { appended } from './system-text.ts';

type Messages = readonly unknown[];

/** Rules about the order of turns, each a change of the whole list. */
export function withTurns(messages: Messages, quirks: Quirks): Messages {
  let result = messages;
  if (quirks.skipEmptyAssistant) result = result.filter((message) => !isEmptyAssistant(message));
  if (quirks.toolNames) result = withToolNames(result);
  if (quirks.foldSystem) result = withFoldedSystem(result);
  if (quirks.alternate) result = withAlternation(result);
  if (quirks.assistantBetweenToolAndUser) result = withAssistantBetween(result);
  if (quirks.prefillPrefix) result = withPrefix(result);
  return result;
}

function roleOf(message: unknown): unknown {
  return isObject(message) ? message['role'] : undefined;
}

function isEmptyAssistant(message: unknown): boolean {
  if (!isObject(message) || message['role'] !== 'assistant') return false;
  const { content, tool_calls: calls } = message;
  const silent = content === undefined || content === null || content === '' || (Array.isArray(content) && content.length === 0);
  return silent && !(Array.isArray(calls) && calls.length > 0);
}

/** A tool turn without a name gets the one of the call it answers. */
function withToolNames(messages: Messages): Messages {
  const names = new Map<unknown, unknown>();
  return messages.map((message) => {
    if (!isObject(message)) return message;
    for (const call of Array.isArray(message['tool_calls']) ? (message['tool_calls'] as unknown[]) : []) {
      if (isObject(call) && isObject(call['function'])) names.set(call['id'], call['function']['name']);
    }
    const name = names.get(message['tool_call_id']);
    return message['role'] === 'tool' && message['name'] === undefined && name !== undefined ? { ...message, name } : message;
  });
}

/** System text in front of the first user turn's own, which keeps its parts. */
function withFoldedSystem(messages: Messages): Messages {
  const isSystem = (message: unknown): boolean => roleOf(message) === 'system' || roleOf(message) === 'developer';
  const texts = messages.filter(isSystem).flatMap((message) => (isObject(message) ? textsOf(message['content']) : []));
  const others = messages.filter((message) => !isSystem(message));
  if (texts.length === 0) return messages;
  const text = texts.join('\n\n');
  const at = others.findIndex((message) => roleOf(message) === 'user');
  const user = others[at];
  if (!isObject(user)) return [{ role: 'user', content: text }, ...others];
  const { content } = user;
  const folded = Array.isArray(content) ? [{ type: 'text', text }, ...content] : appended(text, typeof content === 'string' ? content : '');
  return others.with(at, { ...user, content: folded });
}

function textsOf(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => (isObject(part) && typeof part['text'] === 'string' ? [part['text']] : []));
}

/** Neighbours of one role become one turn; the first after the system turns is the user's. */
function withAlternation(messages: Messages): Messages {
  const result: unknown[] = [];
  for (const message of messages) {
    const last = result.at(-1);
    const role = roleOf(message);
    if (isObject(message) && isObject(last) && last['role'] === role && (role === 'user' || role === 'assistant')) {
      result[result.length - 1] = { ...last, content: joined(last['content'], message['content']) };
    } else result.push(message);
  }
  const first = result.findIndex((message) => roleOf(message) !== 'system');
  return roleOf(result[first]) === 'assistant' ? result.toSpliced(first, 0, { role: 'user', content: ' ' }) : result;
}

function joined(before: unknown, after: unknown): unknown {
  if (Array.isArray(after)) return [...(Array.isArray(before) ? before : [{ type: 'text', text: textOf(before) }]), ...after];
  return appended(before, textOf(after));
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : '';
}

/** The shortest assistant turn that is no answer of its own. */
const ACKNOWLEDGED: JsonObject = { role: 'assistant', content: 'OK.' };

function withAssistantBetween(messages: Messages): Messages {
  return messages.flatMap((message, index) =>
    roleOf(message) === 'user' && roleOf(messages[index - 1]) === 'tool' ? [ACKNOWLEDGED, message] : [message],
  );
}

function withPrefix(messages: Messages): Messages {
  const last = messages.at(-1);
  return isObject(last) && last['role'] === 'assistant' && !('tool_calls' in last)
    ? messages.with(messages.length - 1, { ...last, prefix: true })
    : messages;
}
