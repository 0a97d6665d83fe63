import type { OutwardChat, Target } from '../../core/dialect.ts';
import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest } from '../../core/request.ts';
import { writeChatBody } from '../openai/chat/write-request.ts';
import { checkParams, presentParams } from '../params.ts';
import { promptOf } from './data-prompt.ts';
import { wireMessages } from './messages.ts';
import { readAnswer, SapStreamReader } from './reader.ts';

/** What its chat takes of OpenAI's parameters: what the model behind it does not know, that model says. */
const TAKEN: ReadonlySet<string> = new Set([
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'max_tokens',
  'temperature',
  'top_p',
  'n',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
  'thinking',
]);

/** OpenAI parameters that change nothing in the answer: left out without a word. */
const WITHOUT_EFFECT = ['user', 'safety_identifier', 'store', 'metadata', 'prompt_cache_key', 'prompt_cache_retention'];

/** Modules that a deployment or a request may add, as SAP describes them. */
const MODULES = ['filtering', 'masking', 'translation'] as const;

/** Members that do not belong among the model's parameters. */
const OWN_NAMES: ReadonlySet<string> = new Set(['model_version', 'grounding', 'placeholder_values', 'messages_history', ...MODULES]);

/** Models of OpenAI's that know the limit under its second name alone. */
const NEW_LIMIT = /^(?:gpt-5|o\d)/;

/**
 * A chat call in the words of the orchestration service.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said so
 */
export function chat(request: ChatRequest, target: Target): OutwardChat {
  const dropped = checkParams(presentParams(request), new Set([...TAKEN, ...WITHOUT_EFFECT]), target);
  const { extras } = request;
  refuseGrounding(extras);
  const { model: name, messages: _messages, stream: _stream, tools, response_format: format, ...rest } = writeChatBody(request, target);
  const { template, history, values } = promptOf(wireMessages(request.messages));
  const { model_version: version } = extras;
  const modules = Object.fromEntries(MODULES.flatMap((module) => (extras[module] === undefined ? [] : [[module, extras[module]]])));
  const prompt = {
    template,
    ...(tools === undefined ? {} : { tools }),
    ...(format === undefined || dropped.has('response_format') ? {} : { response_format: format }),
  };
  const params = paramsOf(rest, target.model, dropped);
  const model = { name, ...(version === undefined ? {} : { version }), ...(Object.keys(params).length === 0 ? {} : { params }) };
  return {
    path: '/v2/completion',
    headers: request.stream ? { accept: 'text/event-stream' } : {},
    body: {
      config: {
        modules: { prompt_templating: { prompt, model }, ...modules },
        ...(request.stream ? { stream: { enabled: true } } : {}),
      },
      ...(history.length === 0 ? {} : { messages_history: history }),
      ...(Object.keys(values).length === 0 ? {} : { placeholder_values: values }),
    },
    framing: 'sse',
    answer: readAnswer,
    reader: () => new SapStreamReader(),
  };
}

/** Documents come by placeholders in the prompt, and no text of a caller's is looked through for placeholders here. */
function refuseGrounding(extras: JsonObject): void {
  for (const name of ['grounding', 'placeholder_values', 'messages_history'])
    if (extras[name] !== undefined && extras[name] !== null)
      throw new InvalidRequestError(`${name} needs placeholders in the prompt; every message is sent to SAP as data, without any.`, name);
}

function paramsOf(body: JsonObject, model: string, dropped: ReadonlySet<string>): JsonObject {
  const kept = Object.entries(body).filter(
    ([name, value]) => !OWN_NAMES.has(name) && !WITHOUT_EFFECT.includes(name) && !dropped.has(name) && value !== undefined,
  );
  return Object.fromEntries(
    kept.map(([name, value]) => [name === 'max_tokens' && NEW_LIMIT.test(model) ? 'max_completion_tokens' : name, value]),
  );
}
