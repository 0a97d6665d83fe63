import { z } from 'zod';

const Part = z.looseObject({ type: z.string().describe('`text` or `image_url`.') });

/** `POST /v1/moderations`. Every other member goes to the provider as it came. */
export const ModerationBody = z
  .looseObject({
    model: z.string().optional().describe('Public name of a model; without it, `omni-moderation-latest`.'),
    input: z.union([z.string(), z.array(z.string()), z.array(Part)]).describe('Texts, or texts and pictures together.'),
    user: z.string().optional().describe('End user, for the spend rows.'),
    timeout: z.number().optional().describe('Seconds that this call may take.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
  })
  .meta({ id: 'ModerationRequest' });

export const ModerationAnswer = z
  .looseObject({
    id: z.string(),
    model: z.string(),
    results: z.array(
      z.looseObject({
        flagged: z.boolean(),
        categories: z.record(z.string(), z.boolean()),
        category_scores: z.record(z.string(), z.number()),
      }),
    ),
  })
  .meta({ id: 'Moderation' });
