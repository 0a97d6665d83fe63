import { z } from 'zod';
import { SpendLogRow } from './spend-logs.ts';

/** `GET /spend/logs` (control-plane 12.4). */
export const SpendQuery = z.object({
  request_id: z.string().optional().describe('Id of the call: ours, or the one that the client sent.'),
  api_key: z.string().optional().describe('Key: its hash, or its text.'),
  user_id: z.string().optional(),
  start_date: z.iso.date().optional(),
  end_date: z.iso.date().optional(),
  summarize: z.enum(['true', 'false']).optional().describe('With dates: sums of days, which is usual, or rows.'),
});

const Dollars = z.number().describe('US dollars, every digit.');

const SpendDay = z
  .looseObject({
    startTime: z.iso.date(),
    spend: Dollars,
    users: z.record(z.string(), Dollars),
    models: z.record(z.string(), Dollars),
  })
  .describe('Sums of a day; further members are hashes of keys with what they spent.');

export const SpendAnswer = z.union([z.array(SpendLogRow), z.array(SpendDay)]);

/** `GET /global/spend` */
export const GlobalSpend = z.object({ spend: Dollars.describe('Of the last 30 days.'), max_budget: Dollars.nullable() });
