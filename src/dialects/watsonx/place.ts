import type { JsonObject } from '../../core/json-object.ts';

/** How the owner's own deployments are written: `deployment/<id>`. */
const DEPLOYMENT = /^deployment\/(.+)$/;

export function isDeployment(model: string): boolean {
  return DEPLOYMENT.test(model);
}

export interface WatsonxPlace {
  /** Path above the operation. */
  readonly path: string;
  /** Members that say which model, in whose project or space. */
  readonly members: JsonObject;
}

/**
 * A deployment knows its model and its space; a model is asked for in a project or a space.
 *
 * @param extras of the request; `project_id` and `space_id` among them
 */
export function placeOf(model: string, { project_id: project, space_id: space }: JsonObject): WatsonxPlace {
  const deployment = DEPLOYMENT.exec(model)?.[1];
  if (deployment !== undefined)
    return { path: `/ml/v1/deployments/${encodeURIComponent(deployment)}`, members: { project_id: undefined, space_id: undefined } };
  const scope = space === undefined || project !== undefined ? { project_id: project, space_id: undefined } : { space_id: space };
  return { path: '/ml/v1', members: { model_id: model, ...scope } };
}
