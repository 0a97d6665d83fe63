/** What a model of the generic form wants otherwise than most. */
export interface Family {
  /** Who made it, by the first part of its name. */
  readonly maker: string;
  /** The limit of output counts thoughts too, and has a name of its own. */
  readonly completionLimit: boolean;
  /** Parameters that the model refuses. */
  readonly refused: readonly string[];
  /** Sampling may be said only as it is anyhow: 1. */
  readonly fixedSampling: boolean;
  /** Results of tools must follow their calls one by one. */
  readonly onePerTurn: boolean;
  /** Schemas of tools may hold alternatives, null among them. */
  readonly alternatives: boolean;
}

/**
 * Families by the model's name; the first that fits counts.
 *
 * @see https://docs.x.ai/docs/guides/reasoning (2026-11-26)
 * @see https://platform.openai.com/docs/guides/reasoning (2026-11-26)
 */
const REFUSED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^xai\.grok-(?:4|code|[5-9]).*non-reasoning/, []],
  [/^xai\.grok-(?:4$|4-fast|code)/, ['stop', 'presence_penalty', 'frequency_penalty', 'reasoning_effort']],
  [/^xai\.grok-(?:4|[5-9])/, ['stop', 'presence_penalty', 'frequency_penalty']],
  [/^xai\.grok-3-mini/, ['stop']],
  [/^xai\.grok-[23]/, ['reasoning_effort']],
];

const REASONING_GPT = /^openai\.(?:gpt-5(?!.*chat)|o\d)/;

export function familyOf(model: string): Family {
  const maker = /^([a-z]+)\./.exec(model)?.[1] ?? '';
  return {
    maker,
    completionLimit: maker === 'openai' && !model.startsWith('openai.gpt-oss'),
    refused: REFUSED.find(([pattern]) => pattern.test(model))?.[1] ?? [],
    fixedSampling: REASONING_GPT.test(model),
    onePerTurn: maker === 'google',
    alternatives: maker === 'openai' || maker === 'xai',
  };
}
