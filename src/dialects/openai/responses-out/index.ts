import type { Answer } from '../../../core/answer.ts';
import type { OutwardChat, OutwardDialect } from '../../../core/dialect.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import { isObject } from '../../../core/json-object.ts';
import type { MediaPart } from '../../../core/parts.ts';
import { MalformedAnswerError } from '../../../core/provider-error.ts';
import { readError } from '../errors.ts';
import { errorIn, ResponsesReader } from './reader.ts';
import { writeResponsesBody } from './write-request.ts';

export const RESPONSES_PATH = '/responses';

/**
 * OpenAI's Responses, spoken towards a provider that has them.
 *
 * @see https://platform.openai.com/docs/api-reference/responses
 */
export const responses: OutwardDialect = {
  name: 'responses',
  chat: (request, target) => ({
    path: RESPONSES_PATH,
    headers: {},
    body: writeResponsesBody(request, target),
    framing: 'sse',
    ...readingResponses(target.provider),
  }),
  mustInline,
  error: readError,
};

/** Reads the answer to a request that a client of this dialect wrote itself. @param provider catalogue id of who answers */
export function readingResponses(provider: string): Pick<OutwardChat, 'answer' | 'reader'> {
  return { answer: (body) => readAnswer(body, provider), reader: () => new ResponsesReader(provider) };
}

/** A whole response is read as the end of a stream in which nothing came before. */
function readAnswer(body: unknown, provider: string): Answer {
  const response = isObject(body) ? body : {};
  const error = errorIn(response);
  if (error) throw error;
  if (!Array.isArray(response['output']) && response['status'] !== 'failed')
    throw new MalformedAnswerError('The provider answered with something other than a response.', 'shape');
  return foldStream(new ResponsesReader(provider).take('completed', { response }));
}

/** Images and files go by URL; sound has no URL form in this dialect. */
function mustInline(media: MediaPart): boolean {
  return media.source.type === 'url' && media.kind === 'audio';
}
