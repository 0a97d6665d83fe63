/** Vocabularies that the tokenizer package has and we use. */
export type Encoding = 'o200k_base' | 'cl100k_base';

interface Family {
  readonly models: RegExp;
  readonly encoding: Encoding;
  /** Tokens of this family for one of the encoding. */
  readonly ratio: number;
}

/**
 * How models count, for answers that come without usage. OpenAI's own by OpenAI's list of encodings (the `tiktoken`
 * README). Others have no tokenizer here: the nearest vocabulary times a ratio.
 *
 * - Claude 3 and 4: Anthropic publishes no tokenizer. 1.2 is our own guess to the safe side; 1.35 from Opus 4.7 on, the
 *   upper end of what its migration guide states.
 * - Qwen and Llama 3: vocabularies grown from cl100k (their model cards).
 */
const FAMILIES: readonly Family[] = [
  { models: /gpt-4(?!o|\.1|\.5)|gpt-3\.5|text-embedding-(?:3|ada)|davinci-002|babbage-002/, encoding: 'cl100k_base', ratio: 1 },
  { models: /claude-(?:opus-(?:4[-.][7-9]|[5-9])|(?:sonnet|haiku|fable|mythos)-[5-9])/, encoding: 'o200k_base', ratio: 1.35 },
  { models: /claude/, encoding: 'o200k_base', ratio: 1.2 },
  { models: /qwen|llama-?3/, encoding: 'cl100k_base', ratio: 1 },
];

const DEFAULT = { encoding: 'o200k_base', ratio: 1 } as const;

/** How a model counts, by its name in any provider's spelling. Unknown models count like OpenAI's newest. */
export function tokenFamily(model: string): { readonly encoding: Encoding; readonly ratio: number } {
  const name = model.toLowerCase();
  return FAMILIES.find(({ models }) => models.test(name)) ?? DEFAULT;
}
