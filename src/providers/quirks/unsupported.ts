import { isDeepStrictEqual } from 'node:util';
import { OPENAI_CHAT_PARAMS } from '../../dialects/openai-params.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import { refuseUnlessDropped, type QuirkContext } from './context.ts';
import { without } from './json-path.ts';

type Rule = NonNullable<Quirks['unsupported']>[number];

/** Taken by everybody who speaks the dialect. */
const ALWAYS: ReadonlySet<string> = new Set(['model', 'messages', 'stream']);
/** Hints: a provider that does not list them is not asked to follow them, and nobody is told. */
const HINTS: ReadonlySet<string> = new Set([
  'user',
  'stream_options',
  'metadata',
  'store',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
]);

/** Values that ask for what happens anyway; leaving them out changes nothing. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  logprobs: [false],
  top_logprobs: [0],
  presence_penalty: [0],
  frequency_penalty: [0],
  logit_bias: [{}],
  parallel_tool_calls: [true],
  tool_choice: ['auto', 'none'],
  tools: [[]],
  functions: [[]],
  function_call: ['auto', 'none'],
  stop: [[]],
  response_format: [{ type: 'text' }],
  modalities: [['text']],
};

/**
 * Without the parameters that provider or model cannot take (data-plane 11.1, 11.2).
 *
 * @throws {UnsupportedParamsError} naming all of them, unless the policy drops or allows them
 */
export function withoutUnsupported(body: JsonObject, quirks: Quirks, context: QuirkContext): JsonObject {
  const accepted = new Set([...(quirks.accepts ?? []), ...context.params.allow]);
  const takes = (param: string): boolean => accepted.has(param) || acceptedWith(param, body, quirks);
  const found = [...ruled(body, quirks, context), ...unlisted(body, quirks)].filter((param) => !takes(param));
  const unsupported = [...new Set(found)];
  const hints = (quirks.drop ?? []).filter((param) => !takes(param));
  refuseUnlessDropped(
    unsupported.filter((param) => !HINTS.has(param) && !isNeutral(param, body[param])),
    context,
  );
  return without(body, [...unsupported, ...hints]);
}

/** Top-level members that the step could touch. */
export function unsupportedMembers(quirks: Quirks): string[] {
  const ruledOut = (quirks.unsupported ?? []).map((rule) => (typeof rule === 'string' ? rule : rule.param));
  const missing = quirks.supported ? [...OPENAI_CHAT_PARAMS].filter((param) => !isListed(param, quirks)) : [];
  const accepts = quirks.accepts ?? [];
  return [...ruledOut, ...missing, ...(quirks.drop ?? [])].filter((param) => !accepts.includes(param));
}

function ruled(body: JsonObject, quirks: Quirks, context: QuirkContext): string[] {
  return (quirks.unsupported ?? [])
    .filter((rule) => applies(rule, body, context))
    .map((rule) => (typeof rule === 'string' ? rule : rule.param));
}

function unlisted(body: JsonObject, quirks: Quirks): string[] {
  return quirks.supported ? Object.keys(body).filter((name) => OPENAI_CHAT_PARAMS.has(name) && !isListed(name, quirks)) : [];
}

/** A parameter that has another name at the provider is taken too. */
function isListed(param: string, { supported = [], rename = {} }: Quirks): boolean {
  return ALWAYS.has(param) || supported.includes(param) || param in rename;
}

function applies(rule: Rule, body: JsonObject, context: QuirkContext): boolean {
  if (typeof rule === 'string') return rule in body;
  if (!(rule.param in body)) return false;
  const value = body[rule.param];
  if (rule.above !== undefined && !(typeof value === 'number' && value > rule.above)) return false;
  if ('not' in rule && value === rule.not) return false;
  if (rule.notIn && rule.notIn.some((taken) => taken === value)) return false;
  if (rule.in && !rule.in.some((refused) => refused === value)) return false;
  return rule.lacks === undefined || context.abilities?.[rule.lacks] === false;
}

function acceptedWith(param: string, body: JsonObject, { acceptsWith }: Quirks): boolean {
  const others = acceptsWith?.[param];
  return others !== undefined && Object.entries(others).every(([name, value]) => body[name] === value);
}

function isNeutral(param: string, value: unknown): boolean {
  if (param === 'thinking') return isObject(value) && value['type'] === 'disabled';
  return (NEUTRAL[param] ?? []).some((neutral) => isDeepStrictEqual(neutral, value));
}
