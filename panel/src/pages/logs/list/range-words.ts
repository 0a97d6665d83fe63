import { dateTime } from '../../../format/time.ts';
import { t } from '../../../i18n/texts.ts';
import type { Fields, QuickRange } from './call-fields.ts';

/** `Last 15 minutes` */
export const rangeName = (range: QuickRange): string => t(`logs.ranges.${range}`);

/** The span in words, for its button and the name of the list. */
export function rangeWords({ range, from, until }: Pick<Fields, 'range' | 'from' | 'until'>): string {
  if (range !== 'custom') return rangeName(range);
  const words = [from, until].map((moment) => (Number.isNaN(Date.parse(moment)) ? '' : dateTime(moment)));
  return words.every(Boolean) ? words.join(' – ') : t('logs.ranges.custom');
}
