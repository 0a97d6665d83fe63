import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { ProviderRow } from '../catalogue/row.ts';
import { firstSet, textOf, type Environment } from './environment.ts';

type Headers = Readonly<Record<string, string>>;

/** Headers of the connection itself: set by the transport, never from a configuration. */
const RESERVED: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** Headers of the row, then `headers` and `extra_headers` of the deployment, which win. Lower-case names. */
export function extraHeaders(row: ProviderRow, params: JsonObject, env: Environment): Headers {
  const own: Record<string, string> = {};
  for (const { name, value, param, env: variable, prefix = '' } of row.headers ?? []) {
    const found =
      value ?? (param === undefined ? null : textOf(params[param])) ?? (variable === undefined ? null : firstSet(env, [variable]));
    if (found !== null) own[name] = `${prefix}${found}`;
  }
  return mergeHeaders(own, configured(params['headers']), configured(params['extra_headers']));
}

function configured(headers: unknown): Headers {
  if (!isObject(headers)) return {};
  const usable: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = textOf(value);
    const lower = name.toLowerCase();
    if (text !== null && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/[\r\n\0]/.test(text) && !RESERVED.has(lower)) usable[lower] = text;
  }
  return usable;
}

/** Later headers over earlier ones; `anthropic-beta` flags add up. Names are lower case. */
export function mergeHeaders(...layers: readonly Headers[]): Headers {
  const result: Record<string, string> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) result[name] = name === 'anthropic-beta' ? joinedFlags(result[name], value) : value;
  }
  return result;
}

function joinedFlags(before: string | undefined, after: string): string {
  const flags = `${before ?? ''},${after}`.split(',').map((flag) => flag.trim());
  return [...new Set(flags.filter((flag) => flag !== ''))].join(',');
}
