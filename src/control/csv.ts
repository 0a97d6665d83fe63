import { once } from 'node:events';
import type { RouteCall } from '../core/route.ts';

/** A cell: a text, which may be anybody's, or a number's digits; null is empty. */
export type Cell = string | { readonly digits: string | number } | null;

/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line. A text that could be a formula gets an apostrophe before it, so that opening the file runs nothing. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell.digits);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Sends lines as they come, as fast as they are taken, and stops when nobody takes them any more. */
export async function answerCsv({ response, headers }: RouteCall, name: string, texts: AsyncIterable<string>): Promise<void> {
  const iterator = texts[Symbol.asyncIterator]();
  // Before the head: a question that cannot be answered is still an error of its own.
  let next = await iterator.next();
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  });
  for (; next.done !== true && !response.destroyed; next = await iterator.next()) {
    if (!response.write(next.value)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  await iterator.return?.();
  response.end();
}
