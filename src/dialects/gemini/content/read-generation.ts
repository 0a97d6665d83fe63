import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest, Reasoning, ResponseFormat } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import { booleanAt, maybe, numberAt, objectAt, rawAt, refused, stringAt, stringsAt, wholeAt } from './fields.ts';
import { readSchema } from './read-schema.ts';

/** What `generationConfig` says. */
export interface ReadGeneration {
  readonly members: Omit<Partial<ChatRequest>, 'model' | 'messages' | 'stream' | 'others' | 'extras'>;
  readonly others: JsonObject;
  /** The client wants to see what the model thought: Google shows it to nobody else. */
  readonly showsThoughts: boolean;
}

const PATH = 'generationConfig';

/**
 * `generationConfig`, in words that every provider has.
 *
 * @param body with its members in camel case
 * @throws {InvalidRequestError} naming the member
 * @see https://ai.google.dev/api/generate-content#generationconfig (2026-11-26)
 */
export function readGeneration(body: JsonObject, stream: boolean): ReadGeneration {
  const config = maybe(body[PATH], PATH, objectAt) ?? {};
  const read = <T>(name: string, check: (value: unknown, path: string) => T): T | undefined =>
    maybe(config[name], `${PATH}.${name}`, check);
  const thinking = read('thinkingConfig', objectAt) ?? {};
  return {
    members: present({
      temperature: read('temperature', numberAt),
      topP: read('topP', numberAt),
      topK: read('topK', numberAt),
      maxOutputTokens: read('maxOutputTokens', wholeAt),
      stop: read('stopSequences', stringsAt),
      n: read('candidateCount', wholeAt),
      seed: read('seed', wholeAt),
      presencePenalty: read('presencePenalty', numberAt),
      frequencyPenalty: read('frequencyPenalty', numberAt),
      logprobs: read('responseLogprobs', booleanAt),
      topLogprobs: read('logprobs', wholeAt),
      responseFormat: formatIn(config),
      reasoning: reasoningIn(thinking),
    }),
    others: modalitiesIn(config, stream),
    showsThoughts: maybe(thinking['includeThoughts'], `${PATH}.thinkingConfig.includeThoughts`, booleanAt) ?? false,
  };
}

/** Name of the client's schema for providers that want one. */
const FORMAT_NAME = 'response';

function formatIn(config: JsonObject): ResponseFormat | undefined {
  const type = maybe(config['responseMimeType'], `${PATH}.responseMimeType`, stringAt) ?? '';
  const openApi = maybe(config['responseSchema'], `${PATH}.responseSchema`, rawAt);
  const name = config['responseJsonSchema'] === undefined ? '_responseJsonSchema' : 'responseJsonSchema';
  const schema = maybe(config[name], `${PATH}.${name}`, rawAt) ?? (openApi && readSchema(openApi));
  if (type === 'text/x.enum')
    throw refused(`${PATH}.responseMimeType`, "'text/x.enum' is known to Gemini's models alone; ask for 'application/json'.");
  if (schema !== undefined) return { type: 'json_schema', name: FORMAT_NAME, schema };
  return type === 'application/json' ? { type: 'json_object' } : undefined;
}

/** A level is an effort; a budget of 0 turns thinking off, and a negative one leaves it to the model. */
function reasoningIn(thinking: JsonObject): Reasoning | undefined {
  const path = `${PATH}.thinkingConfig`;
  const level = maybe(thinking['thinkingLevel'], `${path}.thinkingLevel`, stringAt)?.toLowerCase();
  const budget = maybe(thinking['thinkingBudget'], `${path}.thinkingBudget`, wholeAt);
  if (level !== undefined && level !== 'thinking_level_unspecified') return { effort: level };
  if (budget === undefined || budget < 0) return undefined;
  if (budget === 0) return { effort: 'none' };
  return { thinking: { type: 'enabled', budgetTokens: budget, raw: { type: 'enabled', budget_tokens: budget } } };
}

/** What the answer is made of, where it is more than text, in the words of OpenAI's chat. */
function modalitiesIn(config: JsonObject, stream: boolean): JsonObject {
  const given = maybe(config['responseModalities'], `${PATH}.responseModalities`, stringsAt) ?? [];
  const modalities = given.map((word) => word.toLowerCase()).filter((word) => word !== 'modality_unspecified');
  if (modalities.every((word) => word === 'text')) return {};
  if (!modalities.includes('audio')) return { modalities };
  const audio = { voice: voiceIn(config) ?? 'alloy', format: stream ? 'pcm16' : 'wav' };
  return { modalities: [...new Set(['text', ...modalities])], audio };
}

function voiceIn(config: JsonObject): string | undefined {
  const path = `${PATH}.speechConfig`;
  const voice = maybe(maybe(config['speechConfig'], path, objectAt)?.['voiceConfig'], `${path}.voiceConfig`, objectAt);
  const named = maybe(voice?.['prebuiltVoiceConfig'], `${path}.voiceConfig.prebuiltVoiceConfig`, objectAt);
  return maybe(named?.['voiceName'], `${path}.voiceConfig.prebuiltVoiceConfig.voiceName`, stringAt);
}
