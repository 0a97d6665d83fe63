import { isObject, type JsonObject } from '../core/json-object.ts';
import { isoOf } from '../identity/key-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { boundedly } from '../ledger/spend-log-pages.ts';
import { lastUses } from '../ledger/sums/key-queries.ts';
import type { Transactions } from '../store/queries.ts';

interface Parts {
  readonly database: Transactions;
  readonly ledger: Ledger;
}

/**
 * A page of keys with when each was last used. Keys are in memory and their rows are not: without a database the list is as good as ever,
 * and `last_used_at` is null, as it is for keys whose calls are no longer kept.
 */
export async function withLastUses(page: JsonObject, { database, ledger }: Parts): Promise<JsonObject> {
  const keys = (Array.isArray(page['keys']) ? page['keys'] : []).filter(isObject);
  if (keys.length === 0) return page;
  await ledger.flushed().catch(() => undefined);
  const uses = await boundedly(database, (queries) => lastUses(queries, keys.map(({ token }) => String(token)))).catch(() => null); // prettier-ignore
  return {
    ...page,
    keys: keys.map((key) => ({ ...key, last_used_at: isoOf(uses?.get(String(key['token'])) ?? null) })),
  };
}
