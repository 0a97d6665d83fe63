import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, LineCounter, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { KeyPath, Place, Problems } from '../problem.ts';
import { listNode, mapNode } from './tree.ts';
import type { MapEntry, ScalarNode, TreeNode } from './tree.ts';

/** Deepest nesting that is read. */
export const MAX_DEPTH = 100;
/** Nodes that aliases may add to a document: far above any real file, far below a "billion laughs" bomb. */
export const MAX_ALIASED_NODES = 100_000;

const MAX_PROBLEMS = 10;
const CORE = 'tag:yaml.org,2002:';
const KNOWN_TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'omap', 'timestamp'].map((name) => CORE + name));

/** Turns the nodes of the YAML library into ours, in document order, so that an alias finds what stands before it. */
export class TreeReader {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, TreeNode>();
  #aliased = 0;
  #usesSecrets = false;

  constructor(file: string, lines: LineCounter, problems: Problems) {
    this.#file = file;
    this.#lines = lines;
    this.#problems = problems;
  }

  /** Whether a `!secret` was read. */
  get usesSecrets(): boolean {
    return this.#usesSecrets;
  }

  /** @param offset characters from the start of the text */
  placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** @param missing where an absent value (nothing after the colon) is said to stand */
  read(node: ParsedNode | null, path: KeyPath, missing: Place): TreeNode {
    if (!node) return emptyScalar(missing);
    const place = this.placeAt(node.range[0]);
    if (path.length > MAX_DEPTH) return this.#refuse(place, path, `is nested more than ${MAX_DEPTH} levels deep`);
    if (isAlias(node)) return this.#alias(node.source, place, path);
    const tree = this.#tagged(node, place, path);
    if (node.anchor) this.#anchors.set(node.anchor, tree);
    return tree;
  }

  #tagged(node: Exclude<ParsedNode, Alias.Parsed>, place: Place, path: KeyPath): TreeNode {
    if (isScalar(node) && node.tag === '!secret') {
      this.#usesSecrets = true;
      return { kind: 'scalar', text: textOf(node), style: 'secret', place, size: 1 };
    }
    if (node.tag !== undefined && !KNOWN_TAGS.has(node.tag)) {
      return this.#refuse(place, path, 'this tag is not supported; `!secret name` is the only one with a meaning here');
    }
    if (isMap(node)) return this.#map(node, place, path);
    if (isSeq(node)) return this.#list(node, place, path);
    return isScalar(node) ? scalarNode(node, place) : emptyScalar(place);
  }

  #list(node: YAMLSeq.Parsed, place: Place, path: KeyPath): TreeNode {
    const items = node.items.map((item, index) => this.read(item, [...path, index], place));
    return listNode(items, place);
  }

  #map(node: YAMLMap.Parsed, place: Place, path: KeyPath): TreeNode {
    const entries = new Map<string, MapEntry>();
    const bases: TreeNode[] = [];
    for (const pair of node.items) {
      const keyPlace = this.placeAt(pair.key.range[0]);
      const key = this.#key(pair.key, keyPlace, path);
      if (key === null) continue;
      const value = this.read(pair.value, [...path, key], keyPlace);
      if (key === '<<') {
        bases.push(value);
        continue;
      }
      const earlier = entries.get(key);
      if (earlier) {
        this.#problems.add(
          'warning',
          keyPlace,
          [...path, key],
          `stands twice in the same map (first in line ${earlier.place.line}); the last one counts`,
        );
      }
      entries.set(key, { place: keyPlace, value });
    }
    for (const base of bases) this.#merge(entries, base, path);
    return mapNode(entries, place);
  }

  /** `<<: *base` or `<<: [*a, *b]`: what the map itself says wins, then the earlier of several. */
  #merge(entries: Map<string, MapEntry>, base: TreeNode, path: KeyPath): void {
    if (base.kind === 'scalar') {
      this.#refuse(base.place, [...path, '<<'], 'needs a map, or a list of maps');
    } else if (base.kind === 'list') {
      for (const item of base.items) this.#merge(entries, item, path);
    } else {
      for (const [key, entry] of base.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }

  #key(node: ParsedNode, place: Place, path: KeyPath): string | null {
    if (isScalar(node)) return textOf(node);
    this.#refuse(place, path, 'a key must be plain text; one that begins with `{`, `[` or `*` needs quotes');
    return null;
  }

  #alias(name: string, place: Place, path: KeyPath): TreeNode {
    const target = this.#anchors.get(name);
    if (!target)
      return this.#refuse(
        place,
        path,
        'is taken for an alias, because it begins with `*`, but no such anchor stands before it; text needs quotes: "*..."',
      );
    this.#aliased += target.size;
    if (this.#aliased > MAX_ALIASED_NODES) return this.#refuse(place, path, 'the aliases of this file grow beyond any reasonable size');
    return target;
  }

  #refuse(place: Place, path: KeyPath, message: string): TreeNode {
    if (this.#problems.fatal.length < MAX_PROBLEMS) this.#problems.add('fatal', place, path, message);
    return emptyScalar(place);
  }
}

function scalarNode(node: Scalar.Parsed, place: Place): ScalarNode {
  const plain = node.tag === undefined ? node.type === 'PLAIN' : node.tag !== `${CORE}str`;
  return { kind: 'scalar', text: textOf(node), style: plain ? 'plain' : 'quoted', place, size: 1 };
}

function textOf(node: Scalar): string {
  // The failsafe schema makes every scalar a text.
  return typeof node.value === 'string' ? node.value : '';
}

function emptyScalar(place: Place): ScalarNode {
  return { kind: 'scalar', text: '', style: 'plain', place, size: 1 };
}
