import type { OutwardChat, OutwardDialect, StreamEvent, Target } from '../../core/dialect.ts';
import { isObject, printed, wordOf, type JsonObject } from '../../core/json-object.ts';
import type { MediaPart } from '../../core/parts.ts';
import { MalformedAnswerError, type ProviderError } from '../../core/provider-error.ts';
import type { ChatRequest } from '../../core/request.ts';
import { isTokenCount } from '../../core/usage.ts';
import { conversationOf, newTurns, turnsOf, urlOfMedium, type Turn } from './conversation.ts';
import { errorWithin, factsIn, readError } from './errors.ts';
import { eventObject, objectIn } from './event-json.ts';
import { ownMembers } from './params.ts';
import { AgentReader, type AgentWire, type Said } from './said.ts';

/**
 * A bot of Coze, by its id. Without a stream Coze answers that the bot is at work and wants to be asked again, so every bot is asked
 * for one.
 *
 * @see https://www.coze.com/docs/developer_guides/chat_v3 (2026-11-26)
 */
export const coze: OutwardDialect = { name: 'coze', chat, mustInline: () => false, error: readError };

const NOBODY = 'llm-gateway';

const WRITTEN = ['bot_id', 'user_id', 'stream', 'additional_messages'];

/** Messages that one question may bring along. */
const MOST_MESSAGES = 100;

function chat(request: ChatRequest, target: Target): OutwardChat {
  const conversation = conversationOf(request);
  const turns = turnsOf(newTurns(request.messages, conversation !== null));
  return {
    path: `/v3/chat${conversation === null ? '' : `?conversation_id=${encodeURIComponent(conversation)}`}`,
    headers: { accept: 'text/event-stream' },
    body: {
      // What is asked without a conversation shall leave none behind.
      ...(conversation === null ? { auto_save_history: false } : {}),
      ...ownMembers(request, target, WRITTEN),
      bot_id: target.model,
      user_id: request.user ?? NOBODY,
      stream: true,
      additional_messages: turns.slice(-MOST_MESSAGES).map(messageOf),
    },
    framing: 'sse',
    streamsOnly: true,
    answer: (body) => {
      throw refusalIn(objectIn(body));
    },
    reader: () => new AgentReader('coze', new CozeWire()),
  };
}

function messageOf({ role, text, media }: Turn): JsonObject {
  const type = role === 'user' ? 'question' : 'answer';
  if (media.length === 0) return { role, type, content: text, content_type: 'text' };
  const items = [...(text === '' ? [] : [{ type: 'text', text }]), ...media.map(itemOf)];
  return { role, type, content: JSON.stringify(items), content_type: 'object_string' };
}

function itemOf(medium: MediaPart): JsonObject {
  return { type: medium.kind === 'image' || medium.kind === 'audio' ? medium.kind : 'file', file_url: urlOfMedium(medium, 'Coze') };
}

class CozeWire implements AgentWire {
  read({ event, data }: StreamEvent): Said[] {
    if (event === 'done') return [];
    return this.#said(event, eventObject(data));
  }

  #said(event: string | null, data: JsonObject): Said[] {
    switch (event) {
      case 'conversation.chat.created':
      case 'conversation.chat.in_progress':
        return beginOf(data);
      case 'conversation.message.delta':
        return [...thoughtIn(data), ...answerIn(data, 'text')];
      case 'conversation.message.completed':
        return answerIn(data, 'text_so_far');
      case 'conversation.chat.completed':
        return endOf(data);
      case 'conversation.chat.requires_action':
        throw errorWithin(400, {
          message: 'The bot waits for the result of a tool on the side of its client, which this interface cannot give.',
        });
      case 'conversation.chat.failed':
        throw failureOf(data['last_error']);
      case 'error':
        throw failureOf(data);
      default:
        return [];
    }
  }
}

function beginOf({ id, created_at: created }: JsonObject): Said[] {
  return typeof id === 'string' ? [{ type: 'begin', id, ...(typeof created === 'number' ? { created } : {}) }] : [];
}

function thoughtIn({ reasoning_content: thought }: JsonObject): Said[] {
  return [{ type: 'thought', text: wordOf(thought) }];
}

/** Calls, their results, suggestions and marks of the end are messages too, and no answer. */
function answerIn({ id, type, content }: JsonObject, how: 'text' | 'text_so_far'): Said[] {
  return type === 'answer' ? [{ type: how, of: wordOf(id), text: wordOf(content) }] : [];
}

function endOf({ conversation_id: conversation, usage }: JsonObject): Said[] {
  const { input_count: input, output_count: output } = isObject(usage) ? usage : {};
  return [
    ...(typeof conversation === 'string' ? [{ type: 'beside' as const, facts: { conversation_id: conversation } }] : []),
    { type: 'finish', finish: { reason: 'stop' } },
    ...(isTokenCount(input) && isTokenCount(output)
      ? [{ type: 'usage' as const, usage: { inputTokens: input, outputTokens: output, raw: usage } }]
      : []),
  ];
}

/** @see https://www.coze.com/docs/developer_guides/coze_error_codes (2026-11-26) */
const STATUS_OF_CODE: Readonly<Record<number, number>> = {
  4011: 402,
  4013: 429,
  4019: 402,
  4027: 402,
  4028: 429,
  4100: 401,
  4101: 403,
  4200: 404,
  700012006: 401,
};

/** One body in place of a stream: a refusal, with status 200 like everything else. */
function refusalIn(body: JsonObject): ProviderError {
  if (body['code'] === 0) return new MalformedAnswerError('Coze sent no stream although one was asked for.', 'shape');
  return failureOf(body);
}

function failureOf(raw: unknown): ProviderError {
  const body = isObject(raw) ? raw : {};
  const code = Number(printed(body['code'] ?? null));
  const status = STATUS_OF_CODE[code] ?? (code >= 4000 && code < 5000 ? 400 : 500);
  const facts = factsIn(body) ?? { message: 'The bot failed and did not say why.' };
  return errorWithin(status, { ...facts, ...(Number.isNaN(code) ? {} : { fields: { code } }) });
}
