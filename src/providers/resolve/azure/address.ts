/** What an owner says of where an Azure resource is. */
export interface AzureAddress {
  /** `api_base` without a slash at its end, maybe with a query. */
  readonly base: string;
  /** The name of the deployment, without prefixes. */
  readonly deployment: string;
  /** `api_version`, or what the environment says; null: neither. */
  readonly version: string | null;
}

/** The part of a place that an address decides. */
export interface AzurePlace {
  readonly base: string;
  readonly query: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<string, string>>;
  readonly version: string | null;
  readonly responses: boolean;
}

/** Operations that a deployment answers. */
const OF_A_DEPLOYMENT = [
  '/chat/completions', '/completions', '/embeddings', '/audio/speech', '/audio/transcriptions', '/audio/translations',
  '/images/generations', '/images/edits',
]; // prettier-ignore

/** Versions that are no day: they mean the v1 interface. @see https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle */
export const V1_VERSIONS: ReadonlySet<string> = new Set(['v1', 'preview', 'latest']);

/** Every operation of a deployment below a common beginning, maybe with a version. */
export function deploymentPaths(beginning: string, version?: string): Record<string, string> {
  const query = version === undefined ? '' : `?api-version=${encodeURIComponent(version)}`;
  return Object.fromEntries(OF_A_DEPLOYMENT.map((path) => [path, `${beginning}${path}${query}`]));
}

/** Whether an address names an operation already. */
export function isWhole(path: string): boolean {
  return [...OF_A_DEPLOYMENT, '/responses', '/messages'].some((operation) => path.endsWith(operation));
}

/** The address of the resource, where the owner gave that of a project of Foundry. */
export function resourceOf(base: string): string {
  return base.replace(/\/api\/projects\/[^/?]+$/, '');
}

/** Below which path a base ends, without a slash at its end. */
export function pathOf(base: string): string {
  return new URL(base).pathname.replace(/\/+$/, '');
}

/** `2024-10-21` of `2024-10-21-preview`; null when it is no day. */
export function dayOf(version: string | null): string | null {
  return version === null ? null : (/^\d{4}-\d{2}-\d{2}/.exec(version)?.[0] ?? null);
}
