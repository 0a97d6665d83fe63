import { closingQuote } from '../../../core/json-text.ts';

/**
 * What stays the same in the events of a stream: everything but one string. An event that was parsed, found lawful (or
 * mended) and that differs from this one in the string alone needs no parsing: it is as lawful, and mended the same way.
 */
export interface Skeleton {
  /** The event up to the content of the string. */
  readonly before: string;
  /** From the closing quote on; up to a second varying string when there is one. */
  readonly after: string;
  /** Behind a second string without meaning, such as `obfuscation`; null when there is none. */
  readonly tail: string | null;
  /** What goes out in place of `before`. */
  readonly newBefore: string;
  /** What goes out in place of `after`; null: all behind the string goes out as it came. */
  readonly newAfter: string | null;
  /** The string is text of the answer itself, neither a thought nor arguments. */
  readonly isContent: boolean;
}

/**
 * Index of the quote that ends the string when the event has this shape, else -1. Slices are compared, since that is
 * three times as fast as `startsWith`.
 */
export function matchSkeleton(skeleton: Skeleton, event: string): number {
  const { before, after, tail } = skeleton;
  if (event.slice(0, before.length) !== before) return -1;
  const end = closingQuote(event, before.length);
  if (end === -1) return -1;
  if (tail === null) return event.slice(end) === after ? end : -1;
  const rest = end + after.length;
  if (event.slice(end, rest) !== after) return -1;
  const second = closingQuote(event, rest);
  return second !== -1 && event.slice(second) === tail ? end : -1;
}

/** The event as it goes out. @param end what {@link matchSkeleton} found */
export function applySkeleton(skeleton: Skeleton, event: string, end: number): string {
  const { before, newBefore, newAfter } = skeleton;
  return newAfter === null ? newBefore + event.slice(before.length) : newBefore + event.slice(before.length, end) + newAfter;
}
