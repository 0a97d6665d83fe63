import type { OutwardChat, Target } from '../../../core/dialect.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { CallIds, callIdsIn } from '../../call-ids.ts';
import { modelPath } from '../model-path.ts';
import type { AnswerState } from './answer-state.ts';
import { readAnswer } from './answer.ts';
import { ConverseReader } from './reader.ts';
import { writeChatRequest } from './request.ts';
import type { ReasoningBudgets } from './thinking.ts';

/**
 * A chat call in the words of Converse.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 */
export function chat(request: ChatRequest, target: Target, budgets: ReasoningBudgets): OutwardChat {
  const { body, names, jsonTool } = writeChatRequest(request, target, budgets);
  const taken = callIdsIn(request.messages);
  const state = (): AnswerState => ({
    names,
    ids: new CallIds(taken),
    jsonTool,
    calls: 0,
    textLength: 0,
    citations: [],
    serverTools: [],
  });
  return {
    path: modelPath(target.model, request.stream ? 'converse-stream' : 'converse'),
    headers: request.stream ? { accept: 'application/vnd.amazon.eventstream' } : {},
    body,
    framing: 'aws-event-stream',
    answer: (reply) => readAnswer(reply, new ConverseReader(state())),
    reader: () => new ConverseReader(state()),
  };
}
