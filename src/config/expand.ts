import type { KeyPath, Problems } from './problem.ts';
import { readingOf } from './keys.ts';
import type { Reading } from './keys.ts';
import { decimalText, numberFromText, plainValue } from './yaml/scalar.ts';
import type { ScalarNode, TreeNode } from './yaml/tree.ts';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

export interface Sources {
  readonly variables: Variables;
  /** Entries of `secrets.yaml`. */
  readonly secrets: ReadonlyMap<string, string>;
}

const WHOLE = /^os\.environ\/(.*)$/s;
const INSIDE = /os\.environ\/([A-Za-z_][A-Za-z0-9_]*)/g;
/** Maps of HTTP headers: `os.environ/NAME` works inside longer text there (`"Bearer os.environ/KEY"`). */
const HEADER_MAPS: ReadonlySet<string> = new Set(['headers', 'extra_headers']);

/** The text of a reference as it stands in the file: what management answers show in place of the value. */
export function shownValue(node: TreeNode, reading: Reading = 'plain'): unknown {
  return walk(node, reading, (scalar, how) => {
    if (scalar.style === 'secret') return `!secret ${scalar.text}`;
    // Digits for people and JSON: exact amounts are read from the other value.
    return typed(scalar.text, scalar.style === 'plain', how === 'money' ? 'number' : how);
  });
}

/**
 * A node as a value: references replaced (`os.environ/NAME`, `!secret name`), words typed as PyYAML does, and by key: amounts
 * and prices as decimal text, numeric text of numeric keys as numbers, names as text. A missing reference is null, with a warning.
 */
export class Expander {
  readonly #sources: Sources;
  readonly #problems: Problems;

  constructor(sources: Sources, problems: Problems) {
    this.#sources = sources;
    this.#problems = problems;
  }

  /**
   * @param path where the node stands
   * @param reading how its own value is read; by the last key of the path unless given
   */
  value(node: TreeNode, path: KeyPath, reading: Reading = readingOf(lastKey(path))): unknown {
    return walk(node, reading, (scalar, how, below) => this.#scalar(scalar, how, [...path, ...below]));
  }

  #scalar(scalar: ScalarNode, reading: Reading, path: KeyPath): unknown {
    if (scalar.style === 'secret') {
      const secret = this.#sources.secrets.get(scalar.text);
      return this.#orMissing(secret, scalar, path, `\`secrets.yaml\` has no such entry`, reading);
    }
    const name = WHOLE.exec(scalar.text)?.[1]?.trim();
    if (name !== undefined) return this.#orMissing(this.#variable(name), scalar, path, notSet(name), reading);
    if (scalar.text.includes('os.environ/') && path.some((step) => HEADER_MAPS.has(String(step)))) return this.#header(scalar, path);
    return typed(scalar.text, scalar.style === 'plain', reading);
  }

  #header(scalar: ScalarNode, path: KeyPath): string {
    return scalar.text.replace(INSIDE, (_, name: string) => {
      const text = this.#variable(name) ?? '';
      if (text === '') this.#problems.add('warning', scalar.place, path, notSet(name));
      return text;
    });
  }

  #variable(name: string): string | undefined {
    return Object.hasOwn(this.#sources.variables, name) ? this.#sources.variables[name] : undefined;
  }

  #orMissing(text: string | undefined, scalar: ScalarNode, path: KeyPath, missing: string, reading: Reading): unknown {
    if (text !== undefined && text !== '') return typed(text, false, reading);
    this.#problems.add('warning', scalar.place, path, missing);
    return null;
  }
}

/** A name is quoted only when it can be one: people write keys after `os.environ/` too. */
function notSet(name: string): string {
  return /^[A-Za-z_]\w{0,63}$/.test(name)
    ? `environment variable ${name} is not set`
    : 'what follows `os.environ/` is no name of an environment variable';
}

function lastKey(path: KeyPath): string {
  return path.findLast((step) => typeof step === 'string') ?? '';
}

/** Everything below a price key is a price too, but the token range of a tier. */
const TOKEN_RANGE = 'range';

function walk(
  node: TreeNode,
  reading: Reading,
  scalar: (node: ScalarNode, reading: Reading, path: KeyPath) => unknown,
  path: KeyPath = [],
): unknown {
  if (node.kind === 'scalar') return scalar(node, reading, path);
  if (node.kind === 'list') return node.items.map((item, index) => walk(item, reading, scalar, [...path, index]));
  const members = [...node.entries].map(([key, { value }]) => {
    const own = reading === 'money' && key !== TOKEN_RANGE ? 'money' : readingOf(key);
    return [key, walk(value, own, scalar, [...path, key])] as const;
  });
  // fromEntries makes own members, so that a key such as `__proto__` stays a mere key.
  return Object.fromEntries(members);
}

function typed(text: string, plain: boolean, reading: Reading): unknown {
  const value = plain ? plainValue(text) : text;
  if (value === null || reading === 'plain') return value;
  if (reading === 'text') return text;
  if (reading === 'money') return decimalText(text) ?? (typeof value === 'number' ? text : value);
  return typeof value === 'string' ? (numberFromText(value) ?? value) : value;
}
