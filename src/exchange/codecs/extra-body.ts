import type { JsonDocument } from '../../core/json-document.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';

/** What goes into the provider's body as it is: the client's `extra_body` over the deployment's; null: nothing. */
export function extraOf(body: JsonDocument, defaults: JsonObject): JsonObject | null {
  const given = body.has('extra_body') ? body.value('extra_body') : null;
  const usual = defaults['extra_body'];
  if (!isObject(given)) return isObject(usual) ? usual : null;
  return isObject(usual) ? { ...usual, ...given } : given;
}
