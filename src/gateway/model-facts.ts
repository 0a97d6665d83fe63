import type { Deployment, ModelGroup } from '../core/deployment.ts';
import type { Abilities } from '../core/dialect.ts';
import type { JsonObject } from '../core/json-object.ts';
import { OPENAI_CHAT_PARAMS } from '../dialects/openai-params.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { ModelFacts } from '../ledger/prices/model-facts.ts';
import { modeOfName } from '../providers/model-mode.ts';

/** What is known of a deployment's model now, beside what its row says. */
export interface KnownFacts extends ModelFacts {
  /** As the model's own server told; null when it did not. */
  readonly learned: { readonly abilities: Abilities; readonly mode: string } | null;
}

export type FactsOf = (deployment: Deployment<Upstream>) => KnownFacts;

const PRICE_KEY = /cost|tiered_pricing/;

/** `model_info` of a deployment: what the owner says, over what is known. */
export function modelInfoOf(deployment: Deployment<Upstream>, factsOf: FactsOf): JsonObject {
  const facts = factsOf(deployment);
  const abilities = combined(deployment.target.abilities, facts.learned?.abilities ?? null);
  const prices = Object.fromEntries(Object.entries(facts.prices).map(([name, text]) => [name, text === null ? null : JSON.rawJSON(text)]));
  const own = Object.fromEntries(
    Object.entries(deployment.info).map(([name, value]) => [
      name,
      PRICE_KEY.test(name) && typeof value === 'string' && /^[\d.eE+-]+$/.test(value) ? JSON.rawJSON(value) : value,
    ]),
  );
  return {
    id: deployment.id,
    db_model: false,
    key: facts.key ?? deployment.model,
    max_tokens: abilities.maxOutputTokens ?? facts.maxOutputTokens,
    max_input_tokens: abilities.maxInputTokens ?? facts.maxInputTokens,
    max_output_tokens: abilities.maxOutputTokens ?? facts.maxOutputTokens,
    ...prices,
    litellm_provider: deployment.provider,
    mode: facts.mode ?? facts.learned?.mode ?? modeByName(deployment),
    supported_endpoints: null,
    supported_openai_params: SUPPORTED_PARAMS,
    supports_vision: abilities.vision,
    supports_function_calling: abilities.tools,
    supports_tool_choice: abilities.tools,
    supports_parallel_function_calling: abilities.tools,
    supports_response_schema: abilities.jsonSchema,
    supports_reasoning: abilities.reasoning,
    supports_audio_input: abilities.audioInput,
    supports_audio_output: null,
    supports_pdf_input: abilities.pdfInput,
    supports_prompt_caching: abilities.promptCaching,
    supports_web_search: abilities.webSearch,
    supports_system_messages: null,
    supports_assistant_prefill: null,
    supports_native_streaming: null,
    tpm: deployment.tpm,
    rpm: deployment.rpm,
    access_groups: [],
    ...facts.supports,
    ...own,
  };
}

/** What a name says: nothing when it does not stand out, for then it may be anything. */
function modeByName({ model, dialect }: Deployment<Upstream>): string | null {
  const mode = modeOfName(model, dialect);
  return mode === 'chat' ? null : mode;
}

/** What the row and the catalogue say comes first. */
function combined(known: Abilities, learned: Abilities | null): Abilities {
  if (!learned) return known;
  const set = Object.entries(known).filter(([, value]) => value !== null);
  return { ...learned, ...Object.fromEntries(set) };
}

const SUPPORTED_PARAMS: readonly string[] = [...OPENAI_CHAT_PARAMS].filter((name) => name !== 'model' && name !== 'messages');

const FLAGS = [
  'supports_parallel_function_calling',
  'supports_vision',
  'supports_web_search',
  'supports_reasoning',
  'supports_function_calling',
] as const;

/** One group over all its deployments: the largest sizes and prices, summed limits, any ability (data-plane 9.3). */
export function groupInfoOf(name: string, group: ModelGroup<Upstream>, factsOf: FactsOf): JsonObject {
  const infos = group.deployments.map((deployment) => modelInfoOf(deployment, factsOf));
  const [first] = infos;
  return {
    model_group: name,
    providers: [...new Set(group.deployments.map(({ provider }) => provider))],
    max_input_tokens: largest(infos, 'max_input_tokens'),
    max_output_tokens: largest(infos, 'max_output_tokens'),
    input_cost_per_token: dearest(infos, 'input_cost_per_token'),
    output_cost_per_token: dearest(infos, 'output_cost_per_token'),
    input_cost_per_pixel: null,
    mode: first?.['mode'] ?? null,
    tpm: sum(group.deployments.map(({ tpm }) => tpm)),
    rpm: sum(group.deployments.map(({ rpm }) => rpm)),
    ...Object.fromEntries(FLAGS.map((flag) => [flag, infos.some((info) => info[flag] === true)])),
    supports_url_context: false,
    supported_openai_params: SUPPORTED_PARAMS,
    configurable_clientside_auth_params: null,
    is_public_model_group: false,
    health_status: null,
  };
}

function largest(infos: readonly JsonObject[], name: string): number | null {
  const values = infos.map((info) => info[name]).filter((value) => typeof value === 'number');
  return values.length === 0 ? null : Math.max(...values);
}

/** Prices are exact numbers: compared as doubles, shown as they are. */
function dearest(infos: readonly JsonObject[], name: string): unknown {
  const priced = infos
    .map((info) => info[name])
    .filter((value): value is { rawJSON: string } => typeof value === 'object' && value !== null && 'rawJSON' in value);
  return priced.toSorted((a, b) => Number(b.rawJSON) - Number(a.rawJSON))[0] ?? null;
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
