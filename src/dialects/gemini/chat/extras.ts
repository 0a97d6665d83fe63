import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { camelCased, inCamelCase } from '../camel-case.ts';

/** Members of `generationConfig` that a client may say in Google's own words. */
const GENERATION: ReadonlySet<string> = new Set([
  'stopSequences',
  'responseMimeType',
  'responseModalities',
  'responseSchema',
  'responseJsonSchema',
  'candidateCount',
  'maxOutputTokens',
  'topK',
  'topP',
  'responseLogprobs',
  'enableEnhancedCivicAnswers',
  'speechConfig',
  'thinkingConfig',
  'imageConfig',
  'mediaResolution',
  'audioTimestamp',
  'routingConfig',
]);

/** Members of the body itself that have two words in their name. */
const BODY: ReadonlySet<string> = new Set(['safetySettings', 'cachedContent', 'systemInstruction', 'modelArmorConfig', 'serviceTier']);

/** A client's own words for Google, sorted to where they belong. */
export interface Extras {
  /** To be laid over the body's own members. */
  readonly body: JsonObject;
  readonly generation: JsonObject;
  readonly toolConfig: JsonObject;
}

/** Sorts a provider's own parameters: known names in Google's spelling, others as they came at the top, where Google says that it does not know them. */
export function sortedExtras(extras: Readonly<JsonObject>): Extras {
  const body: JsonObject = {};
  const generation: JsonObject = {};
  const toolConfig: JsonObject = {};
  for (const [name, value] of Object.entries(extras)) {
    if (value === null || value === undefined) continue;
    const camel = inCamelCase(name);
    if (camel === 'generationConfig' && isObject(value)) Object.assign(generation, camelCased(value));
    else if (camel === 'toolConfig' && isObject(value)) Object.assign(toolConfig, camelCased(value));
    else if (GENERATION.has(camel)) generation[camel] = value;
    else body[BODY.has(camel) ? camel : name] = value;
  }
  return { body, generation, toolConfig };
}
