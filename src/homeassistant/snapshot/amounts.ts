import { divideHalfUp, USD_DECIMALS, type Usd } from '../../core/money.ts';

const SENT_DECIMALS = 6;
const STEP = 10n ** BigInt(USD_DECIMALS - SENT_DECIMALS);

/** US dollars for a sensor: a rounded view with six decimals (ruling M1). */
export function dollarsOf(usd: Usd): number {
  return Number(divideHalfUp(usd, STEP)) / 10 ** SENT_DECIMALS;
}

export function momentOf(ms: number): string {
  return new Date(ms).toISOString();
}

export function momentOrNull(ms: number | null): string | null {
  return ms === null || ms === 0 ? null : momentOf(ms);
}
