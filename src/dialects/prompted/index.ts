import type { OutwardChat, OutwardDialect, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { ChatRequest, CompletionRequest } from '../../core/request.ts';
import { vectors } from '../vectors/index.ts';
import { turnsChat } from './bytez-turns.ts';
import { readError } from './errors.ts';
import { messagesChat } from './messages.ts';
import { promptedChat, promptedCompletion } from './request.ts';
import type { Wire } from './wire.ts';
import { WIRES } from './wires.ts';

/**
 * Servers that take a text and go on with it. How each is asked, and where its answer stands, is a row of a table; those that know
 * conversations are asked by them.
 */
export const prompted: OutwardDialect = {
  name: 'prompted',
  chat,
  completion,
  embeddings: (request, target) => {
    if (!vectors.embeddings) throw new Error('vectors have embeddings');
    return vectors.embeddings(request, target);
  },
  ...(vectors.mostEmbeddingInputs === undefined ? {} : { mostEmbeddingInputs: vectors.mostEmbeddingInputs }),
  mustInline: () => false,
  error: readError,
};

function chat(request: ChatRequest, target: Target): OutwardChat {
  const { messages, prompt, turns } = wireOf(target);
  if (messages) return messagesChat(request, messages, target);
  if (prompt) return turns === undefined ? promptedChat(request, prompt, target) : turnsChat(request, prompt, turns, target);
  throw new InvalidRequestError(`Models of ${target.provider} do not chat.`, 'model');
}

/** Servers that know nothing but conversations are asked by one. */
function completion(request: CompletionRequest, target: Target): OutwardChat {
  const { prompt } = wireOf(target);
  return prompt ? promptedCompletion(request, prompt, target) : chat(request.chat, target);
}

/** @throws {Error} when the catalogue names none */
function wireOf({ provider, wire = '' }: Target): Wire {
  const wires: Readonly<Record<string, Wire>> = WIRES;
  const found = Object.hasOwn(wires, wire) ? wires[wire] : undefined;
  if (!found) throw new Error(`no wire "${wire}" for ${provider}`);
  return found;
}
