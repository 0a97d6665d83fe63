import type { OutwardChat, Target } from '../../../core/dialect.ts';
import { foldStream } from '../../../core/fold-stream.ts';
import { isObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { CallIds, callIdsIn } from '../../call-ids.ts';
import type { AnswerContext } from './candidate.ts';
import { GenerateReader } from './reader.ts';
import { writeChatRequest } from './request.ts';
import type { ReasoningBudgets } from './thinking.ts';

/** What a chat call must know of the host that is asked. */
export interface ChatSite {
  /** Path of a method of a model. @param method with its query, if it has one */
  readonly methodPath: (model: string, method: string) => string;
}

/**
 * A chat call in Google's words.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 */
export function chat(request: ChatRequest, target: Target, { methodPath }: ChatSite, budgets: ReasoningBudgets): OutwardChat {
  const { body, headers, names, jsonFunction } = writeChatRequest(request, target, budgets);
  return {
    path: methodPath(target.model, request.stream ? 'streamGenerateContent?alt=sse' : 'generateContent'),
    headers,
    body,
    framing: 'sse',
    ...readingWith({ names, jsonFunction, taken: callIdsIn(request.messages), sound: soundFormOf(request) }),
  };
}

/** What is known of a request whose answer is read. */
interface AskedContext extends Omit<AnswerContext, 'ids'> {
  /** Ids of calls that the conversation has already. */
  readonly taken: ReadonlySet<string>;
}

/** How the answer of a request is read. */
export function readingWith({ taken, ...known }: AskedContext): Pick<OutwardChat, 'answer' | 'reader'> {
  const context = (): AnswerContext => ({ ...known, ids: new CallIds(taken) });
  return {
    answer: (reply) => {
      const reader = new GenerateReader(context());
      return foldStream([...reader.read(reply), ...reader.endOfWhole()]);
    },
    reader: () => new GenerateReader(context()),
  };
}

/** Pieces of a stream cannot each be a file. */
function soundFormOf({ stream, others: { audio } }: ChatRequest): AnswerContext['sound'] {
  const format = isObject(audio) ? audio['format'] : undefined;
  return stream || format === 'pcm16' ? 'samples' : 'wav';
}
