import type { OutwardChat, Target } from '../../../core/dialect.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { callIdsIn } from '../../call-ids.ts';
import { ToolNames, type NameRules } from '../../tool-names.ts';
import { bodyOf } from './body.ts';
import { jsonOutputOf } from './json-output.ts';
import { ChatReader } from './reader.ts';

/** @see https://developers.sber.ru/docs/ru/gigachat/guides/functions/custom-functions (2026-11-26) */
const FUNCTION_NAMES: NameRules = { unlawful: /[^a-zA-Z0-9_]/g, maxLength: 64, badStart: /^[^a-zA-Z]/ };

/**
 * A chat call in GigaChat's words.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 */
export function chat(request: ChatRequest, target: Target): OutwardChat {
  const names = new ToolNames(FUNCTION_NAMES);
  const json = jsonOutputOf(request);
  const takenIds = callIdsIn(request.messages);
  const reader = (): ChatReader => new ChatReader({ names, takenIds, answersBy: json.form?.name ?? null });
  return {
    path: '/chat/completions',
    headers: {},
    body: bodyOf(request, target, { names, json }),
    framing: 'sse',
    // A plain answer is the one event of a stream that says everything.
    answer: (body) => {
      const whole = reader();
      return foldStream([...whole.read(body), ...whole.push({ event: null, data: '[DONE]' })]);
    },
    reader,
  };
}
