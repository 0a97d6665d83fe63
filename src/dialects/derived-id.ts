import { createHash } from 'node:crypto';

/**
 * An id for a tool call to which the provider gave none. Codecs have no randomness: the id is a digest of what tells
 * this call from every other (id and time of the answer, place, name), so reading the same bytes twice gives the same id.
 */
export function derivedCallId(...facts: readonly (string | number | undefined)[]): string {
  return `call_${digestOf(...facts).slice(0, 24)}`;
}

/** 64 hexadecimal digits that tell these facts from all others. */
export function digestOf(...facts: readonly (string | number | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
