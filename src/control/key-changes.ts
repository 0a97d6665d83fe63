import { readBodyAs } from '../contract/body.ts';
import { KeyUpdateBody, type KeyBody } from '../contract/key.ts';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import { NO_USD, usdJson, type Usd } from '../core/money.ts';
import type { RouteCall } from '../core/route.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { AuditAction } from '../identity/audit/entry.ts';
import { isKeyHash } from '../identity/key-hash.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import type { Keys } from '../identity/keys.ts';
import type { People } from '../identity/people.ts';
import type { KeyFields, VirtualKey } from '../identity/virtual-key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Limits } from '../limits/limits.ts';
import type { Witness } from '../store/queries.ts';
import { authorOf, changeAuthorOf } from './answer.ts';
import { keyObject } from './key-object.ts';
import { checkUpperBounds, keySettingsOf, type KeyRules } from './key-settings.ts';
import { setSpendOfKey, spendOfKey } from './key-view.ts';
import { checkOwner, checkOwnKey } from './own-keys.ts';

export interface KeyChangeParts {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly ring: KeyRing;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly audit: Audit;
  readonly people: People;
  readonly rules: () => KeyRules;
}

/** What every route that changes keys goes through: rights, bounds, the change itself and its audit row. */
export class KeyChanges {
  readonly #parts: KeyChangeParts;

  constructor(parts: KeyChangeParts) {
    this.#parts = parts;
  }

  /**
   * Changes the members of a key that a body names (control-plane 4.4).
   *
   * @param given the body of `/key/update`, not yet read
   * @returns the key, and how the body names it
   * @throws {GatewayError} and then nothing has changed
   */
  async update(call: RouteCall, given: unknown): Promise<{ readonly name: string; readonly key: VirtualKey }> {
    const { clock, keys, rules } = this.#parts;
    const body = readBodyAs(KeyUpdateBody, given);
    checkUpperBounds(body, rules());
    checkName(body.key);
    const key = await keys.update(
      body.key,
      (old) => {
        this.check(call, old, body);
        return keySettingsOf(body, old, clock.now(), this.nextReset);
      },
      authorOf(call),
      this.noted(call, 'updated'),
    );
    if (body.spend !== undefined && body.spend !== null) await this.setSpend(call, key, body.spend);
    return { name: body.key, key };
  }

  /** @throws {PermissionError} when the caller may not change the key, or not like this */
  check(call: RouteCall, old: KeyFields, body: Partial<KeyBody>): void {
    const caller = call.caller as Caller;
    if (caller.role === 'proxy_admin') return;
    const key = this.#parts.ring.get(old.hash);
    if (key) checkOwner(caller, key);
    checkOwnKey(caller, this.#parts.people.get(caller.userId ?? ''), body, old);
  }

  async setSpend(call: RouteCall, key: VirtualKey, spend: Usd): Promise<void> {
    const { audit, ledger } = this.#parts;
    const before = { spend: usdJson(spendOfKey(this.#parts, key)) };
    ledger.adjust(setSpendOfKey(this.#parts, key, spend));
    await audit.record({
      action: 'updated',
      table: 'virtual_keys',
      objectId: key.keyHash,
      before,
      after: { spend: usdJson(spend) },
      author: changeAuthorOf(call),
    });
  }

  /** Writes the change into the audit log, in the transaction that makes it. */
  noted(call: RouteCall, action: AuditAction): Witness<KeyFields> {
    return async (queries, before, after) => {
      await this.#parts.audit.record(
        {
          action,
          table: 'virtual_keys',
          objectId: (after ?? before)?.hash ?? '',
          before: before && storedKey(before),
          after: after && storedKey(after),
          author: changeAuthorOf(call),
        },
        queries,
      );
    };
  }

  readonly nextReset = (duration: string, now: number): number | null => this.#parts.limits.calendar.nextReset(duration, now);
}

/** @throws {BadRequestError} for text that can be neither a key nor the hash of one */
export function checkName(name: string): void {
  if (!name.startsWith('sk-') && !isKeyHash(name))
    throw new BadRequestError("Invalid key format. Send the key (it starts with 'sk-') or its hash (64 hex digits).", 'key');
}

/** What stands in the key's row, as the wire names it. */
function storedKey(fields: KeyFields): JsonObject {
  const { spend: _spend, litellm_budget_table: _table, ...row } = keyObject(fields, NO_USD);
  return { token: fields.hash, ...row };
}
