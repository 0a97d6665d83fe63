import { deploymentPaths, isWhole, pathOf, resourceOf, V1_VERSIONS, type AzureAddress, type AzurePlace } from './address.ts';
import { azureOpenAiPlace, CLASSIC_VERSION } from './openai.ts';

export interface FoundryPlace extends AzurePlace {
  readonly dialect: 'openai' | 'anthropic';
  readonly headers: Readonly<Record<string, string>>;
  readonly bearer: boolean;
}

/** Of the interface to models of every maker. */
const MODELS_VERSION = '2024-05-01-preview';

const SERVERLESS = /\.(?:models|inference)\.ai\.azure\.(?:com|us|cn)$/;
const OPENAI_RESOURCE = /\.(?:openai|cognitiveservices)\.azure\.(?:com|us|cn)$/;
const MODELS_RESOURCE = /\.services\.ai\.azure\.(?:com|us|cn)$|\.azure-api\.(?:net|us|cn)$/;

/** Asks the interface to hand members on that it does not know, in place of refusing them. */
const PASSED_ON = { 'extra-parameters': 'pass-through' };

/**
 * Where AI Foundry is asked: one resource has several interfaces, and which one speaks for a model is told by the model's maker,
 * the host and the path.
 *
 * - Claude → `/anthropic/v1/messages`, in Anthropic's words
 * - `/openai/v1`, a deployment, or the host of an Azure OpenAI resource → as Azure OpenAI
 * - `https://r.services.ai.azure.com` → `/models/chat/completions?api-version=...`; speech and transcription, which that interface
 *   lacks, at the deployment
 * - a serverless endpoint → `/v1/chat/completions`, its key as a bearer token
 * - every other address → OpenAI's interface below it, as it is written
 *
 * @param family the model behind the deployment
 * @see https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/endpoints
 */
export function foundryPlace(address: AzureAddress, family: string): FoundryPlace {
  const { hostname, searchParams } = new URL(address.base);
  const base = resourceOf(address.base);
  const path = pathOf(base);
  if (/\bclaude-/.test(family) || /\/anthropic(?:\/|$)/.test(path)) return claude(base, path);
  if (isOpenAi(address.version, hostname, path)) return { ...azureOpenAiPlace(address), dialect: 'openai', headers: {}, bearer: false };
  const named = searchParams.has('api-version');
  if (SERVERLESS.test(hostname))
    return compatible(base, named ? null : address.version, isWhole(path) || path.endsWith('/v1') ? {} : deploymentPaths('/v1'));
  if (!MODELS_RESOURCE.test(hostname) && !/\/models(?:\/|$)/.test(path)) return compatible(base, named ? null : address.version, {});
  return models(base, path, address, named);
}

/** @see https://learn.microsoft.com/azure/ai-foundry/foundry-models/how-to/use-foundry-models-claude */
function claude(base: string, path: string): FoundryPlace {
  const root = /\/anthropic(?:\/|$)/.test(path) ? base : `${base.replace(/\/models$/, '')}/anthropic`;
  return { base: root, query: {}, paths: {}, version: null, responses: false, dialect: 'anthropic', headers: {}, bearer: false };
}

function isOpenAi(version: string | null, hostname: string, path: string): boolean {
  if (/\/openai(?:\/|$)/.test(path) || OPENAI_RESOURCE.test(hostname)) return true;
  return version !== null && V1_VERSIONS.has(version) && MODELS_RESOURCE.test(hostname);
}

function compatible(base: string, version: string | null, paths: Readonly<Record<string, string>>): FoundryPlace {
  const query: Record<string, string> = version === null ? {} : { 'api-version': version };
  return { base, query, paths, version: null, responses: true, dialect: 'openai', headers: {}, bearer: true };
}

function models(base: string, path: string, { deployment, version }: AzureAddress, named: boolean): FoundryPlace {
  const common = { version: null, responses: false, dialect: 'openai', headers: PASSED_ON, bearer: false } as const;
  const asked = version ?? MODELS_VERSION;
  if (isWhole(path)) return { ...common, base, query: named ? {} : { 'api-version': asked }, paths: {} };
  const root = base.replace(/\/models(?=\?|$)/, '');
  const audio = deploymentPaths(`/openai/deployments/${encodeURIComponent(deployment)}`, CLASSIC_VERSION);
  const chat = `/models/chat/completions?api-version=${encodeURIComponent(asked)}`;
  const embeddings = `/models/embeddings?api-version=${encodeURIComponent(asked)}`;
  return {
    ...common,
    base: root,
    query: {},
    paths: { ...audio, '/chat/completions': chat, '/embeddings': embeddings, '/responses': '/openai/v1/responses' },
  };
}
