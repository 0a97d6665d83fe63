import { IntlMessageFormat } from 'intl-messageformat';
import type { Plugin } from 'vite';

type Tree<Leaf> = { readonly [key: string]: Leaf | Tree<Leaf> };
type Piece = ReturnType<IntlMessageFormat['getAst']>[number];

/**
 * Reads the texts of the panel when it is built, so that the browser needs no parser: a text without placeholders stays a string, another
 * becomes its pieces, as `IntlMessageFormat` takes them. `en.json` is its section `panel` alone, `en.json?providers` the section `providers`.
 */
export function readTexts(): Plugin {
  return {
    name: 'read-texts',
    enforce: 'pre',
    // In the browser's build nothing is left to parse.
    config: () => ({ resolve: { alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' } } }),
    transform(code, id) {
      const [, section = 'panel'] = /\/translations\/\w+\.json(?:\?(\w+))?$/.exec(id) ?? [null, ''];
      if (section === '') return null;
      const texts = JSON.stringify(readTree((JSON.parse(code) as Record<string, Tree<string>>)[section] ?? {}));
      // Only the whole file is JSON to the bundler.
      return { code: id.includes('?') ? `export const ${section} = ${texts};` : `{"${section}":${texts}}`, map: null };
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
