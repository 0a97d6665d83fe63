import type { Deployment } from '../../core/deployment.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared } from '../codec.ts';
import type { ReasoningMemory } from '../reasoning-memory.ts';
import type { Upstream } from '../upstream.ts';
import { openaiClient } from './openai-client.ts';
import { chatNeedsResponses, overResponses } from './over-responses.ts';
import { PassedChat } from './passed-chat.ts';
import { ReasoningReplay } from './reasoning-replay.ts';
import { TranslatedChat, type TranslatedChatParts } from './translated-chat.ts';

/**
 * `POST /chat/completions`: passed where the provider speaks the client's dialect, translated where it does not, and where the model
 * can only do over Responses what is asked.
 */
export class ChatCodec implements Codec {
  readonly #translated: TranslatedChat;
  readonly #memory: ReasoningMemory;

  constructor(parts: TranslatedChatParts) {
    this.#translated = new TranslatedChat(openaiClient, parts);
    this.#memory = parts.memory;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared | Promise<Prepared> {
    if (deployment.dialect !== 'openai') return this.#translated.prepare(call, deployment, context);
    if (chatNeedsResponses(call, deployment)) return this.#translated.prepare(call, overResponses(deployment), context);
    const replay = ReasoningReplay.for(call, deployment, this.#memory);
    return replay === null
      ? new PassedChat(call, deployment, context, null)
      : replay.restored(call).then((restored) => new PassedChat(restored, deployment, context, replay));
  }
}
