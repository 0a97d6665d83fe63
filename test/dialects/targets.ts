import type { Abilities, Target } from '../../src/core/dialect.ts';

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

/** A target about which nothing is known and that drops nothing, save for what the test says. */
export function target(provider: string, model: string, params: Partial<Target['params']> = {}): Target {
  return { provider, model, abilities: UNKNOWN, params: { drop: false, allow: [], modify: false, ...params } };
}
