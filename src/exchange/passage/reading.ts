import type { OutwardChat } from '../../core/dialect.ts';
import type { JsonDocument } from '../../core/json-document.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import { readingMessages } from '../../dialects/anthropic/index.ts';
import { ChatStreamReader } from '../../dialects/openai/chat/stream-reader.ts';
import { readChatAnswer } from '../../dialects/openai/chat/read-answer.ts';
import { readingContent } from '../../dialects/gemini/index.ts';
import { readingResponses } from '../../dialects/openai/responses-out/index.ts';
import { textOf } from '../codecs/read-stream.ts';
import { ForgivingReader } from './forgiving-reader.ts';
import type { Reading } from './measured.ts';
import { mediaRequestOf } from './media-reading.ts';
import { usageIn, UsageReader } from './told-usage.ts';

/** Answers whose words are known: what they say can be counted where the provider does not count. */
const KNOWN: readonly (readonly [RegExp, () => Pick<OutwardChat, 'answer' | 'reader'>])[] = [
  [/\/chat\/completions$/, () => ({ answer: (body) => readChatAnswer(body, {}), reader: () => new ChatStreamReader({}) })],
  [/\/responses$/, () => readingResponses('openai')],
  [/:(?:streamG|g)enerateContent$/, readingContent],
  [/\/v1\/messages$|\/publishers\/anthropic\/models\/[^/]+:(?:streamR|r)awPredict$/, readingMessages],
];

const TOLD: Reading = {
  whole: (body, headers) => ({ usage: usageIn(body, headers), text: '' }),
  reader: () => new UsageReader(),
};

/** @param path of the request, without query @param body the request's members, as far as they were read */
export function readingOf(path: string, body: JsonDocument): Reading {
  const media = mediaRequestOf(path, body);
  if (media !== null) return { ...TOLD, ...media.reading };
  const known = KNOWN.find(([pattern]) => pattern.test(path))?.[1]();
  return known === undefined ? TOLD : inWords(known);
}

function inWords(chat: Pick<OutwardChat, 'answer' | 'reader'>): Reading {
  return {
    whole(body, headers) {
      try {
        const answer = chat.answer(body);
        return { usage: answer.usage ?? null, text: textOf(answer) };
      } catch (error) {
        if (error instanceof MalformedAnswerError) return TOLD.whole(body, headers);
        throw error;
      }
    },
    reader: () => new ForgivingReader(chat.reader()),
  };
}
