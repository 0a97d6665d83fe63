import { providerName } from '../../api/provider-names.ts';
import type { Days } from '../../api/usage.ts';
import { money, moneyTick } from '../../format/money.ts';
import { compact, count, percent } from '../../format/number.ts';
import { day, midnight, weekday } from '../../format/time.ts';
import { t } from '../../i18n/texts.ts';
import type { GroupBy, Measure } from './fold.ts';

/** What a model, provider, key, person or day is called. */
export function nameOf(by: GroupBy, id: string, name: string | null): string {
  if (by === 'provider') return providerName(id);
  if (by === 'day') return weekday(midnight(id));
  if (name !== null) return name;
  if (by === 'key' && id === 'other') return t('usage.other');
  if (by === 'key') return /^[0-9a-f]{64}$/.test(id) ? t('usage.key_hash', { start: id.slice(0, 8) }) : t('usage.no_key');
  if (by === 'person' && id === 'Unassigned') return t('usage.nobody');
  return id === '' ? t('usage.unknown') : id;
}

/** Whether a group can be looked into: what is summed of the rest cannot. */
export function opens(by: GroupBy, id: string): boolean {
  return id !== '' && !(by === 'key' && !/^[0-9a-f]{64}$/.test(id)) && !(by === 'person' && id === 'Unassigned');
}

/** `Nov 1 – 25`, or one day. */
export function daysText({ first, last }: Days): string {
  const from = day(midnight(first));
  return first === last ? from : t('usage.from_to', { from, to: day(midnight(last)) });
}

export const measureText = (measure: Measure) => (value: number) => (measure === 'spend' ? money(value) : count(value));

export const measureTick = (measure: Measure) => (value: number, step: number) =>
  measure === 'spend' ? moneyTick(value, step) : compact(value);

/** `8% more than Oct 1 – 25`; null when there was nothing to compare with. */
export function comparedText(now: number, then: number, days: Days): string | null {
  if (then === 0) return null;
  const change = now / then - 1;
  const values = { share: percent(Math.abs(change)), days: daysText(days) };
  if (Math.abs(change) < 0.005) return t('usage.as_much', values);
  return change > 0 ? t('usage.more', values) : t('usage.less', values);
}
