import type { Deployment } from '../../core/deployment.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared } from '../codec.ts';
import type { ResponseStore } from '../response-store.ts';
import type { Upstream } from '../upstream.ts';
import { PassedResponses } from './passed-responses.ts';
import { responsesClient } from './responses-client.ts';
import { TranslatedChat, type TranslatedChatParts } from './translated-chat.ts';

/** `POST /v1/responses`: passed where the provider has Responses, translated where it does not. */
export class ResponsesCodec implements Codec {
  readonly #store: ResponseStore;
  readonly #translated: TranslatedChat;

  constructor(store: ResponseStore, parts: TranslatedChatParts) {
    this.#store = store;
    this.#translated = new TranslatedChat(responsesClient(store), parts);
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Promise<Prepared> {
    return deployment.upstream.resolved.responses === null
      ? this.#translated.prepare(call, deployment, context)
      : PassedResponses.of(call, deployment, context, this.#store);
  }
}
