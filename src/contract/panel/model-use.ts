import { z } from 'zod';
import { TimeZone } from '../time-zone.ts';

/** `GET /panel/model-use`: what models did since the month began. */
export const ModelUseQuery = z.object({ timezone: TimeZone.default('UTC') });

const Count = z.int().nonnegative();
const Dollars = z.number().nonnegative().describe('US dollars, every digit.');

export const ModelUse = z.object({
  first_day: z.iso.date().describe('First day of the month in the zone.'),
  models: z
    .array(
      z.object({
        model_name: z.string().describe('Public name.'),
        model: z.string().describe("The provider's name of the model."),
        provider: z.string(),
        requests: Count,
        failed: Count.describe('Those of `requests` that failed.'),
        spend: Dollars,
      }),
    )
    .describe('Dearest first; models without a call are not here. Deployments that have all three names in common are one.'),
  requests: Count,
  spend: Dollars,
});
export type ModelUse = z.infer<typeof ModelUse>;
