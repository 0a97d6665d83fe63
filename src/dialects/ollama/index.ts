import type { OutwardDialect } from '../../core/dialect.ts';
import { chat } from './chat/chat.ts';
import { embeddings } from './embeddings/embeddings.ts';
import { completion } from './completion.ts';
import { readError } from './errors.ts';

/**
 * Ollama's own API: `/api/chat` and `/api/embed`. The OpenAI-shaped surface that Ollama has beside it ignores `options`,
 * so it cannot carry `num_ctx` and `keep_alive`, and cuts long prompts without a word.
 *
 * @see https://github.com/ollama/ollama/blob/v0.17.4/docs/api.md (read 2026-11-26)
 */
export const ollama: OutwardDialect = {
  name: 'ollama',
  chat,
  completion,
  embeddings,
  // Images go as bare base64; nothing is fetched on the other side.
  mustInline: (media) => media.source.type === 'url' && media.kind === 'image',
  error: readError,
};
