/** A piece of a text in Markdown. Text inside is read by `inline.ts` when it is shown. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly ends: readonly boolean[];
    }
  | { readonly kind: 'rule' };

export interface PlacedBlock {
  readonly block: Block;
  /** Line it begins in. */
  readonly line: number;
}

/** Quotes and lists deeper than this are text. */
const DEEPEST = 6;

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(?: +|$)/;
const DELIMITER = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

interface Found {
  readonly block: Block;
  /** First line behind it. */
  readonly end: number;
}

/** Reads lines into blocks. All but the last one stay as they are whatever whole lines are written behind them. */
export function blocksOf(lines: readonly string[], depth = 0): PlacedBlock[] {
  const blocks: PlacedBlock[] = [];
  let at = 0;
  while (at < lines.length) {
    if ((lines[at] ?? '').trim() === '') {
      at += 1;
      continue;
    }
    const { block, end } = blockAt(lines, at, depth);
    blocks.push({ block, line: at });
    at = end;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number, depth: number): Found {
  const line = lines[at] ?? '';
  const fence = FENCE.exec(line);
  if (fence) return codeAt(lines, at, fence[1] ?? '', fence[2] ?? '');
  const heading = HEADING.exec(line);
  if (heading) return { block: { kind: 'heading', level: (heading[1] ?? '').length, text: heading[2] ?? '' }, end: at + 1 };
  if (RULE.test(line)) return { block: { kind: 'rule' }, end: at + 1 };
  if (depth < DEEPEST && QUOTE.test(line)) return quoteAt(lines, at, depth);
  if (depth < DEEPEST && ITEM.test(line)) return listAt(lines, at, depth);
  if (line.includes('|') && DELIMITER.test(lines[at + 1] ?? '')) return tableAt(lines, at);
  return paragraphAt(lines, at);
}

function codeAt(lines: readonly string[], at: number, fence: string, language: string): Found {
  const close = (line: string) => line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? '`', '') === '';
  let end = at + 1;
  while (end < lines.length && !close(lines[end] ?? '')) end += 1;
  return { block: { kind: 'code', language, text: lines.slice(at + 1, end).join('\n') }, end: end + 1 };
}

function quoteAt(lines: readonly string[], at: number, depth: number): Found {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end] ?? '')) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
  return { block: { kind: 'quote', blocks: blocksOf(inside, depth + 1).map(({ block }) => block) }, end };
}

/** Items of one kind, blank lines between them; lines that are indented belong to the item above, lists of their own among them. */
function listAt(lines: readonly string[], at: number, depth: number): Found {
  const first = markOf(lines[at] ?? '');
  const items: { readonly width: number; readonly lines: string[] }[] = [];
  let end = at;
  for (let next = at; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    const mark = markOf(line);
    const item = items.at(-1);
    if (mark && mark.ordered === first?.ordered && mark.indent < first.indent + 2 && !RULE.test(line))
      items.push({ width: mark.width, lines: [line.slice(mark.width)] });
    else if (line.trim() === '') {
      item?.lines.push('');
      continue;
    } else if (/^(?: {2,}|\t)/.test(line)) item?.lines.push(outdented(line, item.width));
    else if (lines[next - 1]?.trim() !== '' && !startsBlock(line)) item?.lines.push(line);
    else break;
    end = next + 1;
  }
  const blocks = items.map((item) => blocksOf(item.lines, depth + 1).map(({ block }) => block));
  return { block: { kind: 'list', ordered: first?.ordered ?? false, start: first?.number ?? 1, items: blocks }, end };
}

/** Takes away as much of a line's indent as its item's mark is wide, and no more: what is left may make a list of its own. */
function outdented(line: string, width: number): string {
  const spaces = line.replace(/^\t/, '    ');
  const indent = spaces.length - spaces.trimStart().length;
  return spaces.slice(Math.min(indent, width));
}

function markOf(line: string): { ordered: boolean; number: number; indent: number; width: number } | null {
  const match = ITEM.exec(line);
  if (!match) return null;
  const mark = match[2] ?? '';
  return { ordered: /\d/.test(mark), number: Number.parseInt(mark, 10) || 0, indent: (match[1] ?? '').length, width: match[0].length };
}

function startsBlock(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);
}

function tableAt(lines: readonly string[], at: number): Found {
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end += 1;
  const head = cellsOf(lines[at] ?? '');
  const ends = cellsOf(lines[at + 1] ?? '').map((cell) => cell.endsWith(':') && !cell.startsWith(':'));
  const rows = lines.slice(at + 2, end).map((line) => {
    const cells = cellsOf(line);
    return head.map((_, index) => cells[index] ?? '');
  });
  return { block: { kind: 'table', head, rows, ends }, end };
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function paragraphAt(lines: readonly string[], at: number): Found {
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !startsBlock(lines[end] ?? '')) end += 1;
  return { block: { kind: 'paragraph', text: lines.slice(at, end).join('\n') }, end };
}
