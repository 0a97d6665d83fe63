import type { Place } from '../resolve/place.ts';

/** Whose rules hold for models of a maker, where the maker has an interface of its own that the catalogue knows. */
const RULES: Readonly<Record<string, string>> = { openai: 'openai', xai: 'xai' };

/** Servers that speak OpenAI's interface, of which nothing more is known. */
const COMPATIBLE = 'openai_like';

/**
 * Where Oracle answers in OpenAI's words, which is what a Generative AI API key opens.
 *
 * @param place where its own interface would be asked
 * @see https://docs.oracle.com/en-us/iaas/Content/generative-ai/api-keys.htm (2026-11-26)
 */
export function compatiblePlace(place: Place): Place {
  const { base, model } = place;
  const [, maker = '', family = model] = /^([a-z]+)\.(.+)$/.exec(model) ?? [];
  return {
    ...place,
    base: base.endsWith('/v1') ? base : `${base}/20231130/actions/v1`,
    dialect: 'openai',
    family,
    rules: RULES[maker] ?? COMPATIBLE,
  };
}
