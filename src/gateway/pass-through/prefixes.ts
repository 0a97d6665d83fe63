import type { JsonObject } from '../../core/json-object.ts';
import type { Surface } from '../../core/route.ts';

/** A provider behind a prefix of paths: everything below it goes there as it is (data-plane 9.16). */
export interface Prefix {
  readonly paths: readonly string[];
  /** Catalogue id. */
  readonly provider: string;
  /** In whose shape the gateway's own errors are told. */
  readonly surface: Exclude<Surface, 'control'>;
  /** Parameters of the query that carry the caller's key, and must not go on. */
  readonly keyParameters?: readonly string[];
  /** Requests are signed over all of their body, so it is always read. */
  readonly signs?: boolean;
  /** A model in the path may be one of the gateway's own names. */
  readonly namesModels?: boolean;
  /** The provider's paths begin at its host, whatever its base says. */
  readonly fromHost?: boolean;
  /** What the path says of the account. */
  readonly placeIn?: (rest: string) => JsonObject;
  /** A path that says nothing of the account, with what the account's own addresses begin with. */
  readonly placed?: (rest: string, addresses: readonly string[]) => string;
  /** A caller may bring a token of its own. */
  readonly takesToken?: boolean;
}

export const PREFIXES: readonly Prefix[] = [
  { paths: ['/openai', '/openai_passthrough'], provider: 'openai', surface: 'openai' },
  { paths: ['/anthropic'], provider: 'anthropic', surface: 'anthropic' },
  { paths: ['/gemini'], provider: 'gemini', surface: 'gemini', keyParameters: ['key'] },
  {
    paths: ['/vertex_ai', '/vertex-ai'],
    provider: 'vertex_ai',
    surface: 'gemini',
    keyParameters: ['key'],
    fromHost: true,
    placeIn: projectIn,
    placed: withProject,
    takesToken: true,
  },
  { paths: ['/bedrock'], provider: 'bedrock', surface: 'openai', signs: true, namesModels: true },
  { paths: ['/azure'], provider: 'azure', surface: 'openai', fromHost: true },
  { paths: ['/azure_ai'], provider: 'azure_ai', surface: 'openai', fromHost: true },
  { paths: ['/cohere'], provider: 'cohere', surface: 'openai' },
  { paths: ['/mistral'], provider: 'mistral', surface: 'openai' },
  { paths: ['/vllm'], provider: 'hosted_vllm', surface: 'openai' },
];

/** Project and location of a path of Google Cloud. */
function projectIn(rest: string): JsonObject {
  const [, project, location] = /\/projects\/([^/]+)\/locations\/([^/:]+)/.exec(rest) ?? [];
  return project === undefined ? {} : { vertex_project: project, vertex_location: location };
}

/** `/v1/publishers/...` below the project and the location that are usual. */
function withProject(rest: string, addresses: readonly string[]): string {
  if (rest.includes('/projects/')) return rest;
  const usual = addresses.map((address) => PROJECT.exec(address)?.[1]).find((beginning) => beginning !== undefined);
  const [, version = '/v1', below = ''] = /^(\/v\d+\w*)?(\/.*)$/.exec(rest) ?? [];
  return usual === undefined ? rest : `${version}${usual}${below}`;
}

const PROJECT = /^\/v\d+\w*(\/projects\/[^/]+\/locations\/[^/]+)/;

/** `/v1`, `/v1beta`: what a base ends in, or a path begins with. */
const VERSION = /^v\d+\w*$/;

/**
 * The address below a base: a path that names its own version stands in place of the base's.
 *
 * @param rest what stood behind the prefix, with its slash, as it is encoded
 */
export function targetOf(base: string, rest: string, fromHost: boolean): URL {
  const url = new URL(base);
  const kept = url.pathname.split('/').filter((part) => part !== '');
  const first = rest.split('/').find((part) => part !== '') ?? '';
  if (VERSION.test(first) && VERSION.test(kept.at(-1) ?? '')) kept.pop();
  const below = fromHost ? rest : `${kept.map((part) => `/${part}`).join('')}${rest}`;
  return new URL(below, url.origin);
}

/** Segments that lead elsewhere than they say, in any spelling. */
const STEPS = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

/** Whether a path could leave what it stands below. */
export function leavesItsPlace(rest: string): boolean {
  return STEPS.test(rest) || rest.includes('\\');
}

/** Where providers' paths name a model: Gemini and Vertex, Bedrock, Azure. */
const NAMED = /\/(?:models|model|deployments)\/([^/:]+(?::\d+)?)(?=[/:]|$)/;

/** The model that a path names, decoded; null: it names none. */
export function modelInPath(rest: string): string | null {
  const found = NAMED.exec(rest)?.[1];
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    return null;
  }
}
