import type { JsonObject } from '../../../core/json-object.ts';
import { VERTEX_METHODS } from '../../../dialects/gemini/vertex.ts';
import type { ProviderRow } from '../../catalogue/row.ts';
import { givenBase } from '../base-of.ts';
import { textOf, type Environment } from '../environment.ts';
import type { Place } from '../place.ts';
import { UnresolvedDeployment } from '../unresolved.ts';
import { checkedLocation, locationOf, originOf } from './location.ts';
import { routeOf, type VertexRoute } from './route.ts';

export interface VertexQuestion {
  /** As the owner wrote the model, without the prefix of the provider. */
  readonly name: string;
  readonly params: JsonObject;
  readonly info: JsonObject | undefined;
  readonly env: Environment;
  /** Null: an API key of express mode says it. */
  readonly project: string | null;
  /** The prefix as the owner wrote it: `vertex_ai_beta` asks the preview of the interface. */
  readonly written: string;
}

const COUNT = '/v1/messages/count_tokens';
const VERSION = /^v\d+\w*$/;

/** Where Vertex AI is asked for one model, and in which words. @throws {UnresolvedDeployment} */
export function vertexPlace(row: ProviderRow, question: VertexQuestion): Place {
  const { name, params, info, env, project } = question;
  const behind = textOf(info?.['base_model']) ?? textOf(params['base_model']);
  const route = routeOf(name, behind);
  if (project === null && route.by !== 'generate')
    throw new UnresolvedDeployment(`An API key of express mode calls Gemini alone: set vertex_project for ${name}.`, {
      param: 'vertex_project',
    });
  const location = project === null ? 'global' : locationOf(name, params, env);
  const given = givenBase(row, params, env);
  const base = given ?? originOf(location);
  const root = project === null ? '' : `/projects/${encodeURIComponent(project)}/locations/${location}`;
  const beginning = below(base, `/${versionOf(question)}${root}`, `/${route.resource}`);
  return {
    model: route.model,
    family: route.model,
    base,
    dialect: route.dialect,
    host: 'vertex',
    rules: route.rules,
    query: {},
    ...withRanking(operations(route, beginning), question, given),
    ...(route.dialect === 'anthropic'
      ? { paths: { ...rawPaths(beginning).paths, [COUNT]: countAddress(question, given, beginning) } }
      : {}),
    headers: {},
    bearer: false,
    version: null,
  };
}

function versionOf({ params, written }: VertexQuestion): string {
  const said = textOf(params['api_version']);
  if (said !== null && VERSION.test(said)) return said;
  return written === 'vertex_ai_beta' ? 'v1beta1' : 'v1';
}

/**
 * What stands between a base and the method. An owner's base may stop anywhere: at the host, a version, a location, a publisher,
 * or the model itself.
 */
function below(base: string, root: string, resource: string): string {
  const path = new URL(base).pathname.replace(/\/+$/, '');
  if (/\/(?:models|endpoints)\/[^/]+$/.test(path)) return '';
  if (/\/publishers\/[^/]+$/.test(path)) return resource.replace(/^.*(?=\/models\/)/, '');
  return /\/locations\/[^/]+$/.test(path) ? resource : root + resource;
}

function operations({ by }: VertexRoute, beginning: string): Pick<Place, 'paths' | 'streamPaths'> {
  switch (by) {
    case 'generate':
      return { paths: Object.fromEntries(VERTEX_METHODS.map((method) => [method, beginning + method])) };
    case 'raw':
      return rawPaths(beginning);
    case 'chat':
      return { paths: Object.fromEntries(['/chat/completions', '/embeddings'].map((path) => [path, beginning + path])) };
  }
}

const RANKER = 'https://discoveryengine.googleapis.com';

/** Google's models rank beside Vertex AI, in one place of the project, wherever the others are asked. */
function withRanking(all: Pick<Place, 'paths' | 'streamPaths'>, { project }: VertexQuestion, given: string | null): typeof all {
  if (project === null) return all;
  const origin = given === null ? RANKER : new URL(given).origin;
  const place = `projects/${encodeURIComponent(project)}/locations/global/rankingConfigs/default_ranking_config`;
  return { ...all, paths: { ...all.paths, '/rerank': `${origin}/v1/${place}:rank` } };
}

/** The body reaches the maker's own server; how it answers is a matter of the path. */
function rawPaths(beginning: string): Required<Pick<Place, 'paths' | 'streamPaths'>> {
  const every = (method: string): Record<string, string> =>
    Object.fromEntries(['/v1/messages', '/chat/completions'].map((path) => [path, `${beginning}:${method}`]));
  return { paths: every('rawPredict'), streamPaths: every('streamRawPredict') };
}

/** Tokens are counted beside the model, and not in every location. */
function countAddress({ params, project }: VertexQuestion, given: string | null, beginning: string): string {
  const elsewhere = textOf(params['vertex_count_tokens_location']);
  const counter = 'publishers/anthropic/models/count-tokens:rawPredict';
  if (elsewhere === null || given !== null || project === null)
    return `${beginning === '' ? '/..' : beginning.replace(/\/[^/]*$/, '')}/count-tokens:rawPredict`;
  const location = checkedLocation(elsewhere.toLowerCase(), 'vertex_count_tokens_location');
  return `${originOf(location)}/v1/projects/${encodeURIComponent(project)}/locations/${location}/${counter}`;
}
