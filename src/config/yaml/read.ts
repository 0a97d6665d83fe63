import { LineCounter, parseDocument } from 'yaml';
import type { Place, Problems } from '../problem.ts';
import { syntaxMessage } from './syntax-messages.ts';
import { TreeReader } from './tree-reader.ts';
import type { TreeNode } from './tree.ts';

const MAX_SYNTAX_PROBLEMS = 10;

export interface ReadDocument {
  /** Null when the text is empty (or only comments), or could not be read: then a problem is fatal. */
  readonly root: TreeNode | null;
  /** Whether a `!secret` stands in it. */
  readonly usesSecrets: boolean;
}

/**
 * Reads YAML text into a tree with places. Nothing is resolved: words stay text (see `plainValue`), `!secret` stays a name.
 * Duplicate keys: the last wins, with a warning. Merge keys (`<<`) are applied.
 *
 * @param file how problems name the text
 */
export function readDocument(text: string, file: string, problems: Problems): ReadDocument {
  const before = problems.fatal.length;
  const control = CONTROL_CHARACTER.exec(text)?.index ?? text.length;
  const lines = new LineCounter();
  const document = parseDocument(text.slice(0, control), {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const reader = new TreeReader(file, lines, problems);
  for (const error of document.errors.slice(0, MAX_SYNTAX_PROBLEMS)) {
    // What follows from cutting the text at the control character is no news.
    if (error.pos[0] < control || control === text.length)
      problems.add('fatal', reader.placeAt(error.pos[0]), [], syntaxMessage(error.code));
  }
  if (control < text.length)
    problems.add('fatal', placeIn(text, control, file), [], 'holds a control character, which YAML does not allow');
  const readable = problems.fatal.length === before;
  const root = readable && document.contents !== null ? reader.read(document.contents, [], reader.placeAt(0)) : null;
  return { root: problems.fatal.length === before ? root : null, usesSecrets: reader.usesSecrets };
}

const CONTROL_CHARACTER = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

function placeIn(text: string, offset: number, file: string): Place {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
