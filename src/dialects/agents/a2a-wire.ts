import type { StreamEvent } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { partsIn, type A2aParts } from './a2a-parts.ts';
import { stateFailure, rpcFailure } from './a2a-errors.ts';
import { eventObject, objectsIn } from './event-json.ts';
import type { AgentWire, Said } from './said.ts';

/** What a result is about, and the thing itself: the older version says it in `kind`, the newer by the member it stands in. */
const MEMBERS = { task: 'task', message: 'message', statusUpdate: 'status-update', artifactUpdate: 'artifact-update' } as const;

/** Reads the results of an agent: one task or message, or the events of a stream. Both versions of the protocol. */
export class A2aWire implements AgentWire {
  /** Notes on the way: thoughts, and the answer of an agent that says nothing else. */
  readonly #notes: string[] = [];
  readonly #texts: string[] = [];
  readonly #data: unknown[] = [];
  #known = false;

  read({ data }: StreamEvent): Said[] {
    return this.#said(resultIn(eventObject(data)));
  }

  whole(body: JsonObject): Said[] {
    const said = this.#said(resultIn(body));
    if (said.some(({ type }) => type === 'finish')) return said;
    throw stateFailure('working', '');
  }

  #said({ kind, result }: { kind: string; result: JsonObject }): Said[] {
    switch (kind) {
      case 'message':
        return [...this.#ids(result), ...this.#content(wordOf(result['messageId']), result['parts'], 'text_so_far'), ...this.#end('stop')];
      case 'task':
        return this.#task(result);
      case 'status-update':
        return [...this.#ids(result), ...this.#status(result['status'], result['final'] === true)];
      case 'artifact-update':
        return [...this.#ids(result), ...this.#artifact(result['artifact'], result['append'] === true ? 'text' : 'text_so_far')];
      default:
        throw new MalformedAnswerError('The agent answered with something other than a task or a message.', 'shape');
    }
  }

  #task(task: JsonObject): Said[] {
    const history = objectsIn(task['history']);
    const asked = history.findLastIndex(({ role }) => role === 'user' || role === 'ROLE_USER');
    return [
      ...this.#ids({ ...task, taskId: task['id'] }),
      ...history.slice(asked + 1).flatMap((message) => this.#note(partsIn(message['parts']).text)),
      ...objectsIn(task['artifacts']).flatMap((artifact) => this.#artifact(artifact, 'text_so_far')),
      ...this.#status(task['status'], false),
    ];
  }

  /** Under what names the agent keeps task and context, once. */
  #ids({ taskId, contextId, messageId }: JsonObject): Said[] {
    if (this.#known) return [];
    this.#known = true;
    const id = wordOf(taskId) || wordOf(messageId);
    const facts = {
      ...(typeof contextId === 'string' ? { context_id: contextId } : {}),
      ...(typeof taskId === 'string' ? { task_id: taskId } : {}),
    };
    return [
      ...(id === '' ? [] : [{ type: 'begin' as const, id }]),
      ...(Object.keys(facts).length === 0 ? [] : [{ type: 'beside' as const, facts }]),
    ];
  }

  #artifact(raw: unknown, how: 'text' | 'text_so_far'): Said[] {
    const artifact = isObject(raw) ? raw : {};
    return this.#content(`artifact ${wordOf(artifact['artifactId'])}`, artifact['parts'], how);
  }

  #content(of: string, parts: unknown, how: 'text' | 'text_so_far'): Said[] {
    const { text, media, data }: A2aParts = partsIn(parts);
    this.#data.push(...data);
    if (text !== '') this.#texts.push(text);
    return [{ type: how, of, text }, ...media.map((medium): Said => ({ type: 'media', media: medium }))];
  }

  #status(raw: unknown, final: boolean): Said[] {
    const { state: word, message } = isObject(raw) ? raw : {};
    const { text } = partsIn(isObject(message) ? message['parts'] : []);
    const state = wordOf(word)
      .replace(/^TASK_STATE_/, '')
      .toLowerCase()
      .replaceAll('_', '-');
    switch (state) {
      case 'completed':
        return [...this.#lastWord(text), ...this.#end('stop')];
      case 'input-required':
      case 'auth-required':
        return [...this.#lastWord(text), ...this.#end(state)];
      case 'failed':
      case 'canceled':
      case 'rejected':
        throw stateFailure(state, text);
      default:
        return [...this.#note(text), ...(final ? this.#end('stop') : [])];
    }
  }

  #note(text: string): Said[] {
    if (text === '' || this.#notes.includes(text)) return [];
    this.#notes.push(text);
    return [{ type: 'thought', text: `${text}\n` }];
  }

  /** What stands beside the last state: often the same as an artifact. */
  #lastWord(text: string): Said[] {
    if (text === '' || this.#texts.includes(text)) return [];
    this.#texts.push(text);
    return [{ type: 'text', of: 'status', text }];
  }

  #end(native: string): Said[] {
    return [
      ...(this.#texts.length === 0 ? [{ type: 'text' as const, of: 'status', text: this.#insteadOfText() }] : []),
      ...(this.#data.length === 0 ? [] : [{ type: 'beside' as const, facts: { data: this.#data } }]),
      { type: 'finish', finish: native === 'stop' ? { reason: 'stop' } : { reason: 'stop', native } },
    ];
  }

  #insteadOfText(): string {
    return this.#data.length > 0 ? this.#data.map((data) => JSON.stringify(data)).join('\n\n') : this.#notes.join('\n\n');
  }
}

/** @throws {ProviderError} for an error in place of a result */
function resultIn(body: JsonObject): { kind: string; result: JsonObject } {
  const { error, result } = body;
  if (isObject(error)) throw rpcFailure(error);
  if (!isObject(result)) throw new MalformedAnswerError('The agent answered with neither a result nor an error.', 'shape');
  for (const [member, kind] of Object.entries(MEMBERS)) {
    const inner = result[member];
    if (isObject(inner) && result['kind'] === undefined) return { kind, result: inner };
  }
  return { kind: wordOf(result['kind']), result };
}
