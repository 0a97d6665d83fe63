import type { JsonObject } from '../../../core/json-object.ts';
import { firstSet, textOf, type Environment } from '../environment.ts';
import { UnresolvedDeployment } from '../unresolved.ts';

const VARIABLES = ['VERTEXAI_LOCATION', 'VERTEX_LOCATION', 'GOOGLE_VERTEX_LOCATION', 'GOOGLE_CLOUD_LOCATION'];

/** It becomes a part of the host's name, so it may hold nothing else. */
const LOCATION = /^[a-z][a-z0-9-]*$/;

const USUAL = 'us-central1';

/** Models that Google serves in no single region, or there first. */
const GLOBAL =
  /gemini-(?:[3-9]|embedding-[2-9]|flash-|pro-)|claude-(?:[a-z]+-(?:4-[5-9]|[5-9])|fable|mythos)|^(?:moonshotai|minimaxai|zai-org|xai)\//;

/** The location that is asked: what the row says, else the variables, else where the model is. */
export function locationOf(model: string, params: JsonObject, env: Environment): string {
  const said = textOf(params['vertex_location']) ?? textOf(params['vertex_ai_location']) ?? firstSet(env, VARIABLES);
  const location = said?.toLowerCase() ?? (GLOBAL.test(model) ? 'global' : USUAL);
  return checkedLocation(location, 'vertex_location');
}

/** @throws {UnresolvedDeployment} for text that is no location */
export function checkedLocation(location: string, param: string): string {
  if (!LOCATION.test(location)) throw new UnresolvedDeployment(`${param} is no location of Google Cloud.`, { param });
  return location;
}

/** Locations that span several regions. */
const SPANNING: ReadonlySet<string> = new Set(['us', 'eu']);

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations (2026-11-26) */
export function originOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  return SPANNING.has(location) ? `https://aiplatform.${location}.rep.googleapis.com` : `https://${location}-aiplatform.googleapis.com`;
}
