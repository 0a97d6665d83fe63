import type { DialectName } from '../../../core/dialect.ts';

/** Which of Vertex AI's interfaces speaks for a model. */
export interface VertexRoute {
  readonly dialect: DialectName;
  /** The model's resource below its location: `publishers/google/models/gemini-2.5-pro`, `endpoints/123`, `endpoints/openapi`. */
  readonly resource: string;
  /** What the model is called in the body, and its price looked up by. */
  readonly model: string;
  /** Id of the row whose quirks hold, where the model's maker has rules of its own. */
  readonly rules: string | null;
  /** `chat`: operations have OpenAI's path below the resource; `raw`: the body goes to the maker's server as it is. */
  readonly by: 'generate' | 'raw' | 'chat';
}

/**
 * - `gemini-2.5-pro`, `text-embedding-005`, `google/gemini-2.5-pro` → Google's own models
 * - `gemini/1234567890` → a tuned Gemini behind an endpoint of the owner's
 * - `1234567890`, `openai/1234567890` → a server behind an endpoint of the owner's, in OpenAI's words
 * - `claude-sonnet-4-5@20250929` → Anthropic's, in its words
 * - `mistral-small-2503@001`, `codestral-2501`, `jamba-1.5-mini@001` → Mistral's and AI21's, in OpenAI's words
 * - `meta/llama-3.3-70b-instruct-maas`, `deepseek-ai/...` → all other makers, in OpenAI's words
 *
 * @param base the model behind an endpoint of the owner's (`base_model`); null: unknown
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-garden/available-models (2026-11-26)
 */
export function routeOf(name: string, base: string | null): VertexRoute {
  const endpoint = /^(?:(?<surface>gemini|openai)\/)?(?:endpoints\/)?(?<id>\d+)$/.exec(name)?.groups;
  if (endpoint?.['id'] !== undefined) return endpointRoute(endpoint['id'], endpoint['surface'] ?? null, base);
  const model = name.replace(/^(?:gemini|google|anthropic|mistralai|ai21)\/(?=.)/, '');
  if (model.startsWith('claude')) return published('anthropic', model, { dialect: 'anthropic', by: 'raw', rules: null });
  const maker = MAKERS.find(([pattern]) => pattern.test(model));
  if (maker) return { ...published(maker[1], model, { dialect: 'openai', by: 'raw', rules: maker[2] }), model: model.replace(/@.*$/, '') };
  if (model.includes('/')) return { dialect: 'openai', resource: 'endpoints/openapi', model, rules: COMPATIBLE, by: 'chat' };
  return published('google', model, { dialect: 'gemini', by: 'generate', rules: null });
}

/** Makers whose own servers take the body, and the rows with their rules. */
const MAKERS: readonly (readonly [RegExp, string, string])[] = [
  [/^(?:mistral|ministral|codestral|mixtral|pixtral|magistral|devstral)/, 'mistralai', 'mistral'],
  [/^jamba/, 'ai21', 'ai21'],
];

/** Rules of servers that speak OpenAI's dialect and of which no more is known. */
const COMPATIBLE = 'openai_like';

function published(publisher: string, model: string, rest: Pick<VertexRoute, 'dialect' | 'by' | 'rules'>): VertexRoute {
  return { ...rest, resource: `publishers/${publisher}/models/${segment(model)}`, model };
}

/** What kind of server it is, its id does not tell. */
function endpointRoute(id: string, surface: string | null, base: string | null): VertexRoute {
  const resource = `endpoints/${id}`;
  const isGemini = surface === 'gemini' || (surface === null && base !== null && /(?:^|\/)gemini-/.test(base));
  return isGemini
    ? { dialect: 'gemini', resource, model: base?.replace(/^.*\//, '') ?? id, rules: null, by: 'generate' }
    : { dialect: 'openai', resource, model: base ?? id, rules: COMPATIBLE, by: 'chat' };
}

/** Versions stand behind an `@`, which paths may hold. */
function segment(model: string): string {
  return encodeURIComponent(model).replaceAll('%40', '@');
}
