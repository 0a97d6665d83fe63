import { decimalOf } from '../../core/money.ts';
import type { ImagePrice } from './image-prices.ts';
import { NO_RATES, type Schedule } from './rates.ts';

/** One price for one image, at any time. */
export function imageSchedule({ image }: ImagePrice): Schedule {
  const entry = { kind: 'image', tier: null, above: 0, rate: { amount: decimalOf(image), per: 1n } } as const;
  return [{ when: null, sheet: { ...NO_RATES, entries: [entry] } }];
}
