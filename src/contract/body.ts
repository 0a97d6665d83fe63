import { z } from 'zod';
import { isExactNumber } from '../core/exact-json.ts';
import { BodyValidationError, type BodyFault } from '../core/errors.ts';

export const Text = z.string('Input should be a valid string');
export const Texts = z.array(Text, 'Input should be a valid list');
export const Free = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value),
    'Input should be a valid dictionary',
  )
  .meta({ override: { type: 'object', additionalProperties: true } });
export const Switch = z.boolean('Input should be a valid boolean');

/**
 * Reads a control-plane body.
 *
 * @throws {BodyValidationError} naming every member that is missing or wrong
 */
export function readBodyAs<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new BodyValidationError(
    result.error.issues.map((issue): BodyFault => {
      const missing = issue.code === 'invalid_type' && issue.input === undefined && valueAt(body, issue.path) === undefined;
      return {
        loc: ['body', ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))],
        msg: missing ? 'Field required' : issue.message,
        type: missing ? 'missing' : 'value_error',
      };
    }),
  );
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = body;
  for (const step of path) at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined;
  return at;
}
