import { z } from 'zod';
import { isObject } from '../../core/json-object.ts';
import { decimalText } from '../yaml/scalar.ts';
import { flag, valueOf } from './values.ts';

/** Methods that can be passed on. */
export const PASSED_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type PassedMethod = (typeof PASSED_METHODS)[number];

/** A path of the owner's that leads somewhere else (`general_settings.pass_through_endpoints`). */
export interface PassThroughEndpoint {
  /** Literal, without a slash at its end. */
  readonly path: string;
  readonly target: string;
  /** Lower-case names. Secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: boolean;
  readonly forwardHeaders: boolean;
  readonly includeSubpath: boolean;
  readonly methods: readonly PassedMethod[];
  readonly query: Readonly<Record<string, string>>;
  /** US dollars as decimal text. */
  readonly costPerRequest: string;
  /** A header that carries the caller's key on this path (`headers.litellm_user_api_key`), lower case; null: the usual ones. */
  readonly keyHeader: string | null;
}

const path = z
  .string('must be a path, such as /rerank')
  .regex(/^\/[\w./~@+-]*[\w~@+-]\/?$/, 'must be a path of plain characters that begins with a slash, such as /rerank')
  .transform((text) => text.replace(/\/$/, ''));
const target = z
  .string('must be an address')
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http or https address');
const methods = z
  .array(
    z
      .string()
      .transform((text) => text.toUpperCase())
      .pipe(z.enum(PASSED_METHODS, `must be one of ${PASSED_METHODS.join(', ')}`)),
    'must be a list of methods',
  ) // prettier-ignore
  .nullish()
  .transform((list) => (list === null || list === undefined || list.length === 0 ? PASSED_METHODS : list));
const texts = z
  .unknown()
  .optional()
  .transform((value, context): Readonly<Record<string, string>> => {
    if (value === null || value === undefined) return {};
    if (isObject(value)) return Object.fromEntries(Object.entries(value).flatMap(([name, text]) => (isScalar(text) ? [[name, String(text)]] : []))); // prettier-ignore
    context.addIssue({ code: 'custom', message: 'must be a map of names and texts' });
    return z.NEVER;
  });
const cost = z
  .unknown()
  .optional()
  .transform((value, context): string => {
    if (value === null || value === undefined) return '0';
    const text = isScalar(value) ? decimalText(String(value)) : null;
    if (text !== null && !text.startsWith('-')) return text;
    context.addIssue({ code: 'custom', message: 'must be an amount in US dollars, 0 or more' });
    return z.NEVER;
  });

const endpoint = z
  .looseObject(
    {
      path,
      target,
      headers: texts,
      auth: flag.default(true),
      forward_headers: flag.default(false),
      include_subpath: flag.default(false),
      methods,
      default_query_params: texts,
      cost_per_request: cost,
    },
    'must be a map with `path` and `target`',
  )
  .transform(({ headers, ...entry }): PassThroughEndpoint => {
    const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    return {
      path: entry.path,
      target: entry.target,
      headers: Object.fromEntries(named.filter(([name]) => name !== KEY_HEADER && /^[\w!#$%&'*+.^`|~-]+$/.test(name))),
      auth: entry.auth,
      forwardHeaders: entry.forward_headers,
      includeSubpath: entry.include_subpath,
      methods: entry.methods,
      query: entry.default_query_params,
      costPerRequest: entry.cost_per_request,
      keyHeader: named.find(([name]) => name === KEY_HEADER)?.[1].toLowerCase() ?? null,
    };
  });

const KEY_HEADER = 'litellm_user_api_key';

/** In the file's order. */
export const passThroughEndpoints = valueOf({ type: 'List' }).pipe(z.array(endpoint, 'must be a list of endpoints'));

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
