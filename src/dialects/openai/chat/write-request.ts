import type { Target } from '../../../core/dialect.ts';
import { UnsupportedParamsError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Reasoning, Tool, ToolChoice } from '../../../core/request.ts';
import { present } from '../request-fields.ts';
import { cacheControl } from './write-content.ts';
import { writeMessages } from './write-messages.ts';
import { writeResponseFormat } from './response-format.ts';

/**
 * The body of a chat call to an OpenAI-shaped provider. What one provider wants otherwise (another name for the token
 * limit, no `cache_control`, thoughts under another name) is changed by its quirks afterwards. A stream always asks for
 * usage: it is needed for the bill.
 *
 * @param signed see {@link writeMessages}
 * @throws {UnsupportedParamsError} when the request has a tool only another dialect knows, and tools are not to be dropped
 */
export function writeChatBody(request: ChatRequest, target: Target, signed = false): JsonObject {
  const tools = request.tools && writeTools(request.tools, target);
  return {
    model: target.model,
    messages: writeMessages(request.messages, signed),
    ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...present({
      tools: tools?.length === 0 ? undefined : tools,
      tool_choice: tools?.length === 0 ? undefined : request.toolChoice && writeToolChoice(request.toolChoice),
      parallel_tool_calls: request.parallelToolCalls,
      response_format: request.responseFormat && writeResponseFormat(request.responseFormat),
      max_tokens: request.maxOutputTokens,
      temperature: request.temperature,
      top_p: request.topP,
      top_k: request.topK,
      n: request.n,
      stop: request.stop,
      seed: request.seed,
      presence_penalty: request.presencePenalty,
      frequency_penalty: request.frequencyPenalty,
      logit_bias: request.logitBias,
      logprobs: request.logprobs,
      top_logprobs: request.topLogprobs,
      reasoning_effort: request.reasoning && writeEffort(request.reasoning),
      thinking: request.reasoning?.thinking?.raw,
      user: request.user,
      service_tier: request.serviceTier,
      web_search_options:
        request.webSearch && present({ search_context_size: request.webSearch.contextSize, user_location: request.webSearch.userLocation }),
    }),
    ...request.others,
    ...request.extras,
  };
}

function writeTools(tools: readonly Tool[], target: Target): JsonObject[] {
  const understood = tools.filter((tool) => tool.type === 'function' || tool.dialect === 'openai');
  if (understood.length < tools.length && !target.params.drop) throw new UnsupportedParamsError(target.provider, target.model, ['tools']);
  return understood.map(writeTool);
}

function writeTool(tool: Tool): JsonObject {
  if (tool.type === 'native') return tool.raw;
  const { name, description, parameters, strict, cache } = tool;
  return { type: 'function', function: present({ name, description, parameters, strict }), ...cacheControl(cache) };
}

function writeToolChoice(choice: ToolChoice): string | JsonObject {
  return choice.type === 'function' ? { type: 'function', function: { name: choice.name } } : choice.type;
}

function writeEffort({ effort, summary }: Reasoning): string | JsonObject | undefined {
  return summary === undefined ? effort : present({ effort, summary });
}
