/** Operations of a provider that people choose it for, in the order of a description. */
const WORDS: readonly (readonly [string, readonly string[]])[] = [
  ['chat', ['chat', 'responses', 'messages', 'generateContent', 'a2a']],
  ['text completion', ['completions', 'fim']],
  ['embeddings', ['embeddings']],
  ['images', ['images', 'image_edits', 'image_variations']],
  ['video', ['videos']],
  ['speech', ['speech', 'transcriptions', 'translations']],
  ['realtime', ['realtime']],
  ['rerank', ['rerank']],
  ['web search', ['search']],
  ['documents', ['ocr']],
  ['moderation', ['moderations']],
];

/** `Chat, embeddings, images`: what a provider is for, in one line. */
export function descriptionOf(endpoints: readonly string[]): string {
  const has = new Set(endpoints);
  const words = WORDS.filter(([, names]) => names.some((name) => has.has(name))).map(([word]) => word);
  // Whoever chats also completes text; the line is short.
  const told = words.includes('chat') ? words.filter((word) => word !== 'text completion') : words;
  const line = told.join(', ');
  return line.charAt(0).toUpperCase() + line.slice(1);
}
