import type { Target } from '../../core/dialect.ts';
import { InvalidRequestError, UnsupportedParamsError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { ChatRequest, ResponseFormat } from '../../core/request.ts';
import { writeMessages } from '../openai/chat/write-messages.ts';
import { present } from '../openai/request-fields.ts';
import { checkParams, forcedParams, presentParams } from '../params.ts';
import { toldConversation } from './conversation.ts';
import type { InputForm } from './input-forms.ts';

/** OpenAI parameters that change nothing in the answer: left out without a word. */
const WITHOUT_EFFECT = ['user', 'safety_identifier', 'parallel_tool_calls', 'store', 'metadata', 'prompt_cache_key', 'prompt_cache_retention']; // prettier-ignore

/**
 * A conversation as the input of a model.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when it cannot be said so
 */
export function chatInput(request: ChatRequest, form: InputForm, target: Target): JsonObject {
  const { system: said, prompt, isLong, images } = toldConversation(request.messages, form.marks);
  const system = [said, jsonHint(request.responseFormat)].filter((text) => text !== '').join('\n\n');
  const isListed = form.messages === true && isLong;
  const conversation = isListed
    ? { messages: [...(system === '' ? [] : [{ role: 'system', content: system }]), ...writeMessages(turnsOf(request))] }
    : { ...promptMembers(prompt, system, form), ...imageMembers(images, form) };
  return { ...conversation, ...parameters(request, form, target), ...request.extras };
}

/** Text to go on from. @throws as {@link chatInput} */
export function promptInput(prompt: string, request: ChatRequest, form: InputForm, target: Target): JsonObject {
  return { prompt, ...parameters(request, form, target), ...request.extras };
}

function turnsOf({ messages }: ChatRequest): ChatRequest['messages'] {
  return messages.filter(({ role }) => role !== 'system' && role !== 'developer');
}

function promptMembers(prompt: string, system: string, form: InputForm): JsonObject {
  if (system === '') return { prompt };
  return form.system === null ? { prompt: `${system}\n\n${prompt}` } : { prompt, [form.system]: system };
}

function imageMembers(images: readonly string[], { images: { name, list } }: InputForm): JsonObject {
  const [first, ...more] = images;
  if (first === undefined) return {};
  if (!list && more.length > 0)
    throw new InvalidRequestError('This model takes one image, and the conversation holds several.', 'messages');
  return { [name]: list ? images : first };
}

function parameters(request: ChatRequest, form: InputForm, target: Target): JsonObject {
  const supported = new Set(['max_tokens', 'response_format', ...form.taken, ...WITHOUT_EFFECT, ...(form.stop === null ? [] : ['stop'])]);
  if (request.n === 1) supported.add('n');
  const dropped = checkParams(presentParams(request), supported, target);
  const { temperature, topP, topK, presencePenalty, frequencyPenalty, seed, maxOutputTokens, stop, reasoning, others } = request;
  const named: JsonObject = {
    temperature,
    top_p: topP,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    seed,
    reasoning_effort: reasoning?.effort,
    verbosity: others['verbosity'],
  };
  const kept = Object.entries(named).filter(([name]) => form.taken.includes(name) || (name in named && target.params.allow.includes(name)));
  const limit = maxOutputTokens === undefined ? undefined : Math.max(form.leastTokens ?? 1, maxOutputTokens);
  return present({
    ...forcedParams(request, target, ['n', 'logitBias', 'user', 'serviceTier', 'parallelToolCalls']),
    ...Object.fromEntries(kept),
    top_k: topK,
    [form.maxTokens]: limit,
    ...(form.stop === null || dropped.has('stop') ? {} : { [form.stop]: stop && stopText(stop, target) }),
  });
}

/** Sequences are parted by commas: one that holds a comma cannot be said. */
function stopText(stop: readonly string[], { provider, model, params }: Target): string | undefined {
  const sayable = stop.filter((sequence) => !sequence.includes(','));
  if (sayable.length < stop.length && !params.drop) throw new UnsupportedParamsError(provider, model, ['stop']);
  return sayable.length === 0 ? undefined : sayable.join(',');
}

/** No model here is bound to a form: JSON is asked for in words (data-plane 11.5). */
function jsonHint(wanted: ResponseFormat | undefined): string {
  if (wanted === undefined || wanted.type === 'text') return '';
  if (wanted.schema === undefined) return 'Answer with one JSON object, and with nothing else.';
  return `Answer with one JSON value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(wanted.schema)}`;
}
