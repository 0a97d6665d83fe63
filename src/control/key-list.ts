import { seesAll, type Caller } from '../core/caller.ts';
import { BadRequestError, PermissionError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import { addUsd, NO_USD, usdJson, type Usd } from '../core/money.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';
import { orderIn, pageOf, positive, sortIn, type SortValue } from './listing.ts';

const SORTS = ['spend', 'max_budget', 'created_at', 'updated_at', 'expires', 'token', 'key_alias'] as const;
type Sort = (typeof SORTS)[number];

/** How a key is now, for those who look for one. */
const STATES = ['active', 'blocked', 'expired', 'over_budget'] as const;

export interface KeyListing {
  /** Newest first. */
  readonly among: readonly VirtualKey[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly spendOf: (key: VirtualKey) => Usd;
  readonly shown: (key: VirtualKey) => JsonObject;
  /** Names of a person that a search finds the keys of. */
  readonly namesOf: (userId: string) => readonly (string | null)[];
}

/** `GET /key/list` (control-plane 4.4): filtered, searched, sorted, paged. */
export function listKeys(query: URLSearchParams, caller: Caller, listing: KeyListing): JsonObject {
  const { among, spendOf, shown } = listing;
  const page = positive(query.get('page') ?? '1', 'page', Number.MAX_SAFE_INTEGER);
  const size = positive(query.get('size') ?? '10', 'size', 100);
  const sort = sortIn(query, SORTS, 'created_at');
  const order = orderIn(query);
  const keep = filterOf(query, caller, listing);
  const keys = keep === null ? among : among.filter(keep);
  const full = query.get('return_full_object') === 'true';
  const summed = query.get('expand')?.split(',').includes('total_spend') === true;
  const rows =
    sort === 'created_at'
      ? agePageOf(keys, order, page, size)
      : pageOf(keys, { valueOf: (key) => valueOf(key, sort, spendOf), idOf: (key) => key.keyHash, order }, page, size);
  return {
    keys: rows.map((key) => (full ? { token: key.keyHash, ...shown(key) } : key.keyHash)),
    total_count: keys.length,
    ...(summed ? { total_spend: usdJson(keys.reduce((sum, key) => addUsd(sum, spendOf(key)), NO_USD)) } : {}),
    current_page: page,
    total_pages: Math.ceil(keys.length / size),
  };
}

/** Newest first they stand already; oldest first is the same list from its end. */
function agePageOf(keys: readonly VirtualKey[], order: 'asc' | 'desc', page: number, size: number): VirtualKey[] {
  const [from, until] = [(page - 1) * size, page * size];
  if (order === 'desc') return keys.slice(from, until);
  return keys.slice(Math.max(0, keys.length - until), Math.max(0, keys.length - from)).reverse();
}

type Keep = (key: VirtualKey) => boolean;

/** Null: all are kept. */
function filterOf(query: URLSearchParams, caller: Caller, listing: KeyListing): Keep | null {
  const user = query.get('user_id');
  if (!seesAll(caller) && user !== null && user !== caller.userId)
    throw new PermissionError("You are not authorized to check another user's keys");
  const exact: readonly (readonly [string | null, (key: VirtualKey) => string | null])[] = [
    [user, (key) => key.userId],
    [query.get('team_id'), (key) => key.teamId],
    [query.get('organization_id'), (key) => key.organizationId],
    [query.get('key_alias'), (key) => key.keyAlias],
    [query.get('key_hash'), (key) => key.keyHash],
  ];
  const asked = exact.filter(([wanted]) => wanted !== null);
  const kept = [mayBeSeenBy(caller), stateFilter(query, listing), modelFilter(query), searchFilter(query, listing)].filter(
    (keep) => keep !== null,
  );
  if (asked.length === 0 && kept.length === 0) return null;
  return (key) => asked.every(([wanted, read]) => read(key) === wanted) && kept.every((keep) => keep(key));
}

/** A key without an owner sees itself and nothing more (ruling K2); a person their own. */
function mayBeSeenBy(caller: Caller): Keep | null {
  if (seesAll(caller)) return null;
  const { userId, keyHash, role } = caller;
  return role === 'key' || userId === null ? (key) => key.keyHash === keyHash : (key) => key.userId === userId;
}

function stateFilter(query: URLSearchParams, { now, spendOf }: KeyListing): Keep | null {
  const asked = query.get('state');
  if (asked === null) return null;
  const state = STATES.find((name) => name === asked);
  if (!state) throw new BadRequestError(`state must be one of ${STATES.join(', ')}.`, 'state');
  const blocked: Keep = (key) => key.fields.blocked === true;
  const expired: Keep = ({ fields: { expires } }) => expires !== null && expires <= now;
  const over: Keep = (key) => key.fields.maxBudget !== null && spendOf(key) >= key.fields.maxBudget;
  const filters = { blocked, expired, over_budget: over, active: (key) => !blocked(key) && !expired(key) } as const satisfies Record<
    string,
    Keep
  >;
  return filters[state];
}

function modelFilter(query: URLSearchParams): Keep | null {
  const model = query.get('model');
  return model === null ? null : (key) => key.mayUseModel(model, []);
}

function searchFilter(query: URLSearchParams, { namesOf }: KeyListing): Keep | null {
  const search = query.get('search')?.trim().toLowerCase() ?? '';
  if (search === '') return null;
  const people = new Map<string, boolean>();
  const holds = (text: string | null): boolean => text?.toLowerCase().includes(search) === true;
  const isTheirs = (userId: string): boolean => {
    let found = people.get(userId);
    if (found === undefined) people.set(userId, (found = holds(userId) || namesOf(userId).some(holds)));
    return found;
  };
  return (key) => holds(key.keyAlias) || holds(key.fields.keyName) || key.keyHash.includes(search) || (key.userId !== null && isTheirs(key.userId)); // prettier-ignore
}

function valueOf(key: VirtualKey, sort: Exclude<Sort, 'created_at'>, spendOf: (key: VirtualKey) => Usd): SortValue {
  const { fields } = key;
  switch (sort) {
    case 'spend':
      return spendOf(key);
    case 'max_budget':
      return fields.maxBudget;
    case 'updated_at':
      return fields.updatedAt;
    case 'expires':
      return fields.expires;
    case 'token':
      return fields.hash;
    case 'key_alias':
      return fields.alias;
  }
}
