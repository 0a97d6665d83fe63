import type { OutwardDialect } from '../../core/dialect.ts';
import { openai } from '../openai/index.ts';
import { chat } from './chat.ts';
import { embeddings } from './embeddings.ts';
import { readError } from './errors.ts';

/**
 * The orchestration service of SAP's Generative AI Hub: OpenAI's words inside a configuration of modules. Its paths are below the
 * deployment of the service, which is found once for each credential.
 *
 * @see https://help.sap.com/docs/sap-ai-core/generative-ai/orchestration (2026-11-26)
 */
export const sap: OutwardDialect = {
  name: 'sap',
  chat,
  embeddings,
  mustInline: (media) => openai.mustInline(media),
  error: readError,
};
