/** Addresses as Core's and Supervisor's libraries (aiohttp, yarl, urllib) read and write them; see supervisor-lab.md 6. */

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
const IN_PATH = new Set(`${UNRESERVED}!$'()*,+&=;@:/`);
const IN_QUERY_PART = new Set(`${UNRESERVED}!$'()*,?/:@`);
const IN_QUERY = new Set([...IN_QUERY_PART, '=', '+', '&', ';']);
const IN_PYTHON_QUOTE = new Set(`${UNRESERVED}/`);

/** Percent-decodes once; what is not valid UTF-8 becomes the replacement character. */
export function unquoted(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** A path as it is sent: quoted parts stay quoted where their sign would mean something else, and are plain elsewhere. */
export function quotedPath(path: string): string {
  return requoted(path, IN_PATH, '/+');
}

/** A query of one piece of text, as sockets pass it on. */
export function quotedQuery(text: string): string {
  return requoted(text.replaceAll(' ', '+'), IN_QUERY, '=+&;');
}

/** `urllib.parse.quote`: everything but letters, digits, `_.-~/`. */
export function pythonQuoted(path: string): string {
  return Array.from(path, (sign) => (IN_PYTHON_QUOTE.has(sign) ? sign : percent(sign))).join('');
}

/** Names and values of a query, decoded. */
export function queryPairs(query: string): (readonly [string, string])[] {
  return query === '' ? [] : [...new URLSearchParams(query)];
}

/** Names and values as they are sent: a name without value gets its `=`, a space becomes `+`. */
export function queryOf(pairs: readonly (readonly [string, string])[]): string {
  const part = (text: string): string =>
    Array.from(text, (sign) => (sign === ' ' ? '+' : IN_QUERY_PART.has(sign) ? sign : percent(sign))).join('');
  return pairs.map(([name, value]) => `${part(name)}=${part(value)}`).join('&');
}

/** Splits what stands in a request line. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function requoted(text: string, allowed: ReadonlySet<string>, kept: string): string {
  return text.replace(/%[0-9a-f]{2}|[^]/giu, (piece) => {
    if (piece.length < 3) return allowed.has(piece) ? piece : percent(piece);
    const sign = String.fromCharCode(Number.parseInt(piece.slice(1), 16));
    return allowed.has(sign) && !kept.includes(sign) ? sign : piece.toUpperCase();
  });
}

const percent = (sign: string): string =>
  [...Buffer.from(sign, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
