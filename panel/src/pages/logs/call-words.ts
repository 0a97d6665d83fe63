import type { CallRow } from '../../api/calls.ts';
import type { TextKey } from '../../i18n/texts.ts';

const textIn = ({ metadata }: Pick<CallRow, 'metadata'>, name: string): string => {
  const value = metadata[name];
  return typeof value === 'string' ? value : '';
};

/** Name of the key as it was at the call; the beginning of its hash when it had none. */
export function keyNameOf(row: Pick<CallRow, 'metadata' | 'api_key'>): string {
  return textIn(row, 'user_api_key_alias') || row.api_key.slice(0, 8);
}

/** `/v1/messages`; empty when the row does not tell. */
export const routeOf = (row: Pick<CallRow, 'metadata'>): string => textIn(row, 'route');

/** Whether another deployment than the first choice answered. */
export function isSecondChoice({ metadata, status }: Pick<CallRow, 'metadata' | 'status'>): boolean {
  return status === 'success' && Array.isArray(metadata['attempts']) && metadata['attempts'].length > 1;
}

const MARKS = [
  ['usage_estimated', 'logs.marks.estimated'],
  ['unpriced', 'logs.marks.no_price'],
  ['recovered', 'logs.marks.recovered'],
  ['client_left', 'logs.marks.left'],
  ['answered_in_vain', 'logs.marks.in_vain'],
] as const;

/** What is to be known of a call beside its figures. */
export function marksOf({ metadata, cache_hit: hit }: Pick<CallRow, 'metadata' | 'cache_hit'>): TextKey[] {
  const marks: TextKey[] = MARKS.filter(([name]) => metadata[name] === true).map(([, key]) => key);
  return hit === 'True' ? [...marks, 'logs.marks.cached'] : marks;
}
