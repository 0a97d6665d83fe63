import type { OutwardChat } from '../../../src/core/dialect.ts';
import { readChatRequest } from '../../../src/dialects/openai/chat/request.ts';
import { replicate } from '../../../src/dialects/replicate/index.ts';
import { target } from '../targets.ts';

export const LLAMA = 'meta/meta-llama-3-70b-instruct';
export const HI = [{ role: 'user', content: 'Hi' }];

export function chat(body: object = {}, model = LLAMA, drop = false): OutwardChat {
  return replicate.chat(readChatRequest({ messages: HI, ...body }, 'group'), target('replicate', model, { drop }));
}

/** The inputs that a model gets. */
export function input(body: object = {}, model = LLAMA, drop = false): unknown {
  return (JSON.parse(JSON.stringify(chat(body, model, drop).body)) as { input: unknown }).input;
}
