import { InvalidRequestError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { IMAGE_MEMBERS, isNeutral, OPENAI_IMAGE_PARAMS } from '../../dialects/openai/images/params.ts';
import { ratioOf, sidesOf, type Sides } from '../../dialects/openai/images/size.ts';
import type { ImageRules } from '../catalogue/image-rules.ts';
import { refuseUnlessDropped, type QuirkContext } from '../quirks/context.ts';
import { without } from '../quirks/json-path.ts';
import { completed, renamed, withValues } from '../quirks/values.ts';

export interface ImageMembers {
  readonly members: JsonObject;
  /** Whether images come along. */
  readonly edits: boolean;
}

/**
 * The members of a call for images as the provider takes them.
 *
 * @throws {UnsupportedParamsError} when it cannot take a parameter and the policy does not drop
 * @throws {InvalidRequestError} for a size that it cannot be told
 */
export function imageMembers({ members, edits }: ImageMembers, rules: ImageRules, context: QuirkContext): JsonObject {
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));
  const taken = withoutRefused(withForm(given, rules, context), rules, context);
  const sized = withSize(taken, rules);
  const named = completed(renamed(withValues(sized, rules), rules), {
    defaults: { ...rules.defaults, ...(edits ? rules.editDefaults : {}) },
  });
  const { withoutModel, modelName = 'model' } = rules;
  const model = rules.without === undefined ? context.model : context.model.replace(new RegExp(rules.without), '');
  return withoutModel === true ? without(named, ['model']) : { [modelName]: model, ...without(named, ['model']) };
}

/** The same in the one member that holds all but the model and a few others, where the provider has such a member. */
export function framedMembers(members: JsonObject, { inside, beside = [], modelName = 'model', withoutModel }: ImageRules): JsonObject {
  if (inside === undefined) return members;
  const outside = new Set([...beside, ...(withoutModel === true ? [] : [modelName])]);
  const framed = Object.entries(members).filter(([name]) => !outside.has(name));
  const apart = Object.entries(members).filter(([name]) => outside.has(name));
  return { ...Object.fromEntries(apart), ...(beside.length > 0 && framed.length === 0 ? {} : { [inside]: Object.fromEntries(framed) }) };
}

/** `response_format` where there is only one: base64 is fetched and made here, an address cannot be. */
function withForm(members: JsonObject, { gives }: ImageRules, context: QuirkContext): JsonObject {
  if (gives === undefined || !('response_format' in members) || context.params.allow.includes('response_format')) return members;
  if (gives === 'b64_json' && members['response_format'] !== 'b64_json') refuseUnlessDropped(['response_format'], context);
  return without(members, ['response_format']);
}

function withoutRefused(members: JsonObject, { supported, unsupported = [], rename = {} }: ImageRules, context: QuirkContext): JsonObject {
  const refused = Object.keys(members).filter((name) => {
    if (context.params.allow.includes(name) || IMAGE_MEMBERS.has(name)) return false;
    if (unsupported.includes(name)) return true;
    return supported !== undefined && OPENAI_IMAGE_PARAMS.has(name) && name !== 'prompt' && !supported.includes(name) && !(name in rename);
  });
  refuseUnlessDropped(
    refused.filter((name) => !isNeutral(name, members[name])),
    context,
  );
  return without(members, refused);
}

/** A size in the provider's way; what the client says in that way itself stays. */
function withSize(members: JsonObject, rules: ImageRules): JsonObject {
  const { size: form, ratios } = rules;
  const { size, ...rest } = members;
  if (form === undefined || size === undefined) return members;
  if (size === 'auto') return rest;
  if (form === 'ratio') return { aspect_ratio: told(ratioOf(size, ratios), size), ...rest };
  const sides = fitting(told(sidesOf(size), size), rules);
  return form === 'sides' ? { ...sides, ...rest } : { image_size: sides, ...rest };
}

/** The same form, no longer than the longest and in whole steps. */
function fitting({ width, height }: Sides, { multiple = 1, longest }: ImageRules): Sides {
  const scale = longest === undefined ? 1 : Math.min(1, longest / Math.max(width, height));
  const fit = (side: number): number => Math.max(multiple, Math.floor((side * scale) / multiple) * multiple);
  return { width: fit(width), height: fit(height) };
}

function told<T>(value: T | null, size: unknown): T {
  if (value !== null) return value;
  const shown = typeof size === 'string' ? `'${size.slice(0, 40)}'` : 'what was given';
  throw new InvalidRequestError(`'size' must be width and height in pixels, such as '1024x1024', and not ${shown}.`, 'size');
}
