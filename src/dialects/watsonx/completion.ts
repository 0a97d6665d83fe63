import type { Answer } from '../../core/answer.ts';
import type { OutwardChat, Target } from '../../core/dialect.ts';
import { foldStream } from '../../core/fold-stream.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { MalformedAnswerError } from '../../core/provider-error.ts';
import type { ChatRequest, CompletionRequest } from '../../core/request.ts';
import { present } from '../openai/request-fields.ts';
import { checkParams, forcedParams, presentParams } from '../params.ts';
import { GenerationReader } from './generation-reader.ts';
import { placeOf } from './place.ts';

/** What text generation takes of OpenAI's parameters. */
const TAKEN: ReadonlySet<string> = new Set(['max_tokens', 'temperature', 'top_p', 'stop', 'seed']);

/** Members that stand beside `parameters`, whoever sets them. */
const BESIDE: ReadonlySet<string> = new Set(['moderations']);
const PLACED: ReadonlySet<string> = new Set(['project_id', 'space_id', 'model_id', 'input', 'parameters']);

/**
 * Text to go on from.
 *
 * @throws {UnsupportedParamsError} when the request cannot be said so
 * @see https://cloud.ibm.com/apidocs/watsonx-ai#text-generation (2026-11-26)
 */
export function completion({ prompt, suffix, chat }: CompletionRequest, target: Target): OutwardChat {
  checkParams([...presentParams(chat), ...(suffix === undefined ? [] : ['suffix'])], TAKEN, target);
  const { path, members } = placeOf(target.model, chat.extras);
  return {
    path: `${path}/text/generation${chat.stream ? '_stream' : ''}`,
    headers: chat.stream ? { accept: 'text/event-stream' } : {},
    body: {
      ...ownOf(chat.extras, (name) => BESIDE.has(name)),
      ...forcedParams(chat, target, []),
      input: prompt,
      parameters: parametersOf(chat),
      ...members,
    },
    framing: 'sse',
    answer: answerOf,
    reader: () => new GenerationReader(),
  };
}

/** @throws {ProviderError | MalformedAnswerError} */
function answerOf(body: unknown): Answer {
  const reader = new GenerationReader();
  const parts = reader.read(body);
  if (parts.length === 0) throw new MalformedAnswerError('The answer holds no text.', 'shape');
  return foldStream([...parts, ...reader.end()]);
}

/** Its own parameters (`min_new_tokens`, `repetition_penalty` ...) may stand at the top of the body or in `parameters`. */
function parametersOf({ extras, maxOutputTokens, seed, stop, temperature, topK, topP }: ChatRequest): JsonObject {
  const given = isObject(extras['parameters']) ? extras['parameters'] : {};
  return {
    ...methodFor(temperature, topP),
    ...present({
      max_new_tokens: maxOutputTokens,
      temperature: temperature === 0 ? undefined : temperature,
      top_p: topP,
      top_k: topK,
      random_seed: seed,
      stop_sequences: stop,
    }),
    ...ownOf(extras, (name) => !BESIDE.has(name) && !PLACED.has(name)),
    ...given,
  };
}

/** Only a model that samples heeds a temperature; one of 0 means that it does not. Neither is said: its default holds. */
function methodFor(temperature: number | undefined, topP: number | undefined): JsonObject {
  if (temperature === 0) return { decoding_method: 'greedy' };
  return temperature === undefined && topP === undefined ? {} : { decoding_method: 'sample' };
}

function ownOf(extras: JsonObject, isWanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(extras).filter(([name]) => isWanted(name)));
}
