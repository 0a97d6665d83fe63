import type { Abilities } from '../core/dialect.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { AbilityRule } from './catalogue/ability-rule.ts';

const UNKNOWN: Abilities = {
  vision: null,
  tools: null,
  jsonSchema: null,
  reasoning: null,
  audioInput: null,
  pdfInput: null,
  promptCaching: null,
  webSearch: null,
  maxInputTokens: null,
  maxOutputTokens: null,
};

type Flag = { [K in keyof Abilities]: Abilities[K] extends boolean | null ? K : never }[keyof Abilities];

/** `model_info` keys that say it better than any rule. */
const FLAGS: Readonly<Record<string, Flag>> = {
  supports_vision: 'vision',
  supports_function_calling: 'tools',
  supports_response_schema: 'jsonSchema',
  supports_reasoning: 'reasoning',
  supports_audio_input: 'audioInput',
  supports_pdf_input: 'pdfInput',
  supports_prompt_caching: 'promptCaching',
  supports_web_search: 'webSearch',
};

/** What models can do, by rules for their families. What no rule and no owner says is `null`: unknown, and refuses nothing. */
export class AbilityTable {
  readonly #rules: readonly { readonly match: RegExp; readonly except: RegExp | null; readonly abilities: Partial<Abilities> }[];

  constructor(rules: readonly AbilityRule[]) {
    this.#rules = rules.map(({ match, except, abilities }) => ({
      match: new RegExp(match),
      except: except === undefined ? null : new RegExp(except),
      abilities: abilities as Partial<Abilities>,
    }));
  }

  /**
   * @param model the provider's name of the model, prefixes and tags allowed
   * @param info `model_info` of the row: `supports_*`, `max_input_tokens`, `max_output_tokens`, `max_tokens`, `base_model`
   */
  of(model: string, info: JsonObject = {}): Abilities {
    const { base_model: base } = info;
    const name = familyName(typeof base === 'string' && base !== '' ? base : model);
    const fitting = this.#rules.filter(({ match, except }) => match.test(name) && !except?.test(name));
    return Object.assign({}, UNKNOWN, ...fitting.map(({ abilities }) => abilities).toReversed(), declared(info)) as Abilities;
  }
}

/** Reads the bundled rules. Their form is proved by a test. */
export async function loadAbilities(): Promise<AbilityTable> {
  const { default: file } = await import('./catalogue/abilities.json', { with: { type: 'json' } });
  return new AbilityTable(file.rules);
}

/** `ft:gpt-4o:acme::id` → `gpt-4o`; `meta-llama/Llama-3.3-70B:free` → `llama-3.3-70b:free`; `anthropic.claude-...` → `claude-...`; `xai.grok-...` → `grok-...`; dots of `claude-sonnet-4.5` → dashes. */
function familyName(model: string): string {
  const last = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const plain = last
    .replace(/^ft:([^:]+).*$/, '$1')
    .replace(/^(?:[a-z]+\.)*(?=claude-)/, '')
    .replace(/^(?:xai|google|openai|cohere|meta)\.(?=grok|gemini|gpt-|o\d|command-a|command-r(?:-plus)?-08|llama-)/, '')
    .replace(/^meta-/, '');
  return plain.startsWith('claude-') ? plain.replaceAll('.', '-') : plain;
}

function declared(info: JsonObject): Partial<Abilities> {
  const result: { -readonly [K in keyof Abilities]?: Abilities[K] } = {};
  for (const [key, ability] of Object.entries(FLAGS)) {
    const value = info[key];
    if (typeof value === 'boolean') result[ability] = value;
  }
  const { max_input_tokens: input, max_output_tokens: output, max_tokens: either } = info;
  if (isCount(input)) result.maxInputTokens = input;
  if (isCount(output)) result.maxOutputTokens = output;
  else if (isCount(either)) result.maxOutputTokens = either;
  return result;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
