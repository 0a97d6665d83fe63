import type { Deployment } from '../../core/deployment.ts';
import type { Call } from '../call.ts';
import type { Codec, PrepareContext, Prepared } from '../codec.ts';
import type { Upstream } from '../upstream.ts';
import { geminiClient } from './gemini-client.ts';
import { asForeignClient } from './over-responses.ts';
import { PassedContent } from './passed-content.ts';
import { TranslatedChat, type TranslatedChatParts } from './translated-chat.ts';

/** `:generateContent` and `:streamGenerateContent`: passed where the provider speaks the client's dialect, translated where it does not. */
export class GenerateCodec implements Codec {
  readonly #translated: TranslatedChat;
  readonly #dialects: TranslatedChatParts['dialects'];

  constructor(parts: TranslatedChatParts) {
    this.#translated = new TranslatedChat(geminiClient, parts);
    this.#dialects = parts.dialects;
  }

  prepare(call: Call, deployment: Deployment<Upstream>, context: PrepareContext): Prepared | Promise<Prepared> {
    const dialect = this.#dialects[deployment.dialect];
    return dialect?.content === undefined
      ? this.#translated.prepare(call, asForeignClient(deployment), context)
      : new PassedContent(call, deployment, context, dialect, dialect.content(deployment.target));
  }
}
