import type { OutwardChat, OutwardDialect, StreamEvent, Target } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import type { ChatRequest } from '../../core/request.ts';
import { writeMessages } from '../openai/chat/write-messages.ts';
import { conversationOf, newTurns } from './conversation.ts';
import { errorWithin, readError } from './errors.ts';
import { objectIn, objectsIn, parsed } from './event-json.ts';
import { aiMessage, GraphMessages } from './langgraph-messages.ts';
import { ownMembers } from './params.ts';
import { AgentReader, answerOf, type AgentWire, type Said } from './said.ts';

const WRITTEN = ['assistant_id', 'input', 'stream_mode', 'thread_id'];

/**
 * A graph on a LangGraph Server, by its name or the id of an assistant. It gets the whole history in OpenAI's words, as LangChain
 * reads it; with a thread that the server keeps, what is new.
 *
 * @see https://docs.langchain.com/langsmith/server-api-ref (2026-11-26)
 */
export const langgraph: OutwardDialect = { name: 'langgraph', chat, mustInline: () => false, error: readError };

function chat(request: ChatRequest, target: Target): OutwardChat {
  const thread = conversationOf(request, 'thread_id');
  const runs = thread === null ? '/runs' : `/threads/${encodeURIComponent(thread)}/runs`;
  const { stream } = request;
  return {
    path: `${runs}/${stream ? 'stream' : 'wait'}`,
    headers: stream ? { accept: 'text/event-stream' } : {},
    body: {
      // A client that leaves ends the run.
      on_disconnect: 'cancel',
      ...(thread === null ? {} : { if_not_exists: 'create' }),
      ...ownMembers(request, target, WRITTEN),
      assistant_id: target.model,
      ...inputOf(request, thread !== null),
      ...(stream ? { stream_mode: ['messages-tuple'] } : {}),
    },
    framing: 'sse',
    answer: (body) => answerOf('langgraph', stateSaid(objectIn(body))),
    reader: () => new AgentReader('langgraph', new LangGraphWire()),
  };
}

/** A command resumes a graph that waits, and takes the place of an input. What the client adds to the state goes with the messages. */
function inputOf({ messages, extras }: ChatRequest, kept: boolean): JsonObject {
  if (extras['command'] !== undefined) return {};
  const added = isObject(extras['input']) ? extras['input'] : {};
  return { input: { ...added, messages: writeMessages(newTurns(messages, kept)) } };
}

/** The state in which the graph ended. */
function stateSaid(state: JsonObject): Said[] {
  const failed = state['__error__'];
  if (failed !== undefined) throw failureIn(failed);
  const all = objectsIn(state['messages']);
  // What this run said follows the last human's message; a graph that cleared its history left its answer alone.
  const asked = all.findLastIndex(({ type }) => type === 'human');
  const messages = new GraphMessages();
  const own = asked === -1 ? all.slice(-1) : all.slice(asked + 1);
  return [...own.flatMap((message) => messages.whole(aiMessage(message))), ...messages.end()];
}

class LangGraphWire implements AgentWire {
  readonly #messages = new GraphMessages();
  #begun = false;

  read({ event, data }: StreamEvent): Said[] {
    this.#begun ||= event === 'metadata' || event === 'messages';
    if (event === 'end') return this.#messages.end();
    if (event === 'error') throw failureIn(parsed(data));
    // Graphs within the graph tell theirs behind a bar.
    if (event !== 'messages' && event?.startsWith('messages|') !== true) return [];
    const [message] = objectsIn(parsed(data));
    if (message === undefined) return [];
    const told = aiMessage(message);
    return message['type'] === 'AIMessageChunk' ? this.#messages.piece(told) : this.#messages.whole(told);
  }

  /** Servers say no end: they close. */
  closed(): Said[] {
    return this.#begun ? this.#messages.end() : [];
  }
}

function failureIn(raw: unknown): ProviderError {
  const { error, message } = isObject(raw) ? raw : { error: raw };
  const words = [error, message].filter((word) => typeof word === 'string' && word !== '').join(': ');
  return errorWithin(500, { message: words || 'The graph failed and did not say why.' });
}
