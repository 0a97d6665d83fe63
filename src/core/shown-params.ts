import { isExactNumber } from './exact-json.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** Members that are secrets whatever they hold. */
const SECRET = /key|secret|token|password|credential/i;
const NOT_SECRET = /tokens|token_cost|cost_per|_tokens_|keepalive|keep_alive|credential_name/i;
/** Members whose values prove something as often as not; their names are shown. */
const HEADERS = /^(?:extra_|default_)?headers$/;

/**
 * `litellm_params` as the file has them, without secrets (data-plane 9.2): no keys at any depth, no values of headers, no
 * user, password or query in addresses.
 */
export function shownParams(params: JsonObject): JsonObject {
  const shown = Object.entries(params).filter(([name]) => !isSecret(name));
  return Object.fromEntries(shown.map(([name, value]) => [name, HEADERS.test(name) ? namesAlone(value) : shownValue(value)]));
}

/** Members that may be shown as they are, and those that hold something that may not. */
export function parted(params: JsonObject): { readonly open: JsonObject; readonly secret: JsonObject } {
  const [open, secret]: [JsonObject, JsonObject] = [{}, {}];
  for (const [name, value] of Object.entries(params)) {
    const whole = JSON.stringify({ [name]: value });
    if (JSON.stringify(shownParams({ [name]: value })) === whole) open[name] = value;
    else secret[name] = value;
  }
  return { open, secret };
}

/** `params` with a mask in place of each secret, so that one sees what is set: `sk****Cd`. */
export function maskedParams(params: JsonObject): JsonObject {
  const masks = Object.entries(params).filter(([name]) => isSecret(name));
  return { ...shownParams(params), ...Object.fromEntries(masks.map(([name, value]) => [name, masked(value)])) };
}

function isSecret(name: string): boolean {
  return SECRET.test(name) && !NOT_SECRET.test(name);
}

/** Shorter texts show nothing of themselves. */
const LEAST_MASKED = 12;

/** Enough to recognise a key, too little to use it. */
function masked(value: unknown): string {
  return typeof value === 'string' && value.length >= LEAST_MASKED ? `${value.slice(0, 2)}****${value.slice(-2)}` : '****';
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
