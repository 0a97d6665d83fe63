import type { OutwardChat, OutwardDialect, StreamEvent, Target } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import type { ChatRequest } from '../../core/request.ts';
import { isTokenCount } from '../../core/usage.ts';
import { askedIn, conversationOf, newTurns, refuseMedia } from './conversation.ts';
import { errorWithin, factsIn, readError } from './errors.ts';
import { eventObject, objectIn, objectsIn } from './event-json.ts';
import { ownMembers } from './params.ts';
import { AgentReader, answerOf, type AgentWire, type Said } from './said.ts';

const WRITTEN = ['input_value', 'session_id'];

/**
 * A flow of Langflow, by its id or the name of its endpoint: one text in, the text of its chat output out. Its stream is JSON lines.
 *
 * @param newId a name that nobody else has: without a session of its own a call would share one with all others of the flow
 * @see https://docs.langflow.org/api-flows-run (2026-11-26)
 */
export function createLangflow(newId: () => string): OutwardDialect {
  return { name: 'langflow', chat: (request, target) => chat(request, target, newId), mustInline: () => false, error: readError };
}

function chat(request: ChatRequest, target: Target, newId: () => string): OutwardChat {
  const session = conversationOf(request, 'session_id');
  const { text, media } = askedIn(newTurns(request.messages, session !== null));
  refuseMedia(media, 'Langflow');
  return {
    path: `/api/v1/run/${encodeURIComponent(target.model)}?stream=${request.stream}`,
    headers: {},
    body: {
      input_type: 'chat',
      output_type: 'chat',
      ...ownMembers(request, target, WRITTEN),
      input_value: text,
      session_id: session ?? newId(),
    },
    framing: 'ndjson',
    answer: (body) => answerOf('langflow', resultSaid(objectIn(body))),
    reader: () => new AgentReader('langflow', new LangflowWire()),
  };
}

class LangflowWire implements AgentWire {
  read({ data: line }: StreamEvent): readonly Said[] {
    const { event, data } = eventObject(line);
    const facts = isObject(data) ? data : {};
    switch (event) {
      case 'token':
        return [{ type: 'text', of: wordOf(facts['id']), text: wordOf(facts['chunk']) }];
      case 'error':
        throw failureIn(facts);
      case 'end':
        return resultSaid(isObject(facts['result']) ? facts['result'] : {});
      default:
        return [];
    }
  }
}

/** What the outputs of a run say, as far as its tokens did not. */
function resultSaid({ outputs, session_id: session }: JsonObject): Said[] {
  const messages = objectsIn(outputs).flatMap((run) => objectsIn(run['outputs']).map(messageIn));
  return [
    ...messages.map(({ id, text }): Said => ({ type: 'text_so_far', of: id, text })),
    ...(typeof session === 'string' ? [{ type: 'beside' as const, facts: { session_id: session } }] : []),
    { type: 'finish', finish: { reason: 'stop' } },
    ...usageOf(messages.map(({ usage }) => usage)),
  ];
}

interface FlowMessage {
  readonly id: string;
  readonly text: string;
  readonly usage: JsonObject;
}

/** The message of one output: older servers tell it in other places. */
function messageIn({ results, outputs, messages }: JsonObject): FlowMessage {
  const result = objectAt(results, 'message');
  const data = isObject(result['data']) ? result['data'] : {};
  const told = objectAt(outputs, 'message')['message'];
  const texts = [result['text'], data['text'], told, objectAt({ told }, 'told')['text'], objectsIn(messages)[0]?.['message']];
  const properties = objectAt(result, 'properties');
  return {
    id: wordOf(result['id']) || wordOf(data['id']),
    text: texts.map(wordOf).find((text) => text !== '') ?? '',
    usage: objectAt(properties, 'usage'),
  };
}

function objectAt(value: unknown, name: string): JsonObject {
  const member = isObject(value) ? value[name] : undefined;
  return isObject(member) ? member : {};
}

/** Newer servers count; of several outputs only when each tells. */
function usageOf(told: readonly JsonObject[]): Said[] {
  let [inputTokens, outputTokens] = [0, 0];
  for (const { input_tokens: input, output_tokens: output } of told) {
    if (!isTokenCount(input) || !isTokenCount(output)) return [];
    inputTokens += input;
    outputTokens += output;
  }
  return told.length === 0 ? [] : [{ type: 'usage', usage: { inputTokens, outputTokens, raw: told } }];
}

function failureIn(facts: JsonObject): ProviderError {
  return errorWithin(500, factsIn({ message: facts['text'], ...facts }) ?? { message: 'The flow failed and did not say why.' });
}
