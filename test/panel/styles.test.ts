import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const PANEL = join(import.meta.dirname, '../../panel/src');
const SOURCES = readdirSync(PANEL, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|css)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

/** Text with all that is no style taken out, line by line, so that numbers of lines stay. */
function stylesOf(file: string): string {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''));
  if (file.endsWith('.css')) return text;
  let rest = text;
  let styles = '';
  for (const [block] of text.matchAll(/css`[^`]*`/g)) {
    const start = rest.indexOf(block);
    styles += rest.slice(0, start).replace(/[^\n]/g, '') + block;
    rest = rest.slice(start + block.length);
  }
  return styles;
}

/** Where a pattern stands, `file:line: text`, in all sources but the ones with these names. */
function found(pattern: RegExp, except: readonly string[] = [], read = stylesOf): string[] {
  return SOURCES.filter((file) => !except.some((name) => file.endsWith(name))).flatMap((file) =>
    read(file)
      .split('\n')
      .map((line, index) => ({ line, index }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, index }) => `${relative(PANEL, file)}:${index + 1}: ${line.trim()}`),
  );
}

const code = (file: string) => readFileSync(file, 'utf8').replace(/^\s*(?:\*|\/\*\*|\/\/).*$/gm, '');

test('the search sees styles', () => {
  expect(found(/--primary-color/).length).toBeGreaterThan(10);
});

test('only the token file knows colors', () => {
  expect(found(/[:\s(,'"]#[\da-f]{3,8}\b(?!-)/i, ['theme/tokens.css'])).toEqual([]);
  expect(found(/\b(?:rgba?|hsla?|oklch|lab)\(/i, ['theme/tokens.css'])).toEqual([]);
  expect(found(/(?:color|background|border|fill|stroke)[^:;]*:\s*(?:white|black|red|green|blue|gr[ae]y)\b/i, ['theme/tokens.css'])).toEqual(
    [],
  );
});

test('sides are logical, so that text from right to left mirrors the page', () => {
  const physical =
    /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:/;
  expect(found(physical).filter((line) => !line.includes('@media'))).toEqual([]);
  expect(found(/text-align:\s*(?:left|right)/, ['gw-code.ts'])).toEqual([]);
});

test('every variable that is used is one that the token file, or the component itself, sets', () => {
  const set = new Set(
    SOURCES.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?:^|[\s;{'"(])(--[\w-]+)['"]?\s*:/gm)].map((match) => match[1])),
  );
  const used = SOURCES.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/var\((--[\w-]+)\s*\)/g)].map((match) => ({ file, name: match[1] })),
  );
  expect(used.filter(({ name }) => !set.has(name)).map(({ file, name }) => `${relative(PANEL, file)}: ${name}`)).toEqual([]);
});

test('nothing is written as markup, and no element has a style attribute', () => {
  expect(found(/unsafeHTML|unsafeSVG|innerHTML|insertAdjacentHTML|document\.write/, [], code)).toEqual([]);
  expect(found(/\sstyle=|styleMap/, ['set-style.ts'], code)).toEqual([]);
});

test('elements never fetch', () => {
  expect(found(/\bfetch\(|XMLHttpRequest|EventSource\(|sendBeacon/, ['api/client.ts', 'api/chat.ts'], code)).toEqual([]);
});
