import type { Caller } from '../core/caller.ts';
import { BadRequestError, PermissionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Usd } from '../core/money.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';

const SORTS = ['spend', 'max_budget', 'created_at', 'updated_at', 'token', 'key_alias'] as const;
type Sort = (typeof SORTS)[number];

/** `GET /key/list` (control-plane 4.4): filtered, searched, sorted, paged. */
export function listKeys(
  query: URLSearchParams,
  caller: Caller,
  among: Iterable<VirtualKey>,
  spendOf: (key: VirtualKey) => Usd,
  shown: (key: VirtualKey) => JsonObject,
): JsonObject {
  const page = positive(query.get('page') ?? '1', 'page', Number.MAX_SAFE_INTEGER);
  const size = positive(query.get('size') ?? '10', 'size', 100);
  const sort = query.get('sort_by') ?? 'created_at';
  if (!isSort(sort)) throw new BadRequestError(`sort_by must be one of ${SORTS.join(', ')}.`, 'sort_by');
  const order = query.get('sort_order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw new BadRequestError('sort_order must be asc or desc.', 'sort_order');
  const keep = filterOf(query, caller);
  const keys = [...among].filter(keep);
  const direction = order === 'asc' ? 1 : -1;
  keys.sort((a, b) => direction * (compare(valueOf(a, sort, spendOf), valueOf(b, sort, spendOf)) || compare(a.keyHash, b.keyHash)));
  const full = query.get('return_full_object') === 'true';
  const rows = keys.slice((page - 1) * size, page * size);
  return {
    keys: rows.map((key) => (full ? { token: key.keyHash, ...shown(key) } : key.keyHash)),
    total_count: keys.length,
    current_page: page,
    total_pages: Math.ceil(keys.length / size),
  };
}

function filterOf(query: URLSearchParams, caller: Caller): (key: VirtualKey) => boolean {
  const admin = caller.role === 'proxy_admin';
  const user = query.get('user_id');
  // A key without an owner sees itself and nothing more (ruling K2).
  if (!admin && user !== null && user !== caller.userId) throw new PermissionError("You are not authorized to check another user's keys");
  const exact: readonly (readonly [string | null, (key: VirtualKey) => string | null])[] = [
    [user, (key) => key.userId],
    [query.get('team_id'), (key) => key.teamId],
    [query.get('organization_id'), (key) => key.organizationId],
    [query.get('key_alias'), (key) => key.keyAlias],
    [query.get('key_hash'), (key) => key.keyHash],
  ];
  const search = query.get('search')?.toLowerCase() ?? null;
  return (key) => {
    // An old text in its grace is not a key of its own.
    if (key.fields.successor !== null || (!admin && key.keyHash !== caller.keyHash)) return false;
    if (exact.some(([wanted, read]) => wanted !== null && read(key) !== wanted)) return false;
    if (search === null) return true;
    return [key.keyAlias, key.keyHash, key.userId].some((text) => text?.toLowerCase().includes(search) === true);
  };
}

function valueOf(key: VirtualKey, sort: Sort, spendOf: (key: VirtualKey) => Usd): string | number | bigint | null {
  const { fields } = key;
  switch (sort) {
    case 'spend':
      return spendOf(key);
    case 'max_budget':
      return fields.maxBudget;
    case 'created_at':
      return fields.createdAt;
    case 'updated_at':
      return fields.updatedAt;
    case 'token':
      return fields.hash;
    case 'key_alias':
      return fields.alias;
  }
}

/** Nothing sorts before something. */
function compare(a: string | number | bigint | null, b: string | number | bigint | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

function isSort(text: string): text is Sort {
  return (SORTS as readonly string[]).includes(text);
}

function positive(text: string, param: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new BadRequestError(`${param} must be a whole number from 1 to ${most}.`, param);
  return value;
}
