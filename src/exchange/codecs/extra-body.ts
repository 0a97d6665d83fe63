import { isObject, type JsonObject } from '../../core/json-object.ts';
import { merged } from '../../providers/quirks/json-path.ts';
import type { Call } from '../call.ts';
import type { PrepareContext } from '../codec.ts';

/** What stands in the provider's body beside what the gateway says there. */
export interface ExtraBody {
  readonly client: JsonObject;
  readonly owner: JsonObject;
}

/** `extra_body` of the client and of the deployment; null: neither has one. */
export function extraBodyOf({ body }: Call, { overrides }: Pick<PrepareContext, 'overrides'>, defaults: JsonObject): ExtraBody | null {
  const client = overrides?.['extra_body'] ?? (body.has('extra_body') ? body.value('extra_body') : null);
  const owner = defaults['extra_body'];
  if (!isObject(client) && !isObject(owner)) return null;
  return { client: isObject(client) ? client : {}, owner: isObject(owner) ? owner : {} };
}

/**
 * The client's members are added and replace none: which model is asked, where, and for how much was decided before. The owner's
 * are meant literally.
 */
export function withExtraBody(body: JsonObject, extra: ExtraBody | null): JsonObject {
  return extra === null ? body : merged(merged(extra.client, body), extra.owner);
}
