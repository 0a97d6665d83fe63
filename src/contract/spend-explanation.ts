import { z } from 'zod';
import { SpendLogRow } from './spend-logs.ts';

const Ms = z.number().nonnegative();
const DecimalText = z.string().describe('US dollars as decimal text, every digit, not rounded.');

/** One term of a sum. */
const Term = z.object({
  kind: z.string().describe('`input`, `output`, `cache_read`, `cache_write`, `reasoning`, `web_search`, `discount`, `margin` ...'),
  quantity: z.string().describe('Tokens, seconds, images ... as decimal text; for a discount or margin its share.'),
  unit_price: DecimalText.describe('US dollars for one.'),
  amount: DecimalText.describe('`quantity` times `unit_price`.'),
});

const Choice = z.object({
  by: z
    .enum(['only', 'weight', 'rpm', 'tpm', 'even', 'id'])
    .describe(
      '`only`: nobody else could be chosen; `weight`, `rpm`, `tpm`: drawn by these; `even`: drawn; `id`: the call named the deployment.',
    ),
  among: z.int().describe('Deployments that could be chosen.'),
  resting: z.int().describe('Deployments beside them that rested after failures.'),
  weight: z.number().optional().describe('The chosen one has `weight` of `weights`.'),
  weights: z.number().optional(),
  level: z.int().optional().describe('Which order level of the group it is of, from 1.'),
  levels: z.int().optional(),
});

/** One request to one deployment. Times are milliseconds since the call arrived. */
const AttemptShown = z.object({
  deployment: z.string(),
  provider: z.string(),
  model: z.string(),
  model_group: z.string(),
  reason: z
    .enum(['first', 'retry', 'next_level', 'fallback'])
    .describe('Why it was made: `next_level` is the next order level of the group, `fallback` another group.'),
  choice: Choice,
  start_ms: Ms,
  first_byte_ms: Ms.nullable(),
  end_ms: Ms.nullable(),
  status: z.int().nullable().describe('HTTP status of the provider; null when none came.'),
  outcome: z.enum(['answered', 'failed', 'left']).describe('`left`: the caller hung up while it ran.'),
  error_class: z.string().nullable(),
  error_message: z.string().nullable().describe("The provider's words, shortened."),
  rests_ms: z.int().nullable().describe('For how long the deployment was left alone since then.'),
});

/** How the cost of a call came about and why it went where it went. */
export const SpendExplanation = z.object({
  usage: z.unknown().describe('As the provider sent it; null when it sent none.'),
  price: z
    .object({
      source: z
        .enum(['config', 'database', 'map', 'catalogue', 'provider', 'local'])
        .describe('The configuration file, the database, a price map, the bundled list, the figure of the provider, a local server.'),
      rule: z.string().describe('Entry that was found, with tier and threshold.'),
      date: z.iso.date().nullable().describe('Since when this price holds, else the date of the list.'),
    })
    .nullable()
    .describe('Null: no price is known, or nothing was used.'),
  terms: z.array(Term),
  sum: DecimalText.describe('Of the terms, before rounding.'),
  total: DecimalText.describe('What was booked: the sum, rounded half up at 15 decimals.'),
  reserved: DecimalText.nullable().describe('What was set aside before the call.'),
  requested_model: z.string(),
  streamed: z.boolean(),
  retries: z.int(),
  fallbacks: z.int(),
  attempts: z.array(AttemptShown),
  timings: z.object({
    arrived_at: z.iso.datetime(),
    overhead_ms: Ms.nullable().describe('From arrival to the first request to a provider; null when none was made.'),
    first_token_ms: Ms.nullable(),
    end_ms: Ms,
  }),
  marks: z.object({
    usage_estimated: z.boolean().describe('The provider told no usage; it was counted here.'),
    unpriced: z.boolean().describe('No price is known; booked as 0.'),
    recovered: z.boolean().describe('The gateway stopped while the call ran.'),
    client_left: z.boolean(),
    answered_in_vain: z.boolean().describe('The bill holds answers that nobody got: a further request of the same call failed.'),
    shortened: z.boolean().describe('The explanation was too long; parts of it were left out.'),
  }),
});

/** `GET /spend/logs/ui/{request_id}` */
export const ExplainedSpendLogRow = SpendLogRow.extend({ explanation: SpendExplanation });
