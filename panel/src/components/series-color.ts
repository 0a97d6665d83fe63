/** Series of charts in this order: chosen so that each keeps 3:1 on the cards of both themes. */
const SERIES = [42, 1, 41, 15, 5, 7, 14, 38];

/** Providers people know keep the color of the pictures; all others get one from their name, always the same. */
const KNOWN: Readonly<Record<string, number>> = {
  anthropic: 42,
  openai: 1,
  gemini: 41,
  google: 41,
  vertex_ai: 41,
  bedrock: 15,
  groq: 5,
  mistral: 38,
  ollama: 14,
  ollama_chat: 14,
  lm_studio: 7,
  llama_cpp: 7,
  llamacpp: 7,
  azure: 1,
};

function hashOf(text: string): number {
  let hash = 0;
  for (const letter of text) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return Math.abs(hash);
}

/** Color of a provider or model, whatever else is shown: `var(--color-42)`. */
export function seriesColor(name: string): string {
  const number = KNOWN[name.toLowerCase()] ?? SERIES[hashOf(name.toLowerCase()) % SERIES.length] ?? 42;
  return `var(--graph-color-${number}, var(--color-${number}))`;
}
