const PLAIN = /^[\w-][\w.-]*$/;

/** An id as one segment of a path: as it is when it is plain, else in base64url behind a tilde, because slashes and percents get lost on the way. */
export function segmentOf(id: string): string {
  if (PLAIN.test(id)) return id;
  const bytes = String.fromCodePoint(...new TextEncoder().encode(id));
  return `~${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** The id behind a segment that `segmentOf` wrote; text that it did not write is given back. */
export function idOfSegment(segment: string): string {
  if (!segment.startsWith('~')) return segment;
  try {
    const text = atob(segment.slice(1).replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.codePointAt(0) ?? 0));
  } catch {
    return segment;
  }
}
