/** Words of a text that make its key. */
const MOST_WORDS = 10;

/** The key under which a text of the server is found in `translations/`: its first words, such as `from_your_account_at_provider`. */
export function textKey(text: string): string {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).slice(0, MOST_WORDS).join('_');
}
