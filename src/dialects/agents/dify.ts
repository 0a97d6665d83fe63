import type { OutwardChat, OutwardDialect, StreamEvent, Target } from '../../core/dialect.ts';
import { isObject, wordOf, type JsonObject } from '../../core/json-object.ts';
import type { MediaPart } from '../../core/parts.ts';
import type { ProviderError } from '../../core/provider-error.ts';
import type { ChatRequest } from '../../core/request.ts';
import { isOddlyCounted, isTokenCount, type Usage } from '../../core/usage.ts';
import { plainDecimal } from '../plain-decimal.ts';
import { ThinkTags, type TaggedPiece } from '../think-tags.ts';
import { askedIn, conversationOf, newTurns, urlOfMedium } from './conversation.ts';
import { errorWithin, factsIn, readError } from './errors.ts';
import { eventObject, objectIn, objectsIn } from './event-json.ts';
import { ownMembers } from './params.ts';
import { AgentReader, answerOf, type AgentWire, type Said } from './said.ts';

/**
 * An app of Dify: a question, and an answer in a conversation that Dify keeps. The key says which app. Agents answer by a stream
 * alone, so every app is asked for one.
 *
 * @see https://docs.dify.ai/api-reference/chats/send-chat-message (2026-11-26)
 */
export const dify: OutwardDialect = { name: 'dify', chat, mustInline: () => false, error: readError };

/** Whom Dify's own statistics count the questions of clients for that name no user. */
const NOBODY = 'llm-gateway';

const WRITTEN = ['query', 'user', 'response_mode', 'files'];

function chat(request: ChatRequest, target: Target): OutwardChat {
  const conversation = conversationOf(request);
  const { text, media } = askedIn(newTurns(request.messages, conversation !== null));
  const files = [...objectsIn(request.extras['files']), ...media.map(fileOf)];
  return {
    path: '/chat-messages',
    headers: { accept: 'text/event-stream' },
    body: {
      inputs: {},
      ...ownMembers(request, target, WRITTEN),
      query: text,
      user: request.user ?? NOBODY,
      response_mode: 'streaming',
      ...(conversation === null ? {} : { conversation_id: conversation }),
      ...(files.length === 0 ? {} : { files }),
    },
    framing: 'sse',
    streamsOnly: true,
    answer: (body) => answerOf('dify', new DifyWire().whole(objectIn(body))),
    reader: () => new AgentReader('dify', new DifyWire()),
  };
}

const FILE_TYPES = { image: 'image', audio: 'audio', video: 'video', file: 'document' } as const;

function fileOf(medium: MediaPart): JsonObject {
  return { type: FILE_TYPES[medium.kind], transfer_method: 'remote_url', url: urlOfMedium(medium, 'Dify') };
}

class DifyWire implements AgentWire {
  readonly #tags = new ThinkTags();
  /** Moderation put a reply of its own in place of the answer. */
  #replaced = false;

  read({ data }: StreamEvent): Said[] {
    const event = eventObject(data);
    return [...beginOf(event), ...this.#said(event)];
  }

  /** An answer of `response_mode: blocking`. */
  whole(body: JsonObject): Said[] {
    return [...beginOf(body), ...this.#answer(body['answer']), ...this.#end(body)];
  }

  #said(event: JsonObject): Said[] {
    switch (event['event']) {
      case 'message':
      case 'agent_message':
        return this.#answer(event['answer']);
      case 'message_replace':
        this.#replaced = true;
        return [...said(this.#tags.end()), { type: 'text', of: 'replacement', text: wordOf(event['answer']) }];
      case 'message_file':
        return mediumOf(event);
      case 'message_end':
        return this.#end(event);
      case 'error':
        throw failureIn(event);
      default:
        return [];
    }
  }

  #answer(text: unknown): Said[] {
    return said(this.#tags.push(wordOf(text)));
  }

  #end({ conversation_id: conversation, metadata }: JsonObject): Said[] {
    const { usage, retriever_resources: sources } = isObject(metadata) ? metadata : {};
    const found = objectsIn(sources);
    const counted = usageOf(usage);
    return [
      ...said(this.#tags.end()),
      ...(typeof conversation === 'string' ? [{ type: 'beside' as const, facts: { conversation_id: conversation } }] : []),
      ...(found.length === 0 ? [] : [{ type: 'beside' as const, facts: { retriever_resources: found } }]),
      { type: 'finish', finish: this.#replaced ? { reason: 'content_filter', native: 'message_replace' } : { reason: 'stop' } },
      ...(counted ? [{ type: 'usage' as const, usage: counted }] : []),
    ];
  }
}

function said(pieces: readonly TaggedPiece[]): Said[] {
  return pieces.map(({ type, text }) => (type === 'reasoning' ? { type: 'thought', text } : { type: 'text', of: 'answer', text }));
}

function beginOf({ message_id: id, created_at: created }: JsonObject): Said[] {
  return typeof id === 'string' ? [{ type: 'begin', id, ...(typeof created === 'number' ? { created } : {}) }] : [];
}

function mediumOf({ type, url, belongs_to: owner }: JsonObject): Said[] {
  if (typeof url !== 'string' || owner === 'user') return [];
  const kind = type === 'image' || type === 'audio' || type === 'video' ? type : 'file';
  return [{ type: 'media', media: { type: 'media', kind, source: { type: 'url', url } } }];
}

function failureIn(event: JsonObject): ProviderError {
  const { status } = event;
  const meant = typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
  return errorWithin(meant, factsIn(event) ?? { message: 'The app failed and did not say why.' });
}

function usageOf(raw: unknown): Usage | null {
  if (!isObject(raw)) return null;
  const { prompt_tokens: input, completion_tokens: output, total_price: price, currency } = raw;
  if (isOddlyCounted(input, output) || !isTokenCount(input) || !isTokenCount(output)) return null;
  const cost = currency === 'USD' ? plainDecimal(price) : undefined;
  return { inputTokens: input, outputTokens: output, ...(cost === undefined ? {} : { reportedCost: cost }), raw };
}
