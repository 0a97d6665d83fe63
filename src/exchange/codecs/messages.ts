import type { Deployment } from '../../core/deployment.ts';
import { hasForeignBlocks } from '../../dialects/anthropic/messages/foreign-blocks.ts';
import { hasLinkedMedia } from '../../dialects/anthropic/messages/linked-media.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared } from '../codec.ts';
import type { Upstream } from '../upstream.ts';
import { anthropicClient } from './anthropic-client.ts';
import { asForeignClient } from './over-responses.ts';
import { PassedMessages } from './passed-messages.ts';
import { TranslatedChat, type TranslatedChatParts } from './translated-chat.ts';

/**
 * `POST /v1/messages`: passed where the provider speaks the client's dialect, translated where it does not, and where the history holds
 * what another provider said and this one would refuse, or media that this host does not fetch. OpenAI's models are asked over
 * Responses, which can say more of what Anthropic's clients ask for than chat can (data-plane 9.13).
 */
export class MessagesCodec implements Codec {
  readonly #translated: TranslatedChat;
  readonly #dialects: TranslatedChatParts['dialects'];

  constructor(parts: TranslatedChatParts) {
    this.#translated = new TranslatedChat(anthropicClient, parts);
    this.#dialects = parts.dialects;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared | Promise<Prepared> {
    const { anthropic } = this.#dialects;
    const messages = call.body.value('messages');
    const mustFetch = deployment.target.host === 'vertex' && hasLinkedMedia(messages);
    if (deployment.dialect === 'anthropic' && anthropic !== undefined && !hasForeignBlocks(messages) && !mustFetch)
      return new PassedMessages(call, deployment, context, anthropic);
    return this.#translated.prepare(call, asForeignClient(deployment), context);
  }
}
