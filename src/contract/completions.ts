import { z } from 'zod';

/** `POST /v1/completions`. As with chat, every other member goes to the provider as it came. */
export const CompletionBody = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment. It may stand in the path instead.'),
    prompt: z
      .union([z.string(), z.array(z.string()), z.array(z.int()), z.array(z.array(z.int()))])
      .describe('The text to go on from, several of them, or their tokens. Each prompt has answers of its own, in order.'),
    suffix: z.string().optional().describe('What comes behind the gap that is to be filled, for models that can do so.'),
    stream: z.boolean().optional().describe('Answer with server-sent events.'),
    stream_options: z.looseObject({ include_usage: z.boolean().optional() }).optional(),
    max_tokens: z.int().optional(),
    temperature: z.number().optional(),
    top_p: z.number().optional(),
    n: z.int().optional(),
    best_of: z.int().optional(),
    echo: z.boolean().optional().describe('Repeat the prompt before the answer.'),
    logprobs: z.int().optional().describe('How many likely tokens to tell of each one that was written.'),
    stop: z.union([z.string(), z.array(z.string())]).optional(),
    seed: z.int().optional(),
    presence_penalty: z.number().optional(),
    frequency_penalty: z.number().optional(),
    user: z.string().optional().describe('End user, for the spend rows.'),
    timeout: z.number().optional().describe('Seconds that this call may take.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
  })
  .meta({ id: 'CompletionRequest' });

export const CompletionAnswer = z
  .looseObject({
    id: z.string(),
    object: z.literal('text_completion'),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.looseObject({ text: z.string(), index: z.int(), logprobs: z.looseObject({}).nullable(), finish_reason: z.string().nullable() }),
    ),
    usage: z.looseObject({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }).optional(),
  })
  .meta({ id: 'Completion' });
