import type { Heard, HeardWord } from '../../../core/voices.ts';

/** Longest silence inside a phrase, and the longest phrase: what is read at one glance. */
const LONGEST_GAP_S = 1;
const LONGEST_PHRASE_S = 7;
const MOST_LETTERS = 84;
/** Where sentences end, also those without blanks behind. */
const SENTENCE_END = /[.!?。！？…]["'”’»)\]]*$/;

/**
 * A transcript as phrases that can stand under a picture: as the provider cut it, else by sentences, pauses and speakers. Without any
 * times it is one phrase.
 *
 * @param seconds length of the recording, as far as anybody knows
 */
export function phrasesOf({ text, words, phrases }: Heard, seconds: number): HeardWord[] {
  if (phrases !== undefined) return [...phrases];
  if (text.trim() === '') return [];
  if (words === null || words.length === 0) return [{ word: text.trim(), start: 0, end: seconds }];
  const places = placesIn(text, words);
  return cut(words).map(([from, to]) => {
    const [first, last] = [words[from], words[to]];
    if (!first || !last) throw new Error('a phrase without words');
    const { speaker } = first;
    return { word: textOf(text, words, places, from, to), start: first.start, end: last.end, ...(speaker !== undefined && { speaker }) };
  });
}

/** Positions of the first and the last word of each phrase. */
function cut(words: readonly HeardWord[]): [from: number, to: number][] {
  const phrases: [number, number][] = [];
  let from = 0;
  let letters = 0;
  words.forEach(({ word, start, end, speaker }, at) => {
    letters += word.length + 1;
    const first = words[from];
    const next = words[at + 1];
    const ends =
      next === undefined ||
      next.speaker !== speaker ||
      next.start - end > LONGEST_GAP_S ||
      SENTENCE_END.test(word) ||
      letters + next.word.length > MOST_LETTERS ||
      next.end - (first?.start ?? start) > LONGEST_PHRASE_S;
    if (!ends) return;
    phrases.push([from, at]);
    from = at + 1;
    letters = 0;
  });
  return phrases;
}

type Place = readonly [start: number, end: number] | null;

/** Where each word stands in the text; null: nowhere behind those before it. */
function placesIn(text: string, words: readonly HeardWord[]): Place[] {
  let behind = 0;
  return words.map(({ word }) => {
    const at = word === '' ? -1 : text.indexOf(word, behind);
    if (at < 0) return null;
    behind = at + word.length;
    return [at, behind];
  });
}

/** The text's own piece, which has the blanks of its language. */
function textOf(text: string, words: readonly HeardWord[], places: readonly Place[], from: number, to: number): string {
  const start = places[from];
  const end = places[to];
  if (start && end) return text.slice(start[0], end[1]);
  return words
    .slice(from, to + 1)
    .map(({ word }) => word)
    .join(' ');
}
