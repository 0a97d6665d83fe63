import type { Deployment } from '../../core/deployment.ts';
import type { Teller } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest, CompletionRequest } from '../../core/request.ts';
import { readChatRequest } from '../../dialects/openai/chat/request.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';
import type { Upstream } from '../upstream.ts';
import type { ExtraBody } from './extra-body.ts';

/** A conversation as one client asked for it, and how the client is answered. */
export interface AskedChat {
  readonly request: ChatRequest;
  /** Goes into the provider's body; null: nothing does. */
  readonly extra: ExtraBody | null;
  readonly teller: Teller;
  /** The same as a text to go on from, for a dialect that can be asked so; absent: it is a conversation. */
  readonly completion?: Pick<CompletionRequest, 'prompt' | 'suffix'>;
  /** What no provider of another dialect could be asked; absent: nothing. */
  readonly leftOut?: readonly string[];
}

/** The client's side of a conversation that is translated: how its dialect is read and written. */
export interface ClientSide {
  /** @throws {InvalidRequestError} for a body that is wrong, naming the member */
  read(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): AskedChat;
}

/** What a deployment sets, in OpenAI's names, unless the client says otherwise. */
export function completed(request: ChatRequest, defaults: JsonObject): ChatRequest {
  if (Object.keys(defaults).length === 0) return request;
  const usual = readChatRequest({ ...defaults, messages: NO_MESSAGE }, request.model);
  return {
    ...usual,
    ...request,
    others: { ...usual.others, ...request.others },
    extras: { ...usual.extras, ...request.extras },
  };
}

const NO_MESSAGE = [{ role: 'user', content: '' }];
