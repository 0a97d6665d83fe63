/** Bytes as text, one character a byte: how streams and bodies are searched and cut without decoding them. */

const NOT_ASCII = /[^\x00-\x7f]/;

/** The UTF-8 bytes of the text, one character a byte. */
export function toLatin1(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The text whose UTF-8 bytes these characters are. */
export function fromLatin1(bytes: string): string {
  return NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
