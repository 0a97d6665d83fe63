import type { OutwardChat, Target } from '../../../core/dialect.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { callIdsIn } from '../../call-ids.ts';
import { ToolNames, type NameRules } from '../../tool-names.ts';
import { readAnswer } from './answer.ts';
import { bodyOf } from './body.ts';
import { ChatReader } from './reader.ts';
import type { ReasoningBudgets } from './thinking.ts';

/** @see https://docs.cohere.com/reference/errors ("tool names can only contain certain characters") (read 2026-11-26) */
export const TOOL_NAMES: NameRules = { unlawful: /[^a-zA-Z0-9_]/g, maxLength: 128, badStart: /^\d/ };

/**
 * A chat call in Cohere's words.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 */
export function chat(request: ChatRequest, target: Target, budgets: ReasoningBudgets): OutwardChat {
  const names = new ToolNames(TOOL_NAMES);
  const takenIds = callIdsIn(request.messages);
  const reader = (): ChatReader => new ChatReader(names, takenIds);
  return {
    path: '/v2/chat',
    headers: {},
    body: bodyOf(request, target, { names, budgets }),
    framing: 'sse',
    answer: (body) => readAnswer(body, reader()),
    reader,
  };
}
