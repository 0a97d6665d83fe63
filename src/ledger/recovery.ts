import { decimalOf, divideHalfUp, unitsAt, usdOf, USD_DECIMALS, type Usd } from '../core/money.ts';
import type { SpendRecord } from '../core/spend-record.ts';
import type { HoldRecord } from './hold-record.ts';
import { spendRecordOf } from './spend-row.ts';

/**
 * The row of a call that a crash cut off (ruling M3): the prompt as estimated, and the output last seen; for an unstreamed
 * call the output its client asked for.
 *
 * @param outputTokens output at the last progress record, 0 without one
 * @param ended how the call had ended, when only counting was left
 * @param now milliseconds since 1970
 */
export function recoveredRow(
  hold: HoldRecord,
  outputTokens: number,
  ended: { readonly status: 'success' | 'failure'; readonly clientLeft: boolean } | null,
  now: number,
): SpendRecord {
  const output = outputTokens > 0 || ended ? outputTokens : hold.outputTokens;
  return spendRecordOf(hold.facts, hold.servedBy, hold.charges, {
    status: ended?.status ?? 'failure',
    usage: { inputTokens: hold.promptTokens, outputTokens: output },
    cost: {
      total: (usdOf(hold.promptCost) + outputCost(output, hold.millionOutputCost)) as Usd,
      terms: [{ kind: 'recovered', quantity: String(output), unitPrice: `${hold.millionOutputCost}e-6` }],
      origin: null,
      unpriced: false,
    },
    marks: { usage_estimated: true, recovered: true, ...(ended?.clientLeft === true ? { client_left: true } : {}) },
    endedAt: Math.max(now, hold.facts.startedAt),
    firstTokenAt: null,
    attempts: [],
    retries: 0,
    fallbacks: 0,
    streamed: false,
    reserved: null,
    error: ended ? null : { code: '500', status: 500, class: 'Interrupted', message: 'The gateway stopped while this call was running.' },
  });
}

function outputCost(tokens: number, millionCost: string): bigint {
  return divideHalfUp(BigInt(tokens) * unitsAt(decimalOf(millionCost), USD_DECIMALS + 6), 10n ** 12n);
}
