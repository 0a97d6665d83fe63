import type { OutwardDialect } from '../../core/dialect.ts';
import { chat } from './chat/chat.ts';
import { embeddings } from './embeddings.ts';
import { readError } from './errors.ts';

/**
 * GigaChat: OpenAI's first words of 2023 (`functions`, one call a turn, arguments as an object) and some of its own.
 *
 * @see https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/post-chat (2026-11-26)
 */
export const gigachat: OutwardDialect = {
  name: 'gigachat',
  chat,
  embeddings,
  // Pictures are known by the id of a file that was uploaded; nothing that is fetched has one.
  mustInline: () => false,
  error: readError,
};
