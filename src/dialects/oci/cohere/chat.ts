import type { Target } from '../../../core/dialect.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { callIdsIn } from '../../call-ids.ts';
import { TOOL_NAMES } from '../../cohere/chat/chat.ts';
import { ChatReader } from '../../cohere/chat/reader.ts';
import type { ReasoningBudgets } from '../../cohere/chat/thinking.ts';
import { ToolNames } from '../../tool-names.ts';
import type { FormatChat } from '../format-chat.ts';
import { FirstVersion } from './first-answer.ts';
import { firstBody } from './first-body.ts';
import { CohereReader } from './reader.ts';
import { SecondVersion } from './second-answer.ts';
import { secondBody } from './second-body.ts';

interface CohereChat {
  readonly version: 'COHERE' | 'COHEREV2';
  readonly budgets: ReasoningBudgets;
}

/**
 * A conversation with a model of Cohere, in either version of Cohere's API as Oracle tells it.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 */
export function cohereChat(request: ChatRequest, target: Target, { version, budgets }: CohereChat): FormatChat {
  const names = new ToolNames(TOOL_NAMES);
  const takenIds = callIdsIn(request.messages);
  const isFirst = version === 'COHERE';
  return {
    body: { apiFormat: version, ...(isFirst ? firstBody(request, target, names) : secondBody(request, target, { names, budgets })) },
    reader: () => new CohereReader(new ChatReader(names, takenIds), isFirst ? new FirstVersion() : new SecondVersion()),
  };
}
