import { IntlMessageFormat } from 'intl-messageformat';
import type { Plugin } from 'vite';

type Tree<Leaf> = { readonly [key: string]: Leaf | Tree<Leaf> };
type Piece = ReturnType<IntlMessageFormat['getAst']>[number];

/**
 * Reads the texts of the panel when it is built, so that the browser needs no parser: a text without placeholders stays a string, another
 * becomes its pieces, as `IntlMessageFormat` takes them.
 */
export function readTexts(): Plugin {
  return {
    name: 'read-texts',
    enforce: 'pre',
    // In the browser's build nothing is left to parse.
    config: () => ({ resolve: { alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' } } }),
    transform(code, id) {
      if (!/\/translations\/\w+\.json$/.test(id)) return null;
      const { panel } = JSON.parse(code) as { panel: Tree<string> };
      return { code: JSON.stringify({ panel: readTree(panel) }), map: null };
    },
  };
}

function readTree(tree: Tree<string>): Tree<string | readonly Piece[]> {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, typeof value === 'string' ? readText(value) : readTree(value)]),
  );
}

function readText(text: string): string | readonly Piece[] {
  const message = new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true });
  return text.includes('{') ? message.getAst() : String(message.format());
}
