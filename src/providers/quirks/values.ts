import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Quirks } from '../catalogue/quirks.ts';
import { merged, withPath, without } from './json-path.ts';

/** Replaces parameter values that the provider calls otherwise (see `values` in the catalogue's schema). */
export function withValues(body: JsonObject, { values = {} }: Quirks): JsonObject {
  let result = body;
  for (const [param, table] of Object.entries(values)) {
    if (!(param in result)) continue;
    const asked = result[param];
    const sent = entryFor(table, asked);
    if (sent === undefined) continue;
    if (isObject(sent)) result = merged(without(result, [param]), filled(sent, asked));
    else if (sent === null) result = without(result, [param]);
    else if (sent !== '*') result = { ...result, [param]: sent };
  }
  return result;
}

function entryFor(table: Readonly<Record<string, unknown>>, asked: unknown): unknown {
  const key = typeof asked === 'string' ? asked : isObject(asked) ? '{object}' : JSON.stringify(asked);
  if (Object.hasOwn(table, key)) return table[key];
  return typeof asked === 'string' ? table['*'] : undefined;
}

/** The members with every `"*"` replaced by what was asked for. */
function filled(members: JsonObject, asked: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, value === '*' ? asked : isObject(value) ? filled(value, asked) : value]),
  );
}

/** Numbers brought into their range, raised on a condition, lists cut. */
export function withinBounds(body: JsonObject, quirks: Quirks): JsonObject {
  const changes: JsonObject = {};
  for (const [param, [low, high]] of Object.entries(quirks.clamp ?? {})) {
    const value = body[param];
    if (typeof value === 'number' && (value < low || value > high)) changes[param] = Math.min(high, Math.max(low, value));
  }
  for (const { param, value, when } of quirks.atLeast ?? []) {
    const asked = changes[param] ?? body[param];
    const other = body[when.param];
    if (typeof asked === 'number' && asked < value && typeof other === 'number' && other > when.above) changes[param] = value;
  }
  for (const [param, most] of Object.entries(quirks.maxItems ?? {})) {
    const list = body[param];
    if (Array.isArray(list) && list.length > most) changes[param] = list.slice(0, most);
  }
  return { ...body, ...changes };
}

/** Parameters under the provider's names. A value that already stands under the new name keeps its place. */
export function renamed(body: JsonObject, { rename = {} }: Quirks): JsonObject {
  let result = body;
  for (const [from, to] of Object.entries(rename)) {
    if (!(from in result)) continue;
    const value = result[from];
    const rest = without(result, [from]);
    result = to in rest ? rest : withPath(rest, to, value);
  }
  return result;
}

/** Members the provider wants: `defaults` where nothing was said, `force` always, `unstreamed` where one answer is waited for. */
export function completed(body: JsonObject, { defaults = {}, force = {}, unstreamed = {} }: Quirks): JsonObject {
  const absent = Object.entries(defaults).filter(([name]) => !(name in body));
  const waits = 'messages' in body && body['stream'] !== true;
  return merged(merged({ ...body, ...Object.fromEntries(absent) }, force), waits ? unstreamed : {});
}
