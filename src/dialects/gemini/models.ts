import { isObject } from '../../core/json-object.ts';

/** Methods of models that the gateway can call. */
const CALLABLE = new Set<unknown>(['generateContent', 'embedContent', 'batchEmbedContents', 'predict']);

/**
 * Names in `GET /v1beta/models`, without their `models/`; models that only make videos are left
 * out. What is no such list has none.
 *
 * @see https://ai.google.dev/api/models#method:-models.list (2026-11-26)
 */
export function modelNamesOf(body: unknown): string[] {
  const list: unknown = isObject(body) ? body['models'] : null;
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).flatMap(({ name, supportedGenerationMethods: methods }) => {
    if (typeof name !== 'string' || name === '') return [];
    if (Array.isArray(methods) && !methods.some((method) => CALLABLE.has(method))) return [];
    return [name.replace(/^models\//, '')];
  });
}
