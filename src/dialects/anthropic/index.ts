import type { OutwardChat, OutwardDialect } from '../../core/dialect.ts';
import { readAnswer } from './chat/answer.ts';
import { mustInline } from './chat/media-block.ts';
import type { AnswerState } from './chat/open-block.ts';
import { TOOL_NAMES, writeChatRequest } from './chat/request.ts';
import { MessagesStreamReader } from './chat/stream.ts';
import { DEFAULT_BUDGETS, type ReasoningBudgets } from './chat/thinking.ts';
import { ToolNames } from '../tool-names.ts';
import { readError } from './errors.ts';
import { atVertex } from './vertex.ts';

export { API_VERSION } from './chat/request.ts';
export type { ReasoningBudgets } from './chat/thinking.ts';

export interface AnthropicOptions {
  /** Overrides of the tokens that levels of `reasoning_effort` stand for, on models that think by budget. */
  readonly reasoningBudgets?: Partial<ReasoningBudgets>;
}

/** Anthropic's Messages API, spoken towards a provider. */
export function createAnthropic({ reasoningBudgets = {} }: AnthropicOptions = {}): OutwardDialect {
  const budgets = { ...DEFAULT_BUDGETS, ...reasoningBudgets };
  return {
    name: 'anthropic',
    chat(request, target) {
      const { names, jsonTool, ...written } = writeChatRequest(request, target, budgets);
      const { headers, body } = target.host === 'vertex' ? atVertex(written) : written;
      const state = (): AnswerState => ({ names, jsonTool, calls: 0, textLength: 0 });
      return {
        path: '/v1/messages',
        headers,
        body,
        framing: 'sse',
        answer: (reply) => readAnswer(reply, state()),
        reader: () => new MessagesStreamReader(state()),
      };
    },
    // Of the media at Vertex only the bytes are taken.
    mustInline: (media, host) => (host === 'vertex' ? media.source.type === 'url' : mustInline(media)),
    error: readError,
  };
}

/** Reads the answer to a request that a client of this dialect wrote itself. */
export function readingMessages(): Pick<OutwardChat, 'answer' | 'reader'> {
  const state = (): AnswerState => ({ names: new ToolNames(TOOL_NAMES), jsonTool: null, calls: 0, textLength: 0 });
  return { answer: (body) => readAnswer(body, state()), reader: () => new MessagesStreamReader(state()) };
}

/** The dialect with its default budgets. */
export const anthropic: OutwardDialect = createAnthropic();
