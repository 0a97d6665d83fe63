import { dayOf, deploymentPaths, isWhole, pathOf, resourceOf, V1_VERSIONS, type AzureAddress, type AzurePlace } from './address.ts';

/** What is asked where no version is named: the last of the dated ones takes what all of them take. */
export const CLASSIC_VERSION = '2025-04-01-preview';

/** First version with Responses. @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/responses */
const RESPONSES_SINCE = '2025-03-01';

/** Passes calls on; after its own path comes the resource, then the deployment. */
const CLOUDFLARE_GATEWAY = 'gateway.ai.cloudflare.com';

/**
 * Where Azure OpenAI is asked. A deployment has a path of its own and needs a version in the query; the v1 interface has one
 * path for all, the deployment stands in the body, and a version is only named to get previews.
 *
 * - `https://r.openai.azure.com` → `/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21`
 * - the same with the version `v1`, `preview` or `latest`, or a base that ends in `/openai/v1` → `/openai/v1/chat/completions`
 * - a base that names a deployment or an operation is used as it stands
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/reference
 */
export function azureOpenAiPlace(address: AzureAddress): AzurePlace {
  const base = resourceOf(address.base);
  const named = new URL(base).searchParams.get('api-version');
  const version = named ?? address.version ?? CLASSIC_VERSION;
  const path = pathOf(base);
  if (path.endsWith('/openai/v1') || path.includes('/openai/v1/') || (V1_VERSIONS.has(version) && !path.includes('/deployments/')))
    return v1(base, path, version);
  const query: Record<string, string> = named === null ? { 'api-version': version } : {};
  const day = dayOf(version);
  if (isWhole(path) || /\/deployments\/[^/]+$/.test(path))
    return { base, query, paths: {}, version: day, responses: path.endsWith('/responses') };
  const paths = { ...deploymentPaths(beginning(base, path, address.deployment)), '/responses': `${ofTheResource(path)}/responses` };
  return { base, query, paths, version: day, responses: (day === null || day >= RESPONSES_SINCE) && !isCloudflare(base) };
}

function v1(base: string, path: string, version: string): AzurePlace {
  const query: Record<string, string> = V1_VERSIONS.has(version) && version !== 'v1' ? { 'api-version': version } : {};
  if (path.includes('/openai/v1'))
    return { base, query, paths: {}, version: null, responses: !isWhole(path) || path.endsWith('/responses') };
  const root = path.endsWith('/openai') ? '/v1' : '/openai/v1';
  return { base, query, paths: { ...deploymentPaths(root), '/responses': `${root}/responses` }, version: null, responses: true };
}

/** Responses stand beside the deployments: the body names the one that is meant. */
function ofTheResource(path: string): string {
  return path.endsWith('/openai') ? '' : '/openai';
}

function isCloudflare(base: string): boolean {
  return new URL(base).hostname === CLOUDFLARE_GATEWAY;
}

function beginning(base: string, path: string, deployment: string): string {
  const name = encodeURIComponent(deployment);
  if (isCloudflare(base)) return `/${name}`;
  return path.endsWith('/openai') ? `/deployments/${name}` : `/openai/deployments/${name}`;
}
