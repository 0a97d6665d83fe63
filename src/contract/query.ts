import { z } from 'zod';
import { BadRequestError } from '../core/errors.ts';

/**
 * Reads the query of a control-plane request by its schema. A name that stands twice counts the first time; an empty value
 * counts as absent.
 *
 * @throws {BadRequestError} naming the first parameter that is missing or wrong
 */
export function readQueryAs<T>(schema: z.ZodType<T>, query: string): T {
  const given: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) if (value !== '') given[name] ??= value;
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = issue?.path.map(String).join('.') || null;
  throw new BadRequestError(`${param ?? 'The query'}: ${issue?.message ?? 'is wrong'}`, param);
}

/** A page number from 1. */
export const Page = count(1, 1_000_000).default(1).describe('Page, from 1.');

/** Rows on a page. */
export function pageSize(usual: number, most: number) {
  return count(1, most).default(usual).describe(`Rows on a page, at most ${most}.`);
}

function count(least: number, most: number) {
  return z.coerce.number('must be a whole number').int('must be a whole number').min(least, `must be ${least} or more`).max(most, `must be ${most} or less`); // prettier-ignore
}

export const SortOrder = z.enum(['asc', 'desc'], 'must be asc or desc').default('desc');

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

/** A moment in UTC as milliseconds since 1970: a day, or a day and a time of day. */
export const From = moment((at) => at).describe(
  'From this moment on: `2026-01-31`, `2026-01-31 12:00:00` or ISO 8601; UTC unless it says otherwise.',
);

/** The same as an end: the first moment that is not in the range any more. A day alone is in it as a whole, and so is a second. */
export const Until = moment((at, lengthMs) => at + lengthMs).describe('Up to this moment; a day alone is in it as a whole.');

/** @param meant what a moment stands for; `lengthMs` is how long the day, the second or the millisecond lasts that was written */
function moment(meant: (at: number, lengthMs: number) => number) {
  return z.string('must be given, such as 2026-01-31 12:00:00').transform((text, context): number => {
    const wholeDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
    const iso = text.replace(' ', 'T');
    const at = wholeDay || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(iso) ? Date.parse(iso) : Date.parse(`${iso}Z`);
    if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(at)) return meant(at, wholeDay ? DAY_MS : text.includes('.') ? 1 : SECOND_MS);
    context.addIssue({ code: 'custom', message: 'must be a day such as 2026-01-31, or a time such as 2026-01-31 12:00:00' });
    return z.NEVER;
  });
}
