import type { OutwardChat, Target } from '../../../core/dialect.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { callIdsIn } from '../../call-ids.ts';
import { bodyOf } from './body.ts';
import { ChatReader } from './reader.ts';

/**
 * A chat call in Ollama's words.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 */
export function chat(request: ChatRequest, target: Target): OutwardChat {
  const takenIds = callIdsIn(request.messages);
  return {
    path: '/api/chat',
    headers: {},
    body: bodyOf(request, target),
    framing: 'ndjson',
    // A plain answer is the one line of a stream that says everything.
    answer: (body) => {
      const reader = new ChatReader(takenIds);
      return foldStream([...reader.read(body), ...reader.end()]);
    },
    reader: () => new ChatReader(takenIds),
  };
}
