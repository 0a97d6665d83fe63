import { isExactNumber } from '../../core/exact-json.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';

/** What stands in the row for an object before and after. */
export interface AuditValues {
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** Who made the last change and when stands beside the values. */
const NOT_TOLD: ReadonlySet<string> = new Set(['updated_at', 'updated_by']);

/** Of a change what changed, at any depth; of an object made or deleted all of it. Without secrets. */
export function auditValues(before: JsonObject | null, after: JsonObject | null): AuditValues {
  if (before === null || after === null) return { before: before && withoutSecrets(before), after: after && withoutSecrets(after) };
  const [was, is] = differing(withoutMarks(before), withoutMarks(after));
  return { before: withoutSecrets(was), after: withoutSecrets(is) };
}

function withoutMarks(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !NOT_TOLD.has(name)));
}

/** The members in which two objects differ, on both sides; one that is on one side alone is left out on the other. */
function differing(before: JsonObject, after: JsonObject): readonly [JsonObject, JsonObject] {
  const [was, is]: [JsonObject, JsonObject] = [{}, {}];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[name], after[name]];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    const [shownOld, shownNow] = isMap(old) && isMap(now) ? differing(old, now) : [old, now];
    if (old !== undefined) was[name] = shownOld;
    if (now !== undefined) is[name] = shownNow;
  }
  return [was, is];
}

/** Names of members that hold a secret in whatever object they stand: free members of keys and settings have any shape. */
const SECRET_NAME =
  /(?:^|[_-])(?:api_?key|secret|password|passphrase|private_key|access_key|master_key|salt_key|authorization|webhook_url|(?:access|auth|bearer|refresh|id|session)_token)(?:$|[_-])/i;
/** Keys of this gateway and of most providers. */
const KEY_TEXT = /\bsk-[\w-]{6,}/g;
const MASK = '****';

function withoutSecrets(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, SECRET_NAME.test(name) ? secretMasked(value) : masked(value)]),
  );
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(KEY_TEXT, `sk-${MASK}`);
  if (Array.isArray(value)) return value.map(masked);
  return isMap(value) ? withoutSecrets(value) : value;
}

/** What was masked before shows what it showed. */
function secretMasked(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' && value.includes(MASK) ? value : MASK;
}

function isMap(value: unknown): value is JsonObject {
  return isObject(value) && !isExactNumber(value);
}
