import { z } from 'zod';
import { Text } from '../body.ts';
import { TimeZone } from '../time-zone.ts';

/** Longest range that quarters of an hour are kept for. */
const MOST_DAYS = 40;

/** `GET /panel/key`: what the page of a key shows beside the key itself. */
export const KeyUseQuery = z.object({
  key: Text.describe('Hash of the key.'),
  timezone: TimeZone.default('UTC'),
  days: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(MOST_DAYS, `must be ${MOST_DAYS} or less`)
    .default(30)
    .describe('So many days up to today.'),
});

const Count = z.int().nonnegative();
const Dollars = z.number().describe('US dollars, every digit.');
const Window = z.object({
  used: Count.describe('Reservations of running calls too.'),
  limit: Count.nullable().describe('Null: none.'),
  ends_in_ms: z.number().nullable().describe('Until it begins anew; null when nothing counts.'),
});
const Spent = z.object({ model: z.string().describe('Public name.'), spend: Dollars, requests: Count });
const Budget = z.object({
  spend: Dollars.describe('Since the last reset.'),
  held: Dollars.describe('Reserved by running calls.'),
  limit: z.number().nullable().describe('With what it is raised by for a while; null: none.'),
  duration: z.string().nullable(),
  resets_at: z.iso.datetime().nullable(),
});

export const KeyUse = z.object({
  at: z.iso.datetime().describe('Moment of this answer.'),
  budget: Budget,
  model_budgets: z.array(Budget.extend({ model: z.string().describe('As the budget names it; may hold `*`.') })),
  person: z
    .object({ user_id: z.string(), user_email: z.string().nullable(), user_alias: z.string().nullable(), budget: Budget })
    .nullable()
    .describe('Whose key it is, when that one has a row: their budget holds as well.'),
  minute: z.object({ calls: Window, tokens: Window, at_once: z.object({ used: Count, limit: Count.nullable() }) }),
  days: z
    .array(z.object({ date: z.iso.date(), spend: Dollars, requests: Count, failed: Count, models: z.array(Spent) }))
    .describe('Every day, the oldest first; dearest model first.'),
  models: z.array(Spent).describe('The same days together, dearest first.'),
  last_call: z.object({ at: z.iso.datetime() }).nullable().describe('The newest call whose row is kept.'),
});
export type KeyUse = z.infer<typeof KeyUse>;
