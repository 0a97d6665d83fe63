import type { KeyRing } from '../identity/key-ring.ts';
import type { Queries } from '../store/queries.ts';

/** What a key is called in sums and reports. */
export interface KeyName {
  readonly alias: string | null;
  /** `sk-...AbCd`; null: nobody knows any more. */
  readonly name: string | null;
  readonly teamId: string | null;
  readonly userId: string | null;
}

const UNKNOWN: KeyName = { alias: null, name: null, teamId: null, userId: null };

/** Names of keys by their hashes: of those that live from memory, of deleted ones from where they are kept. */
export class KeyNames {
  readonly #ring: KeyRing;
  readonly #deleted: ReadonlyMap<string, KeyName>;

  private constructor(ring: KeyRing, deleted: ReadonlyMap<string, KeyName>) {
    this.#ring = ring;
    this.#deleted = deleted;
  }

  static async of(hashes: Iterable<string>, ring: KeyRing, queries: Queries): Promise<KeyNames> {
    const gone = [...new Set(hashes)].filter((hash) => ring.get(hash) === null);
    return new KeyNames(ring, gone.length === 0 ? new Map() : await deletedAmong(gone, queries));
  }

  get(hash: string): KeyName {
    const key = this.#ring.get(hash);
    if (key) return { alias: key.keyAlias, name: key.fields.keyName, teamId: key.teamId, userId: key.userId };
    return this.#deleted.get(hash) ?? UNKNOWN;
  }
}

interface DeletedRow extends Record<string, unknown> {
  readonly token: string;
  readonly key_alias: string | null;
  readonly key_name: string | null;
  readonly team_id: string | null;
  readonly user_id: string | null;
}

async function deletedAmong(hashes: readonly string[], queries: Queries): Promise<Map<string, KeyName>> {
  const rows = await queries.query<DeletedRow>(
    `select distinct on (token) token, key_alias, key_name, team_id, user_id from gateway.deleted_keys
     where token = any($1::text[]) order by token, deleted_at desc`,
    [hashes],
  );
  return new Map(
    rows.map(({ token, key_alias: alias, key_name: name, team_id: teamId, user_id: userId }) => [token, { alias, name, teamId, userId }]),
  );
}
