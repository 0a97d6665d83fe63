import { randomUUID } from 'node:crypto';
import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { UserDeleteBody, UserListQuery, UserNewBody, UserUpdateBody } from '../contract/user.ts';
import { seesAll, type Caller, type PersonRole } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError, NotFoundError, PermissionError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { NO_USD, type Usd } from '../core/money.ts';
import type { Rights, Route, RouteCall, RouteShapes } from '../core/route.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { AuditAction } from '../identity/audit/entry.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { Keys } from '../identity/keys.ts';
import type { People } from '../identity/people.ts';
import type { Person, PersonFields } from '../identity/person.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { Users } from '../identity/users.ts';
import type { VirtualKey } from '../identity/virtual-key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Limits } from '../limits/limits.ts';
import type { Witness } from '../store/queries.ts';
import { authorOf, changeAuthorOf, queryOf } from './answer.ts';
import { keyObject } from './key-object.ts';
import { keySettingsOf } from './key-settings.ts';
import { listUsers } from './user-list.ts';
import { userObject } from './user-object.ts';
import { personSettingsOf } from './user-settings.ts';

export interface UserRouteParts {
  readonly clock: Clock;
  readonly people: People;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly keys: Keys;
  readonly ring: KeyRing;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly audit: Audit;
  /** Values for new people of a role that a request leaves open (`default_internal_user_params`). */
  readonly defaults: (role: unknown) => JsonObject;
  /** Throws until people are loaded. */
  readonly ready: () => void;
}

/** The person of the master key and the panel's administrator; spend of all calls stands under the other. */
const SPECIAL_BUDGET_USER = 'litellm-proxy-budget';

/** `/user/*` (control-plane 5). */
export function userRoutes(parts: UserRouteParts): Route[] {
  const routes = new UserRoutes(parts);
  const route = (
    method: Route['method'],
    path: string,
    rights: Rights,
    summary: string,
    handle: (call: RouteCall) => Promise<void> | void,
    shapes: RouteShapes = {},
  ): Route => ({
    method,
    paths: [path],
    rights,
    summary,
    shapes,
    group: path === '/user/info' || path === '/v2/user/info' || path === '/user/filter/ui' ? 'info_routes' : 'management_routes',
    alsoIn: ['management_routes'],
    surface: 'control',
    handle: (call) => {
      parts.ready();
      return handle(call);
    },
  });
  return [
    route('POST', '/user/new', 'admin', 'Makes a person, and a key of theirs unless `auto_create_key` is false.', (call) => routes.make(call), { body: UserNewBody }),
    route('POST', '/user/update', 'own', 'Changes a person; null clears a member. People change their own name, e-mail and password.', (call) => routes.update(call), { body: UserUpdateBody }),
    route('POST', '/user/delete', 'admin', 'Deletes people with their keys and sessions.', (call) => routes.delete(call), { body: UserDeleteBody }),
    route('GET', '/user/info', 'info', 'Shows a person with their keys; the caller’s own when none is named.', (call) => { routes.info(call); }),
    route('GET', '/v2/user/info', 'info', 'Shows a person alone.', (call) => { routes.infoAlone(call); }),
    route('GET', '/user/list', 'read', 'Lists people, filtered, sorted and paged.', (call) => { routes.list(call); }, { query: UserListQuery }),
    route('GET', '/user/filter/ui', 'read', 'Finds people by a part of id or e-mail.', (call) => { routes.find(call); }),
    route('GET', '/user/available_roles', 'info', 'The roles that a person can have.', (call) => { answerJson(call, ROLES); }),
    route('GET', '/user/available_users', 'read', 'How many people there are; there is no limit.', (call) => {
      answerJson(call, { total_users: null, total_users_used: parts.people.size, total_users_remaining: null });
    }),
  ]; // prettier-ignore
}

const ROLES: JsonObject = {
  proxy_admin: { description: 'Administrator: may see and change everything', ui_label: 'Administrator' },
  proxy_admin_viewer: { description: 'Sees everything, changes nothing', ui_label: 'Administrator (view only)' },
  internal_user: { description: 'Makes and uses own keys, sees own spend', ui_label: 'User' },
  internal_user_viewer: { description: 'Sees own keys and own spend', ui_label: 'User (view only)' },
} satisfies Record<PersonRole, unknown>;

class UserRoutes {
  readonly #parts: UserRouteParts;

  constructor(parts: UserRouteParts) {
    this.#parts = parts;
  }

  async make(call: RouteCall): Promise<void> {
    const { clock, defaults, keys, ledger, limits, people, users } = this.#parts;
    const given = await readJsonBody(call);
    const body = readBodyAs(UserNewBody, isObject(given) ? withUsual(given, defaults(given['user_role'])) : given);
    const id = body.user_id ?? randomUUID();
    const settings = await personSettingsOf(body, clock.now(), this.#nextReset);
    const makesKey = body.auto_create_key !== false;
    if (makesKey && !people.get(id)) this.#checkAlias(body.key_alias ?? null);
    const person = await users.create(id, settings, authorOf(call), this.#noted(call, 'created'));
    for (const record of limits.begin(person.policy, body.spend ?? NO_USD)) ledger.adjust(record);
    const { key_alias, duration, models, aliases, config, permissions, metadata } = body;
    const ofKey = Object.fromEntries(
      Object.entries({ key_alias, duration, models, aliases, config, permissions, metadata }).filter(([, value]) => value !== undefined),
    );
    const made = makesKey
      ? await keys.create(null, { ...keySettingsOf(ofKey, null, clock.now(), this.#nextReset), userId: id }, authorOf(call))
      : null;
    answerJson(call, {
      ...(made ? { token: made.key.keyHash, token_id: made.key.keyHash, ...keyObject(made.key.fields, NO_USD) } : {}),
      ...this.#shown(person),
      key: made?.text ?? '',
    });
  }

  async update(call: RouteCall): Promise<void> {
    const { clock, ledger, limits, people, sessions, users } = this.#parts;
    const body = readBodyAs(UserUpdateBody, await readJsonBody(call));
    const named = body.user_id ?? (body.user_email ? (people.byEmail(body.user_email)?.userId ?? null) : null);
    if (named === null) throw new BadRequestError('Name the user to change: user_id, or the user_email of one.', 'user_id');
    const caller = call.caller as Caller;
    if (caller.role !== 'proxy_admin') checkOwnChange(caller, named, body);
    if (named === SPECIAL_BUDGET_USER) {
      this.#setGlobalSpend(body.spend ?? null);
      answerJson(call, { user_id: named, data: this.#proxyBudget() });
      return;
    }
    const settings = await personSettingsOf(body, clock.now(), this.#nextReset);
    const person = await users.set(named, () => settings, authorOf(call), this.#noted(call, people.get(named) ? 'updated' : 'created'));
    if (body.spend !== undefined && body.spend !== null) ledger.adjust(limits.adjust(`user:${named}`, body.spend, person.policy));
    // Whoever knew the old password is out.
    if (body.password !== undefined) await sessions.closeOf(named, null);
    answerJson(call, { user_id: named, data: this.#shown(person) });
  }

  async delete(call: RouteCall): Promise<void> {
    const { keys, ring, sessions, users } = this.#parts;
    const { user_ids: ids } = readBodyAs(UserDeleteBody, await readJsonBody(call));
    const author = authorOf(call);
    const count = await users.remove(
      [...new Set(ids)],
      async (all) => {
        const hashes = all.flatMap((id) => ring.of(id)).map(({ keyHash }) => keyHash);
        if (hashes.length > 0) await keys.remove(hashes, author, this.#keyDeleted(call));
      },
      this.#noted(call, 'deleted'),
    );
    for (const id of ids) await sessions.closeOf(id);
    answerJson(call, count);
  }

  info(call: RouteCall): void {
    const id = this.#asked(call);
    if (id === SPECIAL_BUDGET_USER) {
      answerJson(call, { user_id: id, user_info: this.#proxyBudget(), keys: [], teams: [] });
      return;
    }
    const person = this.#parts.people.get(id);
    const own = this.#parts.ring.of(id).filter((key) => key.fields.successor === null);
    const caller = call.caller as Caller;
    if (!person && own.length === 0 && id !== caller.userId) throw new NotFoundError(`User ${id.slice(0, 200)} not found`, 'user_id');
    answerJson(call, {
      user_id: id,
      user_info: person && this.#shown(person),
      keys: own.map((key) => ({ token: key.keyHash, ...keyObject(key.fields, this.#spendOfKey(key)) })),
      teams: [],
    });
  }

  infoAlone(call: RouteCall): void {
    const id = this.#asked(call);
    const person = this.#parts.people.get(id);
    if (!person) throw new NotFoundError(`User ${id.slice(0, 200)} not found`, 'user_id');
    answerJson(call, this.#shown(person));
  }

  list(call: RouteCall): void {
    const { people } = this.#parts;
    const counts = new Map<string, number>();
    for (const key of this.#parts.ring.all())
      if (key.userId !== null && key.fields.successor === null) counts.set(key.userId, (counts.get(key.userId) ?? 0) + 1);
    const shown = (person: Person): JsonObject => ({ ...this.#shown(person), key_count: counts.get(person.userId) ?? 0 });
    answerJson(
      call,
      listUsers(queryOf(call), people.all(), (person) => this.#spendOf(person), shown),
    );
  }

  find(call: RouteCall): void {
    const query = queryOf(call);
    const parts = [query.get('user_id'), query.get('user_email')].map((text) => text?.toLowerCase() ?? '');
    const found = [...this.#parts.people.all()].filter(
      ({ fields }) => fields.id.toLowerCase().includes(parts[0] ?? '') && (fields.email ?? '').toLowerCase().includes(parts[1] ?? ''),
    );
    answerJson(call, found.slice(0, 50).map(({ fields }) => ({ user_id: fields.id, user_email: fields.email })));
  } // prettier-ignore

  /** Whom the query names; the caller when nobody. @throws {PermissionError} for somebody else */
  #asked(call: RouteCall): string {
    const caller = call.caller as Caller;
    const asked = queryOf(call).get('user_id') ?? caller.userId;
    if (asked === null) throw new BadRequestError('This key belongs to nobody. Name a user: user_id.', 'user_id');
    if (!seesAll(caller) && asked !== caller.userId) throw new PermissionError('You may look at your own user alone.');
    return asked;
  }

  readonly #nextReset = (duration: string, now: number): number | null => this.#parts.limits.calendar.nextReset(duration, now);

  #spendOf(person: Person): Usd {
    return this.#parts.limits.spentBy(person.policy);
  }

  #spendOfKey(key: VirtualKey): Usd {
    return this.#parts.limits.spendOf(key.keyHash, key.policy);
  }

  /** The person with what they spent, and their next reset as it stands now. */
  #shown(person: Person): JsonObject {
    const object = userObject(person.fields, this.#spendOf(person));
    const [own] = this.#parts.limits.budgetsOf(person.policy);
    return own && own.resetAt !== null && person.fields.budgetDuration !== null
      ? { ...object, budget_reset_at: new Date(own.resetAt).toISOString() }
      : object;
  }

  /** The budget over everything, in the shape of a person (control-plane 5.2). */
  #proxyBudget(): JsonObject {
    const { limit, duration, spend, resetAt } = this.#parts.limits.globalBudget();
    const fields = { ...NOBODY, id: SPECIAL_BUDGET_USER, maxBudget: limit, budgetDuration: duration, budgetResetAt: resetAt };
    return userObject(fields, spend);
  }

  #setGlobalSpend(spend: Usd | null): void {
    if (spend === null)
      throw new BadRequestError('Of the budget over everything only spend can be set here; its limit is litellm_settings.max_budget.', 'spend');
    this.#parts.ledger.adjust(this.#parts.limits.adjust('global', spend));
  } // prettier-ignore

  #checkAlias(alias: string | null): void {
    if (alias !== null && this.#parts.ring.byAlias(alias))
      throw new BadRequestError(`Key with alias '${alias}' already exists. Unique key aliases across all keys are required.`, 'key_alias');
  }

  #noted(call: RouteCall, action: AuditAction): Witness<PersonFields> {
    return async (queries, before, after) => {
      const entry = {
        action,
        table: 'users',
        objectId: (after ?? before)?.id ?? '',
        before: before && storedUser(before),
        after: after && storedUser(after),
        author: changeAuthorOf(call),
      } as const;
      await this.#parts.audit.record(entry, queries);
    };
  }

  #keyDeleted(call: RouteCall): Witness<VirtualKey['fields']> {
    return async (queries, before) => {
      const entry = {
        action: 'deleted',
        table: 'virtual_keys',
        objectId: before?.hash ?? '',
        before: before && { token: before.hash, ...keyObject(before, NO_USD) },
        after: null,
        author: changeAuthorOf(call),
      } as const;
      await this.#parts.audit.record(entry, queries);
    };
  }
}

const DEFAULTED = ['user_role', 'max_budget', 'budget_duration', 'tpm_limit', 'rpm_limit', 'max_parallel_requests', 'models'];

function withUsual(body: JsonObject, defaults: JsonObject): JsonObject {
  const usual = DEFAULTED.filter((name) => (body[name] ?? null) === null && (defaults[name] ?? null) !== null);
  return { ...body, ...Object.fromEntries(usual.map((name) => [name, defaults[name]])) };
}

const NOBODY: PersonFields = {
  id: '', email: null, alias: null, role: 'proxy_admin', password: null, ssoUserId: null, models: [], maxBudget: null, budgetDuration: null,
  budgetResetAt: null, modelMaxBudget: {}, modelBudgets: {}, rpmLimit: null, tpmLimit: null, maxParallelRequests: null, metadata: {},
  createdAt: 0, updatedAt: 0, createdBy: null, updatedBy: null,
}; // prettier-ignore

/** What stands in the person's row, as the wire names it. */
function storedUser(fields: PersonFields): JsonObject {
  const { spend: _spend, teams: _teams, ...row } = userObject(fields, NO_USD);
  return row;
}

/** What people may change of themselves. */
const OWN_MEMBERS: ReadonlySet<string> = new Set(['user_id', 'user_email', 'user_alias', 'password', 'metadata']);

/** @throws {PermissionError} */
function checkOwnChange(caller: Caller, id: string, body: UserUpdateBody): void {
  if (id !== caller.userId) throw new PermissionError('You may change your own user alone.');
  const refused = isObject(body)
    ? Object.keys(body).find((name) => !OWN_MEMBERS.has(name) && (body as JsonObject)[name] !== undefined)
    : undefined;
  if (refused !== undefined) throw new PermissionError(`You may not change ${refused} of yourself; an administrator can.`);
}
