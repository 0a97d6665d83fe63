import type { ErrorReply } from '../core/dialect.ts';

/** The body of an error as JSON; null when it is none. */
export function parsedBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The words on a page: proxies answer with pages. */
export function wordsOnPage(body: string): string {
  return body
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The body as it is, or that there is none, or that it is a page. */
export function textOfServer({ status, body }: ErrorReply): string {
  const text = body.trim();
  if (text === '') return `The server answered with status ${status} and no body.`;
  return text.startsWith('<') ? `The server answered with status ${status} and a page instead of JSON.` : text;
}
