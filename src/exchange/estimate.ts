import type { ModelGroup } from '../core/deployment.ts';
import { isObject } from '../core/json-object.ts';
import type { Usd } from '../core/money.ts';
import type { Price } from '../core/price.ts';
import type { Usage } from '../core/usage.ts';
import { camelCased } from '../dialects/gemini/camel-case.ts';
import { heardUse } from '../dialects/openai/audio/heard.ts';
import { speechUse } from '../dialects/openai/audio/speech.ts';
import { promptsIn } from '../dialects/openai/completions/request.ts';
import { askedImages, imageUse } from '../dialects/openai/images/use.ts';
import { estimateBody } from '../ledger/tokens/estimate-body.ts';
import { estimateChatOutput } from '../ledger/tokens/estimate.ts';
import type { Call } from './call.ts';
import { rerankUse } from './rerank-use.ts';
import type { Upstream } from './upstream.ts';

export interface EstimateSettings {
  /** `budget_default_output_tokens` (ruling M5). */
  readonly defaultOutputTokens: number;
}

/** What a call may use, guessed before it is made (ruling M10). */
export interface Estimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The output limit that the client itself set, times its answers; 0 when it set none. */
  readonly askedOutputTokens: number;
  /** Of calls that are not priced by tokens alone: what is known of their use, and a guess of all that a price may ask for. */
  readonly measured?: { readonly usage: Usage | null; readonly guess: Usage };
}

/** What to set aside. @param at the call's start, milliseconds since 1970 */
export function costOfEstimate(price: Price, { inputTokens, outputTokens, measured }: Estimate, at: number): Usd {
  return measured === undefined ? price.estimate(inputTokens, outputTokens, at) : price.costOf(measured.guess, at).total;
}

export function estimateOf(call: Call, group: ModelGroup<Upstream>, settings: EstimateSettings): Estimate {
  if (call.operation === 'speech') return { ...NO_TOKENS, measured: speechUse(longestInput(call)) };
  if (call.operation === 'image_generation' || call.operation === 'image_edit')
    return { ...NO_TOKENS, measured: { usage: null, guess: imageGuess(call, group) } };
  const { upload } = call;
  if (upload) {
    return {
      ...NO_TOKENS,
      // The longer it arrives, the more is known of it.
      get measured() {
        return heardUse(upload);
      },
    };
  }
  if (call.operation === 'rerank') {
    const guess = rerankUse(call.body.value('query'), call.body.value('documents'));
    return { ...NO_TOKENS, inputTokens: guess.inputTokens, measured: { usage: null, guess } };
  }
  const inputTokens = estimateBody(call.body.latin1);
  if (WITHOUT_OUTPUT.has(call.operation)) return { ...NO_TOKENS, inputTokens };
  const { asked, n } = call.operation === 'generate' ? askedInConfig(call) : askedInBody(call);
  const limits = { model: group.deployments[0]?.target.abilities.maxOutputTokens ?? null, fallback: settings.defaultOutputTokens };
  const outputTokens = estimateChatOutput({ ...(asked === null ? {} : { maxOutputTokens: asked }), n }, limits);
  return { inputTokens, outputTokens, askedOutputTokens: (asked ?? 0) * n };
}

/** What may be made: as many images as the call or one of its fallbacks asks for, of the size and quality that hold for it. */
function imageGuess({ body, operation, options, upload }: Call, { deployments }: ModelGroup<Upstream>): Usage {
  const extra = body.has('extra_body') ? body.value('extra_body') : null;
  const usual = deployments[0]?.upstream.defaults ?? {};
  const own = { ...usual, ...body.whole(), ...(isObject(extra) ? extra : {}) };
  const wanted = [own, ...(options.fallbacks ?? []).map(({ overrides }) => ({ ...own, ...overrides }))];
  const given = operation === 'image_edit' ? Math.max(1, upload?.known ?? 0) : 0;
  const asked = wanted.map((members) => askedImages(members, given)).toSorted((a, b) => b.n - a.n);
  return imageUse(asked[0] ?? askedImages(own, given)).guess;
}

/** Operations that write no tokens. */
const WITHOUT_OUTPUT: ReadonlySet<Call['operation']> = new Set(['embeddings', 'embed', 'moderations']);

/** The limit that a client sets for each answer, and how many answers it wants. */
interface AskedOutput {
  readonly asked: number | null;
  readonly n: number;
}

function askedInBody(call: Call): AskedOutput {
  const limit = (name: string): number | null => member(call, name);
  return { asked: limit('max_completion_tokens') ?? limit('max_tokens') ?? limit('max_output_tokens'), n: answersOf(call) };
}

/** Google's API has its limits in an object of their own. */
function askedInConfig({ body }: Call): AskedOutput {
  const given = body.value('generationConfig') ?? body.value('generation_config');
  const config = isObject(given) ? camelCased(given) : {};
  return { asked: positive(config['maxOutputTokens']), n: Math.min(positive(config['candidateCount']) ?? 1, MOST_CHOICES) };
}

/** The longest text that a provider may be asked to speak: `extra_body` and the fallbacks that a client names may bring their own. */
function longestInput({ body, options }: Call): string {
  const extra = body.has('extra_body') ? body.value('extra_body') : null;
  const texts = [
    body.value('input'),
    ...(isObject(extra) ? [extra['input']] : []),
    ...(options.fallbacks ?? []).map(({ overrides }) => overrides['input']),
  ].filter((text) => typeof text === 'string');
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}

/** Limits count the tokens of audio when they are told. */
const NO_TOKENS = { inputTokens: 0, outputTokens: 0, askedOutputTokens: 0 } as const;

/** How many texts a call may have written for it; each prompt of a completion has its own, and of some only the best are told. */
function answersOf(call: Call): number {
  const each = Math.min(member(call, 'n') ?? 1, MOST_CHOICES);
  if (call.operation !== 'completions') return each;
  return promptsIn(call.body.value('prompt')) * Math.max(each, Math.min(member(call, 'best_of') ?? 1, MOST_CHOICES));
}

/** OpenAI's own bound. */
const MOST_CHOICES = 128;

/** A limit that a client may have set; odd values are the provider's to refuse. */
function positive(value: unknown): number | null {
  return typeof value === 'number' && value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.ceil(value) : null;
}

function member({ body }: Call, name: string): number | null {
  return positive(body.has(name) ? body.value(name) : null);
}
