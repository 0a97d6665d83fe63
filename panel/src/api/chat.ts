import { ApiError, errorOf, send } from './client.ts';
import { eventData } from './event-stream.ts';
import { readSession } from './session.ts';
import { t } from '../i18n/texts.ts';

export interface ImagePart {
  readonly type: 'image_url';
  readonly image_url: { readonly url: string };
}
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}
export interface ToolCallPart {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** A message as `/v1/chat/completions` takes it. */
export type Message =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | readonly (TextPart | ImagePart)[] }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: readonly ToolCallPart[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

/** A body of `/v1/chat/completions`: what the page sets, and what the reader added. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly [name: string]: unknown;
}

export interface ChatUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
}

/** What one event of the stream adds. */
export interface ChatChunk {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly reasoning_content?: string | null;
      readonly tool_calls?:
        | readonly {
            readonly index?: number;
            readonly id?: string | null;
            readonly function?: { readonly name?: string | null; readonly arguments?: string | null };
          }[]
        | null;
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: ChatUsage | null;
  readonly error?: unknown;
}

/** What the headers tell of the call before its answer is there. */
export interface ChatStart {
  readonly callId: string | null;
  /** Deployment that answers. */
  readonly deployment: string | null;
}

export interface ChatReader {
  onStart(start: ChatStart): void;
  /** All that one read brought. */
  onChunks(chunks: readonly ChatChunk[]): void;
}

/**
 * `POST panel/chat`: streams an answer to the reader. @param as hash of the key to call as; null: the person who is logged in
 * @throws {ApiError} also for an error inside the stream, and for a stream that breaks off
 */
export async function streamChat(as: string | null, body: ChatBody, reader: ChatReader, signal: AbortSignal): Promise<void> {
  const streamed = { ...body, stream: true, stream_options: { include_usage: true } };
  const response = await send('POST', 'panel/chat', { body: { as, body: streamed }, signal, otherCredentials: true }).catch(
    async (error: unknown) => {
      // Asks in its own name whether the session is still there; if not, the shell hears of it.
      if (error instanceof ApiError && error.status === 401) await readSession(signal).catch(() => undefined);
      throw error;
    },
  );
  reader.onStart({
    callId: response.headers.get('x-litellm-call-id'),
    deployment: response.headers.get('x-litellm-model-id'),
  });
  if (!response.body) throw new ApiError(t('playground.error.broken'));
  await readChunks(response.body, reader, signal);
}

async function readChunks(body: ReadableStream<Uint8Array>, reader: ChatReader, signal: AbortSignal): Promise<void> {
  let ended = false;
  try {
    for await (const events of eventData(body)) {
      const chunks = events.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data) as ChatChunk);
      const failed = chunks.findIndex(({ error }) => error !== undefined && error !== null);
      reader.onChunks(failed < 0 ? chunks : chunks.slice(0, failed));
      if (failed >= 0) throw errorOf(chunks[failed], 0);
      ended ||= events.includes('[DONE]');
    }
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw new ApiError(t('playground.error.broken'));
  }
  if (!ended) throw new ApiError(t('playground.error.broken'));
}
