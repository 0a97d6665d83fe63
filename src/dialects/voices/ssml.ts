const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** What XML 1.0 has no place for, escaped or not. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A text as the content of an element or the value of an attribute: nothing in it is markup. */
export function escaped(text: string): string {
  return text.replace(FORBIDDEN, ' ').replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}

/** A text at a speed, as the content of `<speak>` or `<voice>`. @param rate as the provider writes it; null: the usual one */
export function atRate(text: string, rate: string | null): string {
  return rate === null ? escaped(text) : `<prosody rate="${rate}">${escaped(text)}</prosody>`;
}
