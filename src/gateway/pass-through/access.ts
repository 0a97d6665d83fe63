import type { Caller } from '../../core/caller.ts';
import { ModelAccessError, PermissionError } from '../../core/errors.ts';
import { matchesPattern } from '../../core/pattern.ts';

/**
 * Whether a caller may send this request on. A key for certain models may not reach others by another road: every model that
 * a request names counts, in its path and in its body, and one that changes something and names none needs all of the provider's.
 *
 * @param models as the provider calls them
 * @throws {ModelAccessError | PermissionError}
 */
export function checkPassage(caller: Caller, provider: string, models: readonly string[], method: string): void {
  const refused = models.find((model) => !caller.mayUseModel(model, []) && !caller.mayUseModel(`${provider}/${model}`, []));
  if (refused !== undefined) throw new ModelAccessError(refused);
  if (models.length === 0 && method !== 'GET' && method !== 'HEAD' && !caller.mayUseModel(`${provider}/*`, []))
    throw new PermissionError(
      `This key may use certain models only, and this request names none. Give the key the model ${provider}/* to allow it.`,
    );
}

/** `allowed_passthrough_routes` of a key: paths, also with `*`. @throws {PermissionError} */
export function checkPassedRoute({ metadata }: Caller, path: string): void {
  const allowed = metadata['allowed_passthrough_routes'];
  if (!Array.isArray(allowed) || allowed.length === 0) return;
  if (!allowed.some((entry) => typeof entry === 'string' && (matchesPattern(entry, path) || path.startsWith(`${entry}/`))))
    throw new PermissionError(`This key may pass requests on to ${allowed.join(', ')} only. Tried to call route: ${path}`);
}
