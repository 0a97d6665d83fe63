import { z } from 'zod';

/**
 * What is documented of the calls to models. The bodies are read where they are passed on, by rules of their own: these schemas
 * describe them, and every other member goes to the provider as it came (data-plane 6).
 */

/** What goes to a provider as it is. */
export const PassedBody = z.looseObject({}).describe('In the provider’s own words; a body of any other kind passes too.');

const ContentPart = z
  .looseObject({ type: z.string().describe('`text`, `image_url`, `input_audio`, `file` ...') })
  .describe('A part of the content.');

const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(ContentPart)]).nullish(),
  name: z.string().optional(),
  tool_calls: z
    .array(z.looseObject({ id: z.string(), type: z.string() }))
    .optional()
    .describe('Calls of tools that the model made.'),
  tool_call_id: z.string().optional().describe('In a message of role `tool`: the call that it answers.'),
});

/** `POST /v1/chat/completions` */
export const ChatBody = z
  .looseObject({
    model: z.string().describe('Public name of a model, or the id of a deployment. It may stand in the path instead.'),
    messages: z.array(Message),
    stream: z.boolean().optional().describe('Answer with server-sent events.'),
    stream_options: z.looseObject({ include_usage: z.boolean().optional() }).optional(),
    max_tokens: z.int().optional(),
    max_completion_tokens: z.int().optional(),
    temperature: z.number().optional(),
    top_p: z.number().optional(),
    n: z.int().optional(),
    stop: z.union([z.string(), z.array(z.string())]).optional(),
    seed: z.int().optional(),
    presence_penalty: z.number().optional(),
    frequency_penalty: z.number().optional(),
    tools: z.array(z.looseObject({ type: z.string() })).optional(),
    tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]).optional(),
    parallel_tool_calls: z.boolean().optional(),
    response_format: z.looseObject({ type: z.string() }).optional(),
    reasoning_effort: z.string().optional().describe('`none`, `minimal`, `low`, `medium`, `high` ...'),
    logprobs: z.boolean().optional(),
    top_logprobs: z.int().optional(),
    user: z.string().optional().describe('End user, for the spend rows.'),
    metadata: z.looseObject({ tags: z.array(z.string()).optional() }).optional(),
    timeout: z.number().optional().describe('Seconds that this call may take.'),
    num_retries: z.int().optional(),
    fallbacks: z.array(z.union([z.string(), z.looseObject({ model: z.string() })])).optional(),
    drop_params: z.boolean().optional().describe('Leave out parameters that the provider does not know.'),
  })
  .meta({ id: 'ChatRequest' });

const Usage = z.looseObject({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }).meta({ id: 'Usage' });

export const ChatAnswer = z
  .looseObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int(),
    model: z.string(),
    choices: z.array(z.looseObject({ index: z.int(), message: z.looseObject({ role: z.string() }), finish_reason: z.string().nullable() })),
    usage: Usage.optional(),
  })
  .meta({ id: 'ChatAnswer' });

/** `POST /v1/embeddings` */
export const EmbeddingsBody = z
  .looseObject({
    model: z.string(),
    input: z.union([z.string(), z.array(z.string()), z.array(z.int()), z.array(z.array(z.int()))]),
    encoding_format: z.enum(['float', 'base64']).optional(),
    dimensions: z.int().optional(),
    user: z.string().optional(),
  })
  .meta({ id: 'EmbeddingsRequest' });

export const EmbeddingsAnswer = z
  .looseObject({
    object: z.literal('list'),
    model: z.string(),
    data: z.array(z.looseObject({ object: z.literal('embedding'), index: z.int(), embedding: z.union([z.array(z.number()), z.string()]) })),
    usage: z.looseObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: 'EmbeddingsAnswer' });

const Model = z.looseObject({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() }).meta({ id: 'Model' });

export const ModelAnswer = Model;
export const ModelListQuery = z.object({
  return_wildcard_routes: z.enum(['true', 'false']).optional().describe('List rows such as `openai/*` as they are.'),
});
export const ModelList = z.object({ object: z.literal('list'), data: z.array(Model) });

const ModelInfo = z
  .looseObject({
    model_name: z.string(),
    litellm_params: z.record(z.string(), z.unknown()).describe('As written, without secrets.'),
    model_info: z.looseObject({ id: z.string(), db_model: z.boolean() }),
  })
  .meta({ id: 'ModelInfo' });

export const ModelInfoQuery = z.object({ litellm_model_id: z.string().optional() });
export const ModelInfoList = z.object({ data: z.array(ModelInfo) });
export const ModelGroupQuery = z.object({ model_group: z.string().optional() });
export const ModelGroupList = z.object({ data: z.array(z.looseObject({ model_group: z.string(), providers: z.array(z.string()) })) });
