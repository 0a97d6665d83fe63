import { BodyValidationError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';

/**
 * The error body of the control plane: the envelope and a `detail` with the same, so that both kinds of client read it
 * (control-plane 1.2). A body of the wrong shape has the reference's bare list.
 */
export function controlErrorBody(error: unknown, envelope: { readonly error: JsonObject }): JsonObject {
  if (error instanceof BodyValidationError) return { detail: error.faults };
  return { ...envelope, detail: envelope.error['message'] };
}
