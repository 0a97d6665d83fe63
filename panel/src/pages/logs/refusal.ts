import type { z } from 'zod';
import type { Refusal } from '../../../../src/contract/refusal.ts';
import type { CallRow } from '../../api/calls.ts';
import { money } from '../../format/money.ts';
import { count } from '../../format/number.ts';
import { t } from '../../i18n/texts.ts';

export type RefusalFacts = z.infer<typeof Refusal>;

/** Which limit a call was refused by, before anything was sent; null when none was. */
export function refusalOf({ metadata }: Pick<CallRow, 'metadata'>): RefusalFacts | null {
  return metadata.refusal ?? null;
}

/** The limit in a few words: `10 requests a minute`, `Budget of $5.00`. */
export function limitWords({ limit, allowed }: RefusalFacts): string {
  if (limit === 'budget') return t('logs.limits.budget', { amount: money(allowed) });
  const number = Number(allowed);
  return t(`logs.limits.${limit}`, { count: count(number), number });
}
