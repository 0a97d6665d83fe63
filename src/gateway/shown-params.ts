import { isExactNumber } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';

/** Members that are secrets whatever they hold. */
const SECRET = /key|secret|token|password|credential/i;
const NOT_SECRET = /tokens|token_cost|cost_per|_tokens_|keepalive|keep_alive/i;
/** Members whose values prove something as often as not; their names are shown. */
const HEADERS = /^(?:extra_|default_)?headers$/;

/**
 * `litellm_params` as the file has them, without secrets (data-plane 9.2): no keys at any depth, no values of headers, no
 * user, password or query in addresses.
 */
export function shownParams(params: JsonObject): JsonObject {
  const shown = Object.entries(params).filter(([name]) => !SECRET.test(name) || NOT_SECRET.test(name));
  return Object.fromEntries(shown.map(([name, value]) => [name, HEADERS.test(name) ? namesAlone(value) : shownValue(value)]));
}

function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return shownText(value);
  if (Array.isArray(value)) return value.map(shownValue);
  return isObject(value) && !isExactNumber(value) ? shownParams(value) : value;
}

function namesAlone(headers: unknown): JsonObject {
  return isObject(headers) ? Object.fromEntries(Object.keys(headers).map((name) => [name, '***'])) : {};
}

function shownText(text: string): string {
  const url = /^https?:/i.test(text) ? URL.parse(text) : null;
  return url && (url.username !== '' || url.password !== '' || url.search !== '') ? `${url.origin}${url.pathname}` : text;
}
