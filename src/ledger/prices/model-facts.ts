import { decimalOf, type Decimal } from '../../core/money.ts';
import { decimalText } from './decimals.ts';
import type { TableRow } from './lookup.ts';
import { priceKeyName } from './price-keys.ts';
import { versionAt, type Rate, type Schedule } from './rates.ts';

/** What `/model/info` and `/model_group/info` say of a model's price and size (data-plane 9.2, 9.3). */
export interface ModelFacts {
  /** The table's entry that matched; null when none did. */
  readonly key: string | null;
  readonly mode: string | null;
  readonly maxInputTokens: number | null;
  readonly maxOutputTokens: number | null;
  /** US dollars a unit as plain decimal text, by LiteLLM key; the four always shown are there as null when unknown. */
  readonly prices: Readonly<Record<string, string | null>>;
  /** `supports_*` of a price map's entry. */
  readonly supports: Readonly<Record<string, boolean>>;
}

const ALWAYS_SHOWN = ['input_cost_per_token', 'output_cost_per_token', 'cache_creation_input_token_cost', 'cache_read_input_token_cost'];

/** @param at milliseconds since 1970: the prices that hold then */
export function modelFacts(schedule: Schedule | null, row: TableRow | null, at: number): ModelFacts {
  const entry = row?.entry ?? {};
  const mode = entry['mode'];
  return {
    key: row?.origin.rule ?? null,
    mode: typeof mode === 'string' ? mode : null,
    maxInputTokens: countFrom(entry['max_input_tokens']) ?? row?.contextWindow ?? null,
    maxOutputTokens: countFrom(entry['max_output_tokens']),
    prices: { ...Object.fromEntries(ALWAYS_SHOWN.map((key) => [key, null])), ...(schedule === null ? {} : pricesAt(schedule, at)) },
    supports: supportsOf(entry),
  };
}

function pricesAt(schedule: Schedule, at: number): Record<string, string> {
  const prices: Record<string, string> = {};
  for (const { kind, tier, above, rate } of versionAt(schedule, at).sheet.entries) {
    const name = priceKeyName(kind, tier, above);
    if (name !== null) prices[name] = decimalText(perUnit(rate));
  }
  return prices;
}

/** A price per hour shown for a second, where it ends; else to 18 decimals. */
function perUnit({ amount, per }: Rate): Decimal {
  if (per === 1n) return amount;
  const more = Math.max(0, 18 - amount.scale);
  return { units: (amount.units * 10n ** BigInt(more) + per / 2n) / per, scale: amount.scale + more };
}

/** Numbers of a price map stand as text. */
function countFrom(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  try {
    const { units, scale } = decimalOf(value);
    return Number(units / 10n ** BigInt(scale));
  } catch {
    return null;
  }
}

function supportsOf(entry: Readonly<Record<string, unknown>>): Record<string, boolean> {
  const supports: Record<string, boolean> = {};
  for (const [key, value] of Object.entries(entry)) if (key.startsWith('supports_') && typeof value === 'boolean') supports[key] = value;
  return supports;
}
