import type { Clock } from '../../core/clock.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { parseExact } from '../../core/exact-json.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Queries, Transactions, Witness } from '../../store/queries.ts';
import type { Sealer } from '../../store/sealed.ts';
import { written } from '../../store/written.ts';
import { Changes } from '../../core/changes.ts';
import { openedMembers, sealedMembers } from '../../store/sealed-members.ts';

/** A named set of a provider's credentials. */
export interface StoredCredential {
  readonly name: string;
  /** Holds secrets. */
  readonly values: JsonObject;
  readonly info: JsonObject;
  /** Its secrets were sealed under another salt key and must be given again. */
  readonly lost: boolean;
}

export interface StoredCredentialsParts {
  readonly clock: Clock;
  readonly database: Transactions;
  readonly sealer: Sealer;
  /** Told after every change that is in the database. */
  readonly onChange: () => void;
}

interface Row {
  readonly credential_name: string;
  readonly open: string;
  readonly sealed: string | null;
  readonly info: string;
}

/** The credentials of the database, all in memory. */
export class StoredCredentials {
  readonly #parts: StoredCredentialsParts;
  readonly #changes = new Changes();
  #credentials = new Map<string, StoredCredential>();

  constructor(parts: StoredCredentialsParts) {
    this.#parts = parts;
  }

  all(): readonly StoredCredential[] {
    return [...this.#credentials.values()];
  }

  get(name: string): StoredCredential | null {
    return this.#credentials.get(name) ?? null;
  }

  async load(): Promise<void> {
    const { database, sealer } = this.#parts;
    const rows = await database.query<Row & Record<string, unknown>>(
      'select credential_name, shown::text as open, sealed, credential_info::text as info from gateway.credentials order by credential_name',
    );
    this.#credentials = new Map(rows.map((row) => [row.credential_name, credentialIn(row, sealer)]));
  }

  /** @throws {ConflictError} when the name is taken */
  add(name: string, values: JsonObject, info: JsonObject, by: string | null, witness: Witness<StoredCredential>): Promise<void> {
    return this.#changes.next(async () => {
      if (this.#credentials.has(name)) throw new ConflictError(`A credential with the name ${name} exists already.`, 'credential_name');
      await this.#write(null, { name, values, info, lost: false }, by, witness);
    });
  }

  /** Sets the given values and keeps the others; null takes one out. @throws {NotFoundError} */
  change(name: string, values: JsonObject, info: JsonObject | null, by: string | null, witness: Witness<StoredCredential>): Promise<void> {
    return this.#changes.next(async () => {
      const old = this.#need(name);
      const kept = Object.entries({ ...old.values, ...values }).filter(([, value]) => value !== null);
      await this.#write(old, { name, values: Object.fromEntries(kept), info: info ?? old.info, lost: false }, by, witness);
    });
  }

  /** @throws {NotFoundError} */
  remove(name: string, witness: Witness<StoredCredential>): Promise<void> {
    return this.#changes.next(async () => {
      const old = this.#need(name);
      await written(
        this.#parts.database.transaction(async (queries) => {
          await queries.execute('delete from gateway.credentials where credential_name = $1', [name]);
          await witness(queries, old, null);
        }),
      );
      this.#credentials.delete(name);
      this.#parts.onChange();
    });
  }

  #need(name: string): StoredCredential {
    const credential = this.#credentials.get(name);
    if (!credential)
      throw new NotFoundError(`No credential with the name ${name.slice(0, 200)} stands in the database.`, 'credential_name');
    return credential;
  }

  async #write(
    old: StoredCredential | null,
    credential: StoredCredential,
    by: string | null,
    witness: Witness<StoredCredential>,
  ): Promise<void> {
    const { clock, database, sealer, onChange } = this.#parts;
    await written(
      database.transaction(async (queries) => {
        await store(queries, credential, sealer, clock.now(), by);
        await witness(queries, old, credential);
      }),
    );
    this.#credentials.set(credential.name, credential);
    onChange();
  }
}

async function store(queries: Queries, credential: StoredCredential, sealer: Sealer, now: number, by: string | null): Promise<void> {
  const { open, sealed } = sealedMembers(credential.values, sealer);
  await queries.execute(
    `insert into gateway.credentials (credential_name, shown, sealed, credential_info, created_at, created_by, updated_at, updated_by)
     values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6, to_timestamp($5 / 1000.0), $6)
     on conflict (credential_name) do update set shown = excluded.shown, sealed = excluded.sealed,
       credential_info = excluded.credential_info, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    [credential.name, open, sealed, JSON.stringify(credential.info), now, by],
  );
}

function credentialIn(row: Row, sealer: Sealer): StoredCredential {
  const { members, lost } = openedMembers(row, sealer);
  const info = parseExact(row.info);
  return { name: row.credential_name, values: members, info: isObject(info) ? info : {}, lost };
}
