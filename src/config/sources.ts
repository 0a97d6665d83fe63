import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Place, Problems } from './problem.ts';
import { UnreadableFileError } from './text-file.ts';
import type { ReadText } from './text-file.ts';
import { readDocument } from './yaml/read.ts';
import { isNullNode, listNode, mapNode, memberOf } from './yaml/tree.ts';
import type { MapEntry, MapNode } from './yaml/tree.ts';

/** Levels of `include` below the main file. */
export const MAX_INCLUDE_DEPTH = 5;
const MAX_INCLUDED_FILES = 100;
const SECRETS_FILE = 'secrets.yaml';

export interface SourceFiles {
  /** Main file and includes as one map; null when there is nothing, or a problem is fatal. */
  readonly root: MapNode | null;
  /** The main file holds no key: it is empty, or only comments. */
  readonly empty: boolean;
  /** The main file does not exist. */
  readonly missing: boolean;
  /** Entries of `secrets.yaml` beside the main file; read only when a `!secret` stands somewhere. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Absolute paths of all files read or looked for. */
  readonly files: readonly string[];
  /** Digest over the texts. */
  readonly fingerprint: string;
}

/**
 * Reads the main file and everything it includes. Paths of includes are relative to the main file. Lists under the same
 * top-level key are joined, main file first; of maps the main file's members win; anything else is the main file's.
 */
export async function readSourceFiles(main: string, readText: ReadText, problems: Problems): Promise<SourceFiles> {
  const reader = new SourceReader(main, readText, problems);
  const root = await reader.read(main, { file: main, line: 0, column: 0 }, 0);
  const secrets = reader.usesSecrets ? await reader.secrets() : new Map<string, string>();
  return {
    root: problems.fatal.length > 0 ? null : root,
    empty: reader.mainIsEmpty,
    missing: reader.mainIsMissing,
    secrets,
    files: reader.files,
    fingerprint: reader.fingerprint,
  };
}

class SourceReader {
  readonly #main: string;
  readonly #readText: ReadText;
  readonly #problems: Problems;
  readonly #seen = new Set<string>();
  readonly #digest = createHash('sha256');
  usesSecrets = false;
  mainIsEmpty = false;
  mainIsMissing = false;

  constructor(main: string, readText: ReadText, problems: Problems) {
    this.#main = main;
    this.#readText = readText;
    this.#problems = problems;
  }

  get files(): string[] {
    return [...this.#seen];
  }

  get fingerprint(): string {
    return this.#digest.copy().digest('hex');
  }

  /** @param from where the file is named; problems of a file that cannot be read are told there */
  async read(path: string, from: Place, depth: number): Promise<MapNode | null> {
    const isMain = depth === 0;
    this.#seen.add(resolve(path));
    const text = await this.#text(path, from, isMain);
    if (text === null) return null;
    const { root, usesSecrets } = readDocument(text, path, this.#problems);
    this.usesSecrets ||= usesSecrets;
    if (root === null) {
      if (isMain) this.mainIsEmpty = this.#problems.fatal.length === 0;
      return null;
    }
    if (root.kind !== 'map') {
      this.#problems.add('fatal', root.place, [], 'must be a map of sections such as `model_list` and `general_settings`');
      return null;
    }
    return this.#withIncludes(root, depth);
  }

  /** @returns the entries of `secrets.yaml` beside the main file */
  async secrets(): Promise<ReadonlyMap<string, string>> {
    const path = join(dirname(this.#main), SECRETS_FILE);
    this.#seen.add(resolve(path));
    const text = await this.#text(path, { file: path, line: 0, column: 0 }, false, 'warning');
    const root = text === null ? null : readDocument(text, path, this.#problems).root;
    const entries = new Map<string, string>();
    if (root?.kind !== 'map') return entries;
    for (const [name, { value }] of root.entries) if (value.kind === 'scalar') entries.set(name, value.text);
    return entries;
  }

  async #text(path: string, from: Place, isMain: boolean, severity: 'fatal' | 'warning' = 'fatal'): Promise<string | null> {
    try {
      const text = await this.#readText(path);
      this.#digest.update(`${path}\0${text}\0`);
      return text;
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      if (isMain) this.mainIsMissing = error.missing;
      this.#digest.update(`${path}\0\0`);
      const subject = from.file === path ? '' : `${path} `;
      this.#problems.add(severity, from, from.file === path ? [] : ['include'], `${subject}${error.message}`);
      return null;
    }
  }

  async #withIncludes(root: MapNode, depth: number): Promise<MapNode> {
    let merged = root;
    for (const { path, place } of this.#includesOf(root)) {
      if (this.#seen.has(resolve(path))) {
        this.#problems.add('warning', place, ['include'], `${path} is included more than once; it counts once`);
      } else if (depth >= MAX_INCLUDE_DEPTH || this.#seen.size >= MAX_INCLUDED_FILES) {
        this.#problems.add(
          'fatal',
          place,
          ['include'],
          `files may include each other ${MAX_INCLUDE_DEPTH} levels deep, and ${MAX_INCLUDED_FILES} in all`,
        );
      } else {
        const included = await this.read(path, place, depth + 1);
        if (included) merged = mergeRoots(merged, included);
      }
    }
    return merged;
  }

  #includesOf(root: MapNode): { path: string; place: Place }[] {
    const node = memberOf(root, 'include');
    if (!node) return [];
    const items = node.kind === 'list' ? node.items : [node];
    return items.flatMap((item) => {
      if (item.kind === 'scalar' && item.text !== '' && item.style !== 'secret') {
        return [{ path: isAbsolute(item.text) ? item.text : join(dirname(this.#main), item.text), place: item.place }];
      }
      this.#problems.add('fatal', item.place, ['include'], 'must be a list of file names');
      return [];
    });
  }
}

function mergeRoots(main: MapNode, included: MapNode): MapNode {
  const entries = new Map(main.entries);
  for (const [key, entry] of included.entries) {
    if (key === 'include') continue;
    const own = entries.get(key);
    entries.set(key, own && !isNullNode(own.value) ? mergeEntries(own, entry) : entry);
  }
  return mapNode(entries, main.place);
}

function mergeEntries(own: MapEntry, other: MapEntry): MapEntry {
  if (own.value.kind === 'list' && other.value.kind === 'list') {
    return { place: own.place, value: listNode([...own.value.items, ...other.value.items], own.value.place) };
  }
  if (own.value.kind === 'map' && other.value.kind === 'map') {
    return { place: own.place, value: mapNode(new Map([...other.value.entries, ...own.value.entries]), own.value.place) };
  }
  return own;
}
