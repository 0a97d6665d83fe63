import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import {
  BlockedKeyAnswer,
  DeletedKeysAnswer,
  KeyBody,
  KeyBulkAnswer,
  KeyBulkBody,
  KeyDeleteBody,
  KeyInfoAnswer,
  KeyInfoQuery,
  KeyListAnswer,
  KeyListQuery,
  KeyNameBody,
  KeyRegenerateBody,
  KeyResetAnswer,
  KeyResetBody,
  KeyUpdateBody,
  NewKeyAnswer,
  UpdatedKeyAnswer,
} from '../contract/key.ts';
import type { Caller } from '../core/caller.ts';
import { BadRequestError, NotFoundError, PermissionError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { NO_USD, usdText } from '../core/money.ts';
import type { Rights, Route, RouteCall, RouteShapes } from '../core/route.ts';
import { addDuration, parseDuration } from '../config/duration.ts';
import { hashOf, isKeyHash } from '../identity/key-hash.ts';
import { KeysByAge } from '../identity/keys-by-age.ts';
import { checkNotManaged } from '../identity/managed-key.ts';
import type { KeyFields, VirtualKey } from '../identity/virtual-key.ts';
import type { Transactions } from '../store/queries.ts';
import { authorOf, queryOf } from './answer.ts';
import { KeyBulkUpdate, MOST_KEYS, type KeyBulkParts } from './key-bulk-update.ts';
import { checkName, KeyChanges, type KeyChangeParts } from './key-changes.ts';
import { listKeys, type KeyListing } from './key-list.ts';
import { withLastUses } from './key-last-uses.ts';
import { keyObject } from './key-object.ts';
import { checkOwner, checkOwnKey } from './own-keys.ts';
import { checkUpperBounds, keySettingsOf, withDefaults } from './key-settings.ts';
import { maySeeKey, shownKey, spendOfKey } from './key-view.ts';

export interface KeyRouteParts extends KeyChangeParts, KeyBulkParts {
  readonly database: Transactions;
  /** Throws until keys are loaded. */
  readonly ready: () => void;
}

/** `/key/*` (control-plane 4). */
export function keyRoutes(parts: KeyRouteParts): Route[] {
  const changes = new KeyChanges(parts);
  const routes = new KeyRoutes(parts, changes);
  const bulk = new KeyBulkUpdate(parts, changes);
  const route = (
    method: Route['method'],
    paths: readonly string[],
    rights: Rights,
    summary: string,
    shapes: RouteShapes,
    handle: (call: RouteCall) => Promise<void> | void,
  ): Route => ({
    method,
    paths,
    rights,
    summary,
    shapes,
    group: rights === 'info' ? 'info_routes' : 'key_management_routes',
    alsoIn: ['key_management_routes'],
    surface: 'control',
    handle: (call) => {
      parts.ready();
      return handle(call);
    },
  });
  return [
    route(
      'POST',
      ['/key/generate'],
      'own',
      'Makes a virtual key. Its text is in this answer and never again.',
      { body: KeyBody, answer: NewKeyAnswer },
      (call) => routes.generate(call),
    ),
    route(
      'POST',
      ['/key/update'],
      'own',
      'Changes the members of a key that the body names; null clears one.',
      { body: KeyUpdateBody, answer: UpdatedKeyAnswer },
      (call) => routes.update(call),
    ),
    route(
      'POST',
      ['/key/bulk_update'],
      'own',
      `Changes up to ${MOST_KEYS} keys, each as \`/key/update\` does, and each on its own: one that fails does not stop the others.`,
      { body: KeyBulkBody, answer: KeyBulkAnswer },
      (call) => bulk.update(call),
    ),
    route(
      'POST',
      ['/key/delete'],
      'own',
      'Deletes keys by text, hash or alias. They are refused from the next call on.',
      { body: KeyDeleteBody, answer: DeletedKeysAnswer },
      (call) => routes.delete(call),
    ),
    route('POST', ['/key/block'], 'own', 'Refuses a key until it is unblocked.', { body: KeyNameBody, answer: BlockedKeyAnswer }, (call) =>
      routes.block(call, true),
    ),
    route('POST', ['/key/unblock'], 'own', 'Lets a blocked key call again.', { body: KeyNameBody, answer: BlockedKeyAnswer }, (call) =>
      routes.block(call, false),
    ),
    route(
      'POST',
      ['/key/:key/regenerate', '/key/regenerate'],
      'own',
      'Gives a key a new text and keeps all else, its spend too; `grace_period` keeps the old text working for a while.',
      { body: KeyRegenerateBody, answer: NewKeyAnswer },
      (call) => routes.regenerate(call),
    ),
    route(
      'POST',
      ['/key/:key/reset_spend'],
      'admin',
      'Sets the spend of a key back to `reset_to`.',
      { body: KeyResetBody, answer: KeyResetAnswer },
      (call) => routes.resetSpend(call),
    ),
    route(
      'GET',
      ['/key/info'],
      'info',
      'Shows a key by text or hash, without its text; the caller’s own when none is named.',
      { query: KeyInfoQuery, answer: KeyInfoAnswer },
      (call) => routes.info(call),
    ),
    route(
      'GET',
      ['/key/list'],
      'info',
      'Lists keys, filtered, sorted and paged. A key without an owner sees itself alone.',
      { query: KeyListQuery, answer: KeyListAnswer },
      (call) => routes.list(call),
    ),
  ];
}

class KeyRoutes {
  readonly #parts: KeyRouteParts;
  readonly #changes: KeyChanges;

  constructor(parts: KeyRouteParts, changes: KeyChanges) {
    this.#parts = parts;
    this.#changes = changes;
  }

  async generate(call: RouteCall): Promise<void> {
    const { clock, keys, limits, rules } = this.#parts;
    const given = await readJsonBody(call);
    const body = this.#ownBody(call, readBodyAs(KeyBody, isObject(given) ? withDefaults(given, rules()) : given));
    checkUpperBounds(body, rules());
    const settings = keySettingsOf(body, null, clock.now(), this.#changes.nextReset);
    const { text, key } = await keys.create(body.key ?? null, settings, authorOf(call), this.#changes.noted(call, 'created'));
    for (const record of limits.begin(key.policy, body.spend ?? NO_USD)) this.#parts.ledger.adjust(record);
    const object = shownKey(this.#parts, key);
    answerJson(call, {
      key: text,
      token: key.keyHash,
      token_id: key.keyHash,
      ...object,
      spend: JSON.rawJSON(usdText(limits.spendOf(key.keyHash, key.policy))),
    });
  }

  async update(call: RouteCall): Promise<void> {
    const { name, key } = await this.#changes.update(call, await readJsonBody(call));
    answerJson(call, { key: name, ...shownKey(this.#parts, key) });
  }

  async delete(call: RouteCall): Promise<void> {
    const { keys, ring } = this.#parts;
    const body = readBodyAs(KeyDeleteBody, await readJsonBody(call));
    const named = [
      // An old text in its grace is deleted alone: the key that it became lives.
      ...(body.keys ?? []).map((name) => ({ name, key: keys.exactly(name) })),
      ...(body.key_aliases ?? []).map((name) => ({ name, key: ring.byAlias(name) })),
    ];
    if (named.length === 0) throw new BadRequestError('Name the keys to delete: keys or key_aliases.', 'keys');
    const found = named.filter((entry): entry is { name: string; key: VirtualKey } => entry.key !== null);
    if (found.length === 0) throw new NotFoundError('None of these keys exists.', 'keys');
    for (const { key } of found) {
      checkOwner(call.caller as Caller, key);
      checkNotManaged(key.fields);
    }
    await keys.remove([...new Set(found.map(({ key }) => key.keyHash))], authorOf(call), this.#changes.noted(call, 'deleted'));
    answerJson(call, { deleted_keys: found.map(({ name }) => name) });
  }

  async block(call: RouteCall, blocked: boolean): Promise<void> {
    const body = readBodyAs(KeyNameBody, await readJsonBody(call));
    checkName(body.key);
    const noted = this.#changes.noted(call, blocked ? 'blocked' : 'unblocked');
    const change = (old: KeyFields) => {
      this.#changes.check(call, old, {});
      return { blocked };
    };
    const key = await this.#parts.keys.update(body.key, change, authorOf(call), noted);
    answerJson(call, { token: key.keyHash, ...shownKey(this.#parts, key) });
  }

  async regenerate(call: RouteCall): Promise<void> {
    const { clock, keys, limits, ledger } = this.#parts;
    const body = readBodyAs(KeyRegenerateBody, await readJsonBody(call));
    const name = call.params['key'] ?? body.key;
    if (name === undefined || name === null) throw new BadRequestError('Name the key to regenerate.', 'key');
    checkName(name);
    const now = clock.now();
    const old = keys.find(name);
    const graceUntil = graceOf(body.grace_period ?? process.env['LITELLM_KEY_ROTATION_GRACE_PERIOD'] ?? null, now);
    const made = await keys.regenerate(
      name,
      body.new_key ?? null,
      (fields) => {
        this.#changes.check(call, fields, body);
        return keySettingsOf(body, fields, now, this.#changes.nextReset);
      },
      graceUntil,
      authorOf(call),
      this.#changes.noted(call, 'regenerated'),
    );
    if (old) for (const record of limits.inherit(made.key.policy, old.policy)) ledger.adjust(record);
    answerJson(call, { key: made.text, token: made.key.keyHash, token_id: made.key.keyHash, ...shownKey(this.#parts, made.key) });
  }

  async resetSpend(call: RouteCall): Promise<void> {
    const { keys, limits } = this.#parts;
    const name = call.params['key'] ?? '';
    checkName(name);
    const key = keys.find(name);
    if (!key) throw new NotFoundError('Key not found in database.', 'key');
    const body = readBodyAs(KeyUpdateBody.pick({ spend: true }), { spend: resetTo(await readJsonBody(call)) });
    const to = body.spend;
    const previous = limits.spendOf(key.keyHash, key.policy);
    if (to === undefined || to === null || to > previous || (key.fields.maxBudget !== null && to > key.fields.maxBudget)) {
      throw new BadRequestError('reset_to must be a number from 0 to the current spend and at most the budget.', 'reset_to');
    }
    await this.#changes.setSpend(call, key, to);
    const { budget_reset_at: resetAt, max_budget: maxBudget } = shownKey(this.#parts, key);
    answerJson(call, {
      key_hash: key.keyHash,
      spend: JSON.rawJSON(usdText(to)),
      previous_spend: JSON.rawJSON(usdText(previous)),
      max_budget: maxBudget,
      budget_reset_at: resetAt,
    });
  }

  async info(call: RouteCall): Promise<void> {
    const { keys } = this.#parts;
    const asked = queryOf(call).get('key');
    const { caller } = call;
    const name = asked ?? caller?.keyHash ?? '';
    checkName(name);
    const hash = isKeyHash(name) ? name : hashOf(name);
    const key = keys.find(name);
    if (!caller || !maySeeKey(caller, key, hash))
      throw new PermissionError(
        `You are not allowed to access this key's info. Your role=${caller?.role === 'key' ? 'None' : caller?.role}`,
      );
    if (key) {
      answerJson(call, { key: asked ?? hash, info: shownKey(this.#parts, key) });
      return;
    }
    const deleted = isKeyHash(name) ? await keys.deleted(hash) : null;
    if (!deleted) throw new NotFoundError('Key not found in database.', 'key');
    answerJson(call, { key: name, info: { ...keyObject(deleted, this.#parts.limits.spendOf(hash)), status: 'deleted' } });
  }

  async list(call: RouteCall): Promise<void> {
    const query = queryOf(call);
    const status = query.get('status');
    if (status !== null && status !== 'deleted')
      throw new BadRequestError("status must be 'deleted', or absent for keys that live.", 'status');
    const among = status === 'deleted' ? new KeysByAge(await this.#parts.keys.allDeleted()).newestFirst : this.#parts.ring.newestFirst;
    const { clock, people } = this.#parts;
    const expanded = query.get('expand')?.split(',') ?? [];
    const owned = expanded.includes('user');
    const listing: KeyListing = {
      among,
      now: clock.now(),
      spendOf: (key) => spendOfKey(this.#parts, key),
      shown: (key) => (owned ? { ...shownKey(this.#parts, key), user: this.#ownerOf(key) } : shownKey(this.#parts, key)),
      namesOf: (id) => {
        const fields = people.get(id)?.fields;
        return [fields?.email ?? null, fields?.alias ?? null];
      },
    };
    const answer = listKeys(query, call.caller as Caller, listing);
    answerJson(call, expanded.includes('last_used') ? await withLastUses(answer, this.#parts) : answer);
  }

  /** A new key of a person who is no administrator is theirs. */
  #ownBody(call: RouteCall, body: KeyBody): KeyBody {
    const caller = call.caller as Caller;
    if (caller.role === 'proxy_admin') return body;
    const own = { ...body, user_id: body.user_id ?? caller.userId };
    checkOwnKey(caller, this.#parts.people.get(caller.userId ?? ''), own, null);
    return own;
  }

  #ownerOf({ userId, owner }: VirtualKey): JsonObject | null {
    if (userId === null) return null;
    return { user_id: userId, user_email: owner?.fields.email ?? null, user_alias: owner?.fields.alias ?? null };
  }
}

function graceOf(text: string | null, now: number): number | null {
  if (text === null || text === '') return null;
  const duration = parseDuration(text);
  if (!duration)
    throw new BadRequestError(`Invalid grace_period '${text.slice(0, 40)}'. Use a number and a unit, such as 24h.`, 'grace_period');
  return addDuration(now, duration);
}

function resetTo(body: unknown): unknown {
  return isObject(body) ? body['reset_to'] : undefined;
}
