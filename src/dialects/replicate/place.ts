import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';

/** Where predictions of a model are made. */
export interface ReplicatePlace {
  readonly path: string;
  /** Members of the body that say which model, where the path does not. */
  readonly members: JsonObject;
}

const SLUG = '(?!\\.+(?:/|:|$))[\\w.-]+';
const DEPLOYMENT = new RegExp(`^deployments?/(${SLUG}/${SLUG})$`);
const VERSION = new RegExp(`^(?:${SLUG}/${SLUG}:)?([0-9a-f]{64})$`);
const OFFICIAL = new RegExp(`^${SLUG}/${SLUG}$`);

/**
 * A deployment of the owner's (`deployments/owner/name`), a version (`owner/name:<64 hex>`, or the version alone), or an official model
 * (`owner/name`).
 *
 * @throws {InvalidRequestError} for a name that is none of these
 * @see https://replicate.com/docs/topics/predictions/create-a-prediction (2026-11-26)
 */
export function placeOf(model: string): ReplicatePlace {
  const version = VERSION.exec(model)?.[1];
  if (version !== undefined) return { path: '/predictions', members: { version } };
  const deployment = DEPLOYMENT.exec(model)?.[1];
  if (deployment !== undefined) return { path: `/deployments/${deployment}/predictions`, members: {} };
  if (OFFICIAL.test(model)) return { path: `/models/${model}/predictions`, members: {} };
  throw new InvalidRequestError(
    `'${model.slice(0, 100)}' is no model of Replicate: write owner/name, owner/name:<version> or deployments/owner/name.`,
    'model',
  );
}
