import type { Target } from '../../../core/dialect.ts';
import { UnsupportedParamsError } from '../../../core/errors.ts';
import type { ImageRequest } from '../../../core/request.ts';
import { isNeutral } from './params.ts';

/**
 * The request without what a provider that gives base64 cannot be told (data-plane 11.2): parameters that it does not know, and
 * the wish for an address.
 *
 * @param taken OpenAI's parameters that have a place; `prompt` and `n` always do
 * @throws {UnsupportedParamsError} when there are others and the target does not say that they be dropped
 */
export function checkedImages(request: ImageRequest, taken: readonly string[], target: Target): ImageRequest {
  const { size, quality, others, ...rest } = request;
  const asked = Object.entries({ ...others, size, quality }).filter(([, value]) => value !== undefined);
  const kept = asked.filter(([name]) => taken.includes(name) || target.params.allow.includes(name));
  const refused = asked.filter(
    ([name, value]) =>
      !kept.some(([each]) => each === name) && !isNeutral(name, value) && !(name === 'response_format' && value === 'b64_json'),
  );
  const names = refused.map(([name]) => name);
  if (names.length > 0 && !target.params.drop) throw new UnsupportedParamsError(target.provider, target.model, names);
  const members = Object.fromEntries(kept);
  return {
    ...rest,
    ...('size' in members && size !== undefined ? { size } : {}),
    ...('quality' in members && quality !== undefined ? { quality } : {}),
    others: Object.fromEntries(kept.filter(([name]) => name !== 'size' && name !== 'quality')),
  };
}
