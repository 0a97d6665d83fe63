import { IntlMessageFormat, type PrimitiveType } from 'intl-messageformat';
import { panel as english } from '../../../translations/en.json';
import { locale } from './locale.ts';

type KeysOf<Tree> = { [Key in keyof Tree & string]: Tree[Key] extends string ? Key : `${Key}.${KeysOf<Tree[Key]>}` }[keyof Tree & string];

/** Every text of the panel: its path below `panel` in `translations/en.json`. A key that is not there does not compile. */
export type TextKey = KeysOf<typeof english>;

interface Tree {
  readonly [key: string]: string | Tree;
}

/** The catalogues in use and the messages read from them so far. */
const catalogue: { translated: Tree; messages: Map<string, IntlMessageFormat> } = { translated: english, messages: new Map() };

/** Languages there is a catalogue for beside English; each is a file of its own that is fetched when it is needed. */
const TRANSLATIONS: Readonly<Record<string, () => Promise<{ panel: Tree }>>> = {
  de: () => import('../../../translations/de.json'),
};

/** Takes the language into use. A language without a catalogue, or one that cannot be fetched, is English. */
export async function useLanguage(language: string): Promise<void> {
  const load = TRANSLATIONS[language.toLowerCase().split('-')[0] ?? ''];
  const translated = load ? await load().catch(() => null) : null;
  catalogue.translated = translated?.panel ?? english;
  catalogue.messages.clear();
  document.documentElement.lang = translated ? language : 'en';
}

function textAt(tree: Tree, key: string): string | null {
  let found: string | Tree | undefined = tree;
  for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
  return typeof found === 'string' ? found : null;
}

function messageOf(key: TextKey): IntlMessageFormat {
  const known = catalogue.messages.get(key);
  if (known) return known;
  const text = textAt(catalogue.translated, key) ?? textAt(english, key) ?? key;
  const message = new IntlMessageFormat(text, locale.language, undefined, { ignoreTag: true });
  catalogue.messages.set(key, message);
  return message;
}

/** The text in the reader's language, with its placeholders filled. */
export function t(key: TextKey, values?: Record<string, PrimitiveType>): string {
  return String(messageOf(key).format(values));
}

/** As `t`, for values that are markup of ours (a bold name, a link): gives pieces to put into a template. */
export function rich(key: TextKey, values: Record<string, unknown>): unknown[] {
  const pieces = messageOf(key).format(values);
  return Array.isArray(pieces) ? pieces : [pieces];
}

/** Whether there is such a text; for keys put together from what the server says (a state, an error code). */
export function hasText(key: string): key is TextKey {
  return textAt(english, key) !== null;
}
