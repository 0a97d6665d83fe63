import type { OutwardChat, OutwardDialect, Target } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { readChatAnswer } from '../openai/chat/read-answer.ts';
import { ChatStreamReader } from '../openai/chat/stream-reader.ts';
import { writeChatBody } from '../openai/chat/write-request.ts';
import { openai } from '../openai/index.ts';
import { checkParams, presentParams } from '../params.ts';
import { completion } from './completion.ts';
import { embeddings, MOST_INPUTS } from './embeddings.ts';
import { readError } from './errors.ts';
import { placeOf } from './place.ts';

/**
 * IBM watsonx.ai: OpenAI's words in a frame of its own. The path says whether a stream is wanted, and the body in whose project.
 *
 * @see https://cloud.ibm.com/apidocs/watsonx-ai#text-chat (2026-11-26)
 */
export const watsonx: OutwardDialect = {
  name: 'watsonx',
  chat,
  completion,
  embeddings,
  mostEmbeddingInputs: MOST_INPUTS,
  mustInline: (media) => openai.mustInline(media),
  error: readError,
};

/** What its chat takes of OpenAI's parameters. */
const TAKEN: ReadonlySet<string> = new Set([
  'tools',
  'tool_choice',
  'response_format',
  'max_tokens',
  'temperature',
  'top_p',
  'n',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
]);

function chat(request: ChatRequest, target: Target): OutwardChat {
  const dropped = checkParams(presentParams(request), TAKEN, target);
  const { model: _model, stream: _stream, stream_options: _usage, tool_choice: choice, ...body } = writeChatBody(request, target);
  const { path, members } = placeOf(target.model, request.extras);
  const kept = Object.entries(body).filter(([name]) => !dropped.has(name));
  return {
    path: `${path}/text/chat${request.stream ? '_stream' : ''}`,
    headers: request.stream ? { accept: 'text/event-stream' } : {},
    body: { ...Object.fromEntries(kept), ...choiceOf(choice), ...members },
    framing: 'sse',
    answer: (answer) => readChatAnswer(answer, {}),
    reader: () => new ChatStreamReader({}),
  };
}

/** A word goes under one name, a tool under another. */
function choiceOf(choice: unknown): JsonObject {
  if (choice === undefined) return {};
  return typeof choice === 'string' ? { tool_choice_option: choice } : { tool_choice: choice };
}
