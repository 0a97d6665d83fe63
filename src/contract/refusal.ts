import { z } from 'zod';

/** Why the gateway itself refused a call, before anything was sent: `metadata.refusal` of its row. */
export const Refusal = z.object({
  limit: z.enum(['requests', 'tokens', 'max_parallel_requests', 'budget']).describe('Requests or tokens a minute, calls at once, money.'),
  scope: z.string().describe('Whose limit it is: `key`, `user`, `team`, `model_per_key` ...'),
  allowed: z.string().describe('The limit, decimal text; of a budget in US dollars.'),
  used: z.string().nullable().describe('What was used of it when the call came; null when it is not told.'),
  resets_at: z.iso.datetime().nullable().describe('When there is room again; null when nobody knows.'),
});
