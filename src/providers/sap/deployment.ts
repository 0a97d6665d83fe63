import type { JsonObject } from '../../core/json-object.ts';
import { textOf } from '../resolve/environment.ts';
import { UnresolvedDeployment } from '../resolve/unresolved.ts';
import { PLACE } from '../tokens/place.ts';

type Paths = Readonly<Record<string, string>>;

/**
 * The deployment that a row names: `deployment_id`, or the last part of a `deployment_url`, of whose address the rest is known.
 *
 * @throws {UnresolvedDeployment} for what is no id
 */
export function namedDeployment(params: JsonObject): string | null {
  const id = textOf(params['deployment_id']) ?? /\/deployments\/([^/?#]+)/.exec(textOf(params['deployment_url']) ?? '')?.[1] ?? null;
  if (id !== null && !isDeploymentId(id))
    throw new UnresolvedDeployment('deployment_id is no id of a deployment.', { param: 'deployment_id' });
  return id;
}

/** Letters, digits and dashes: such a text can stand in a path. */
export function isDeploymentId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

/** The paths with the deployment in its place, where it is known. */
export function pathsOfDeployment(paths: Paths, deployment: string | null): Paths {
  if (deployment === null) return paths;
  return Object.fromEntries(Object.entries(paths).map(([path, own]) => [path, own.replace(PLACE, deployment)]));
}
