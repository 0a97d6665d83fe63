/**
 * Whether the text is one whole JSON object, or the `[DONE]` that ends OpenAI-shaped streams. Such text needs no further
 * line to be an event.
 */
export function isWholeEvent(text: string): boolean {
  if (text === '[DONE]') return true;
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
