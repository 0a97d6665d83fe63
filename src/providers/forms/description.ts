import { PROVIDER_USES, type ProviderUse } from '../../contract/providers.ts';

/** Operations of a provider, by what people choose it for. */
const OPERATIONS: Readonly<Record<ProviderUse, readonly string[]>> = {
  chat: ['chat', 'responses', 'messages', 'generateContent', 'a2a'],
  text_completion: ['completions', 'fim'],
  embeddings: ['embeddings'],
  images: ['images', 'image_edits', 'image_variations'],
  video: ['videos'],
  speech: ['speech', 'transcriptions', 'translations'],
  realtime: ['realtime'],
  rerank: ['rerank'],
  web_search: ['search'],
  documents: ['ocr'],
  moderation: ['moderations'],
};

/** What a provider is for. Whoever chats also completes text, which is not told again. */
export function usesOf(endpoints: readonly string[]): ProviderUse[] {
  const has = new Set(endpoints);
  const uses = PROVIDER_USES.filter((use) => OPERATIONS[use].some((name) => has.has(name)));
  return uses.includes('chat') ? uses.filter((use) => use !== 'text_completion') : uses;
}

/** `Chat, embeddings, images`: the uses in one line. */
export function descriptionOf(uses: readonly ProviderUse[]): string {
  const line = uses.map((use) => use.replaceAll('_', ' ')).join(', ');
  return line.charAt(0).toUpperCase() + line.slice(1);
}
