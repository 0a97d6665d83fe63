import { z } from 'zod';
import { TimeZone } from '../time-zone.ts';

/** `GET /panel/summary`: what Overview shows, in one question. */
export const SummaryQuery = z.object({ timezone: TimeZone.default('UTC') });

const Count = z.int().nonnegative();
const Dollars = z.number().nonnegative().describe('US dollars, every digit.');

/** What calls add up to. */
const Totals = z.object({
  spend: Dollars,
  requests: Count,
  failed: Count.describe('Those of `requests` that failed.'),
  input_tokens: Count,
  output_tokens: Count,
  cache_read_tokens: Count.describe('Part of `input_tokens`.'),
  cache_creation_tokens: Count.describe('Part of `input_tokens`.'),
});

const Day = Totals.extend({
  date: z.iso.date(),
  providers: z.array(Totals.extend({ provider: z.string() })).describe('Dearest first; those without a call are not here.'),
});

const Timings = z.object({
  average_duration_ms: z.number().nullable().describe('Of calls that were answered, from arrival to end; null without one.'),
  p95_duration_ms: z.number().nullable(),
  average_first_token_ms: z.number().nullable().describe('Of streams, from arrival to the first token; null without one.'),
  p95_first_token_ms: z.number().nullable(),
});

const FileFault = z.object({
  file: z.string(),
  line: z.int().describe('0: the whole file.'),
  key: z.string().describe('Such as `model_list[2].litellm_params.model`; empty when the text itself is wrong.'),
  message: z.string(),
});

export const Summary = z.object({
  at: z.iso.datetime().describe('Moment of this answer.'),
  timezone: z.string().describe('Zone whose days these are.'),
  today: Day,
  month: Totals.extend({
    first_day: z.iso.date(),
    last_day: z.iso.date().describe('Last day of the month, which may be to come.'),
    days: z.array(Day).describe('Every day from the first one to today.'),
    providers: z.array(Totals.extend({ provider: z.string() })).describe('Dearest first.'),
  }),
  last_15_minutes: z.object({ requests: Count }),
  last_24_hours: Timings.extend({
    requests: Count,
    failed: Count,
    timed_calls: Count.describe('Calls behind the durations: the newest 5,000 at most.'),
    providers: z.array(
      Timings.extend({
        provider: z.string(),
        requests: Count,
        failed: Count,
        hours: z.array(z.object({ requests: Count, failed: Count })).describe('24 hours, the oldest first; the last one is running.'),
      }),
    ),
  }),
  budget: z
    .object({
      spend: z.number().describe('Since the last reset.'),
      limit: z.number().nullable().describe('Null: no budget is set.'),
      duration: z.string().nullable(),
      resets_at: z.iso.datetime().nullable(),
    })
    .nullable()
    .describe('The budget over all; null for those who do not see everything.'),
  configuration: z
    .object({
      refused: z.boolean().describe('The file is not used, and the configuration before it goes on. Else single models are left out.'),
      faults: z.array(FileFault),
    })
    .nullable()
    .describe('What the configuration file holds that does not act; null for those who do not see everything.'),
});
export type Summary = z.infer<typeof Summary>;
