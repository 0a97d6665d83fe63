import { z } from 'zod';

const Block = z.looseObject({ type: z.string().describe('`text`, `image`, `document`, `tool_use`, `tool_result`, `thinking` ...') });
const Content = z.union([z.string(), z.array(Block)]);

/** `POST /v1/messages`; every other member goes to a provider that speaks this dialect as it came. */
export const MessagesBody = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment.'),
    max_tokens: z.int(),
    messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content: Content })),
    system: Content.optional(),
    stream: z.boolean().optional().describe('Answer with server-sent events.'),
    temperature: z.number().optional(),
    top_p: z.number().optional(),
    top_k: z.int().optional(),
    stop_sequences: z.array(z.string()).optional(),
    tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
    tool_choice: z.looseObject({ type: z.string() }).optional(),
    thinking: z.looseObject({ type: z.string() }).optional(),
    metadata: z.looseObject({ user_id: z.string().optional() }).optional(),
    timeout: z.number().optional().describe('Seconds that this call may take.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
  })
  .meta({ id: 'MessagesRequest' });

/** `POST /v1/messages/count_tokens` */
export const CountBody = MessagesBody.omit({ max_tokens: true, stream: true, timeout: true, num_retries: true, fallbacks: true }).meta({
  id: 'MessagesCountRequest',
});
export const CountAnswer = z.object({ input_tokens: z.int() });

export const MessagesAnswer = z
  .looseObject({
    id: z.string(),
    type: z.literal('message'),
    role: z.literal('assistant'),
    model: z.string(),
    content: z.array(Block),
    stop_reason: z.string().nullable(),
    stop_sequence: z.string().nullable(),
    usage: z.looseObject({ input_tokens: z.int().describe('Without what came from the cache.'), output_tokens: z.int() }),
  })
  .meta({ id: 'Message' });

/** An error in the shape of Anthropic's API; `code` is ours. */
export const MessagesErrorBody = z
  .object({
    type: z.literal('error'),
    error: z.object({ type: z.string(), message: z.string(), code: z.string() }),
    request_id: z.string(),
  })
  .meta({ id: 'MessagesError' });
