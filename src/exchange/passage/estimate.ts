import type { Deployment } from '../../core/deployment.ts';
import { isObject } from '../../core/json-object.ts';
import { estimateBody } from '../../ledger/tokens/estimate-body.ts';
import { estimateChatOutput } from '../../ledger/tokens/estimate.ts';
import type { BookedCall } from '../call.ts';
import type { Estimate, EstimateSettings } from '../estimate.ts';
import type { Upstream } from '../upstream.ts';
import { mediaRequestOf } from './media-reading.ts';

/** Where providers' requests set how much may be written: OpenAI, Anthropic, Mistral, Cohere; then Gemini and Bedrock. */
const LIMITS = ['max_completion_tokens', 'max_output_tokens', 'max_tokens', 'max_tokens_to_sample'] as const;
const NESTED_LIMITS = [
  ['generationConfig', 'maxOutputTokens'],
  ['inferenceConfig', 'maxTokens'],
] as const;

const NO_TOKENS = { inputTokens: 0, outputTokens: 0, askedOutputTokens: 0 } as const;
/** What writes no tokens. */
const WITHOUT_OUTPUT = /\/(?:embed|embeddings|moderations|rerank)$|:(?:batchEmbedContents|embedContent|countTokens)$/;

/** What a passed request may use, guessed before it is made. Without a model there is nothing that costs by tokens. */
export function estimateOfPassage(call: BookedCall, { target }: Deployment<Upstream>, path: string, settings: EstimateSettings): Estimate {
  if (call.model === '') return NO_TOKENS;
  const media = mediaRequestOf(path, call.body);
  if (media !== null) return { ...NO_TOKENS, measured: media.measured };
  const inputTokens = estimateBody(call.body.latin1);
  if (WITHOUT_OUTPUT.test(path)) return { ...NO_TOKENS, inputTokens };
  const asked = askedOutput(call);
  const limits = { model: target.abilities.maxOutputTokens, fallback: settings.defaultOutputTokens };
  const outputTokens = estimateChatOutput({ ...(asked === null ? {} : { maxOutputTokens: asked }), n: 1 }, limits);
  return { inputTokens, outputTokens, askedOutputTokens: asked ?? 0 };
}

function askedOutput({ body }: BookedCall): number | null {
  for (const name of LIMITS) if (body.has(name)) return positive(body.value(name));
  for (const [outer, inner] of NESTED_LIMITS) {
    const group = body.has(outer) ? body.value(outer) : null;
    if (isObject(group)) return positive(group[inner]);
  }
  return null;
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.ceil(value) : null;
}
