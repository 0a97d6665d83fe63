import { PERSON_ROLES } from '../core/caller.ts';
import { BadRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Usd } from '../core/money.ts';
import type { Person } from '../identity/person.ts';
import { orderIn, pageOf, positive, sortIn, type SortValue } from './listing.ts';

const SORTS = ['user_id', 'user_email', 'created_at', 'spend', 'user_alias', 'user_role'] as const;
type Sort = (typeof SORTS)[number];

/** `GET /user/list` (control-plane 5.2): filtered, searched, sorted, paged. */
export function listUsers(
  query: URLSearchParams,
  people: Iterable<Person>,
  spendOf: (person: Person) => Usd,
  shown: (person: Person) => JsonObject,
): JsonObject {
  const page = positive(query.get('page') ?? '1', 'page', Number.MAX_SAFE_INTEGER);
  const size = positive(query.get('page_size') ?? '25', 'page_size', 100);
  const sort = sortIn(query, SORTS, 'created_at');
  const order = orderIn(query);
  const found = [...people].filter(filterOf(query));
  const sorting = { valueOf: (person: Person) => valueOf(person, sort, spendOf), idOf: (person: Person) => person.userId, order };
  return {
    users: pageOf(found, sorting, page, size).map(shown),
    total: found.length,
    page,
    page_size: size,
    total_pages: Math.ceil(found.length / size),
  };
}

function filterOf(query: URLSearchParams): (person: Person) => boolean {
  const role = query.get('role');
  if (role !== null && !PERSON_ROLES.some((known) => known === role))
    throw new BadRequestError(`role must be one of ${PERSON_ROLES.join(', ')}.`, 'role');
  const ids = listIn(query, 'user_ids');
  const ssoIds = listIn(query, 'sso_user_ids');
  const email = query.get('user_email')?.toLowerCase() ?? null;
  const search = query.get('search')?.toLowerCase() ?? null;
  return ({ fields }) => {
    if (role !== null && fields.role !== role) return false;
    if (ids && !ids.has(fields.id)) return false;
    if (ssoIds && !ssoIds.has(fields.ssoUserId ?? '')) return false;
    if (email !== null && fields.email?.toLowerCase().includes(email) !== true) return false;
    return search === null || [fields.id, fields.email, fields.alias].some((text) => text?.toLowerCase().includes(search) === true);
  };
}

function listIn(query: URLSearchParams, name: string): ReadonlySet<string> | null {
  const text = query.get(name);
  return text === null ? null : new Set(text.split(',').map((entry) => entry.trim()));
}

function valueOf(person: Person, sort: Sort, spendOf: (person: Person) => Usd): SortValue {
  const { fields } = person;
  switch (sort) {
    case 'user_id':
      return fields.id;
    case 'user_email':
      return fields.email;
    case 'created_at':
      return fields.createdAt;
    case 'spend':
      return spendOf(person);
    case 'user_alias':
      return fields.alias;
    case 'user_role':
      return fields.role;
  }
}
