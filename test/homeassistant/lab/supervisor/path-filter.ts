import { unquoted } from './url-quoting.ts';

/** What Supervisor takes for an attack; see home-assistant.md 11.3 and supervisor-lab.md 6 of the specification. */
const PATTERNS: readonly RegExp[] = [
  /\.\.\//,
  /<.*script.*>/i,
  /[a-z0-9_]=\/[a-z0-9_.]\//i,
  /union.*select.*\(/i,
  /union.*all.*select/i,
  /concat.*\(/i,
  /proc\/self\/environ/i,
];

/** Whether Supervisor refuses a request with 400 before it looks who asks. @param part a path, or a query without its `?` */
export function isFiltered(part: string): boolean {
  const plain = unquotedWholly(part);
  return PATTERNS.some((pattern) => pattern.test(plain));
}

/** Percent-decodes until nothing changes any more. */
function unquotedWholly(text: string): string {
  const once = unquoted(text);
  return once === text ? text : unquotedWholly(once);
}
