import type { Host } from '../../core/dialect.ts';

/** A level of `thinkingConfig.thinkingLevel`. */
export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high';

/**
 * How a model is told to think. `none`: it does not, and refuses to be told; `unsaid`: it thinks as it likes; `budget`: a
 * number of tokens; `level`: a word.
 */
type Thinking = { readonly by: 'none' | 'unsaid' } | BudgetRange | { readonly by: 'level'; readonly levels: readonly ThinkingLevel[] };

export interface BudgetRange {
  readonly by: 'budget';
  /** Fewest and most tokens of thought. */
  readonly least: number;
  readonly most: number;
  /** Whether 0 turns it off. */
  readonly canBeOff: boolean;
}

/** What a family of Google's models takes and refuses. */
export interface ModelFamily {
  readonly thinking: Thinking;
  /** What came with Gemini 3: signed calls are asked back, Google's tools and JSON stand beside functions, results hold media. */
  readonly isThird: boolean;
  /** JSON Schema as it is; others take a subset of OpenAPI's. */
  readonly jsonSchema: boolean;
  readonly systemInstruction: boolean;
  /** Calls and their results bear ids. */
  readonly callIds: boolean;
  /** Steps of Google's own tools are told only when that is asked for. */
  readonly asksForSteps: boolean;
}

const FLASH_BUDGET: BudgetRange = { by: 'budget', least: 1, most: 24_576, canBeOff: true };
const LOW_TO_HIGH: Thinking = { by: 'level', levels: ['low', 'medium', 'high'] };

const GEMINI_1: ModelFamily = {
  thinking: { by: 'none' },
  isThird: false,
  jsonSchema: false,
  systemInstruction: true,
  callIds: true,
  asksForSteps: true,
};
const GEMINI_2: ModelFamily = { ...GEMINI_1, jsonSchema: true };
const GEMINI_2_5: ModelFamily = { ...GEMINI_2, thinking: FLASH_BUDGET };
const GEMINI_3: ModelFamily = { ...GEMINI_2, thinking: LOW_TO_HIGH, isThird: true };

/**
 * Families by the model's name; the first that fits counts. A name without a row (a tuned model) is taken for one of 2.5.
 *
 * @see https://ai.google.dev/gemini-api/docs/thinking (levels and budgets by model)
 * @see https://ai.google.dev/gemini-api/docs/gemini-3
 * @see https://ai.google.dev/gemini-api/docs/structured-output
 * Read on 2026-11-26.
 */
const FAMILIES: readonly (readonly [RegExp, ModelFamily])[] = [
  [/^gemini-(1\.|pro$|pro-vision)/, GEMINI_1],
  [/^gemini-2\.0.*image/, { ...GEMINI_2, systemInstruction: false }],
  [/^gemini-2\.0/, GEMINI_2],
  [/^gemini-2\.5.*-(image|tts|live|native-audio)/, { ...GEMINI_2, thinking: { by: 'unsaid' } }],
  [/^gemini-2\.5-pro/, { ...GEMINI_2_5, thinking: { by: 'budget', least: 128, most: 32_768, canBeOff: false } }],
  [/^gemini-2\.5-flash-lite/, { ...GEMINI_2_5, thinking: { ...FLASH_BUDGET, least: 512 } }],
  [/^gemini-2\.5/, GEMINI_2_5],
  [/^gemini-.*-(image|tts|live|native-audio)/, { ...GEMINI_3, thinking: { by: 'unsaid' } }],
  [/^gemini-3-pro/, { ...GEMINI_3, thinking: { by: 'level', levels: ['low', 'high'] } }],
  [/^gemini-3(\.[1-6])?-flash/, { ...GEMINI_3, thinking: { by: 'level', levels: ['minimal', 'low', 'medium', 'high'] } }],
  [/^gemini-(\d|flash-|pro-)/, GEMINI_3],
  [/^gemma-(?!3n?-|[12]-)/, GEMINI_2],
  [/^gemma-/, { ...GEMINI_2, systemInstruction: false }],
  [/^(learnlm|aqa|palm)/, GEMINI_1],
];

/**
 * What is known of a model, by its name; a `models/` in front does not matter.
 *
 * @param host whose interface it is; absent: AI Studio's
 */
export function familyOf(model: string, host?: Host): ModelFamily {
  const name = model.toLowerCase().replace(/^.*\//, '');
  const family = FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? GEMINI_2_5;
  return host === undefined ? family : { ...family, ...LACKS[host] };
}

/**
 * What a host's interface has no word for, and refuses.
 *
 * @see https://cloud.google.com/vertex-ai/docs/reference/rest/v1/Content#FunctionCall (2026-11-26)
 */
const LACKS: Readonly<Record<Host, Partial<ModelFamily>>> = { vertex: { callIds: false, asksForSteps: false } };
