import { IntlMessageFormat, type PrimitiveType } from 'intl-messageformat';
import type english from '../../../translations/en.json';
import { locale } from './locale.ts';

type KeysOf<Tree> = { [Key in keyof Tree & string]: Tree[Key] extends string ? Key : `${Key}.${KeysOf<Tree[Key]>}` }[keyof Tree & string];

/** Every text of the panel: its path below `panel` in `translations/en.json`, or in `providers`. A key that is not there does not compile. */
export type TextKey = KeysOf<typeof english.panel> | `providers.${KeysOf<typeof english.providers>}`;

/** A text as the build has read it: one without placeholders, or the pieces of one with them. */
type Text = string | ReturnType<IntlMessageFormat['getAst']>;

interface Tree {
  readonly [key: string]: Text | Tree;
}

/** The texts in use and the messages made of them so far. */
const catalogue: { texts: Tree; language: string; messages: Map<string, IntlMessageFormat> } = {
  texts: {},
  language: 'en',
  messages: new Map(),
};

const ENGLISH = async (): Promise<{ panel: Tree }> => import('../../../translations/en.json');

/** What the server says of providers: most pages never need it. */
const OF_PROVIDERS: Readonly<Record<string, () => Promise<{ providers: Tree }>>> = {
  en: () => import('../../../translations/en.json?providers'),
  de: () => import('../../../translations/de.json?providers'),
};

/** Languages there is a catalogue for beside English. Each is a file of its own, and only the one in use is fetched. */
const TRANSLATIONS: Readonly<Record<string, () => Promise<{ panel: Tree }>>> = {
  de: () => import('../../../translations/de.json'),
};

/** Takes the language into use. A language without a catalogue, or one that cannot be fetched, is English. */
export async function useLanguage(language: string): Promise<void> {
  const name = language.toLowerCase().split('-')[0] ?? '';
  const load = TRANSLATIONS[name];
  const translated = load ? await load().catch(() => null) : null;
  catalogue.texts = (translated ?? (await ENGLISH())).panel;
  catalogue.language = translated ? name : 'en';
  catalogue.messages.clear();
  document.documentElement.lang = translated ? language : 'en';
}

/** Takes the words for providers into use, too. Where they cannot be fetched, the server's own are shown. */
export async function useProviderTexts(): Promise<void> {
  if ('providers' in catalogue.texts) return;
  const found = await OF_PROVIDERS[catalogue.language]?.().catch(() => null);
  if (found) catalogue.texts = { ...catalogue.texts, providers: found.providers };
}

function textAt(key: string): Text | null {
  let found: Text | Tree | undefined = catalogue.texts;
  for (const part of key.split('.')) found = isTree(found) ? found[part] : undefined;
  return found === undefined || isTree(found) ? null : found;
}

function isTree(found: Text | Tree | undefined): found is Tree {
  return typeof found === 'object' && !Array.isArray(found);
}

/** A text ready to be said: itself, or what fills its placeholders. */
function messageOf(key: TextKey): string | IntlMessageFormat {
  const known = catalogue.messages.get(key);
  if (known) return known;
  const text = textAt(key) ?? key;
  if (typeof text === 'string') return text;
  const message = new IntlMessageFormat(text, locale.language, undefined, { ignoreTag: true });
  catalogue.messages.set(key, message);
  return message;
}

/** The text in the reader's language, with its placeholders filled. */
export function t(key: TextKey, values?: Record<string, PrimitiveType>): string {
  const message = messageOf(key);
  return typeof message === 'string' ? message : String(message.format(values));
}

/** As `t`, for values that are markup of ours (a bold name, a link): gives pieces to put into a template. */
export function rich(key: TextKey, values: Record<string, unknown>): unknown[] {
  const message = messageOf(key);
  const pieces = typeof message === 'string' ? message : message.format(values);
  return Array.isArray(pieces) ? pieces : [pieces];
}

/** Whether there is such a text; for keys put together from what the server says (a state, an error code). */
export function hasText(key: string): key is TextKey {
  return textAt(key) !== null;
}
