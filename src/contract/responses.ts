import { z } from 'zod';

const Item = z.looseObject({ type: z.string().optional().describe('`message`, `function_call`, `function_call_output`, `reasoning` ...') });

/** `POST /v1/responses`; members that are not listed go to the provider. */
export const ResponsesBody = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment.'),
    input: z
      .union([z.string(), z.array(Item)])
      .optional()
      .describe('May be left out where the request goes on from a response, or names a prompt or conversation.'),
    instructions: z.string().nullish(),
    previous_response_id: z.string().nullish().describe('Goes on from this response, if it is still kept.'),
    stream: z.boolean().nullish().describe('Answer with server-sent events.'),
    store: z.boolean().nullish().describe('Keep the response for the next turn; true unless it says otherwise.'),
    max_output_tokens: z.int().nullish(),
    temperature: z.number().nullish(),
    top_p: z.number().nullish(),
    tools: z.array(z.looseObject({ type: z.string() })).nullish(),
    tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
    text: z.looseObject({ format: z.looseObject({ type: z.string() }).optional() }).nullish(),
    include: z.array(z.string()).nullish(),
    metadata: z.looseObject({}).nullish(),
    user: z.string().nullish().describe('End user, for the spend rows.'),
    timeout: z.number().optional().describe('Seconds that this call may take.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
  })
  .meta({ id: 'ResponsesRequest' });

export const ResponseAnswer = z
  .looseObject({
    id: z.string(),
    object: z.literal('response'),
    created_at: z.int(),
    status: z.enum(['in_progress', 'completed', 'incomplete', 'failed']),
    model: z.string(),
    output: z.array(Item),
    usage: z.looseObject({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() }).nullable(),
  })
  .meta({ id: 'Response' });

export const ResponseItems = z.object({
  object: z.literal('list'),
  data: z.array(Item),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});

/** Which of the items, and in which order. */
export const ResponseItemsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc').describe('The last item first unless it says `asc`.'),
  after: z.string().optional().describe('Id of the last item of the page before.'),
});

/** How a response is shown. */
export const ShownResponseQuery = z.object({
  stream: z.enum(['true', 'false']).optional().describe('As server-sent events.'),
  starting_after: z.coerce.number().int().min(0).optional().describe('Number of the last event that is known.'),
});

export const DeletedResponse = z.object({ id: z.string(), object: z.literal('response'), deleted: z.literal(true) });

/** `POST /v1/responses/input_tokens`; other members of a request may stand there too. */
export const ResponsesCountBody = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment.'),
    input: z.union([z.string(), z.array(Item)]).optional(),
  })
  .meta({ id: 'ResponsesCountRequest' });

export const ResponsesCount = z
  .object({ object: z.literal('response.input_tokens'), input_tokens: z.int() })
  .meta({ id: 'ResponsesCount' });
