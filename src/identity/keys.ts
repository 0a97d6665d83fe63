import { setImmediate } from 'node:timers/promises';
import { Changes } from '../core/changes.ts';
import type { Clock } from '../core/clock.ts';
import { BadRequestError, NotFoundError } from '../core/errors.ts';
import type { Queries, Transactions, Witness } from '../store/queries.ts';
import { written as changed } from '../store/written.ts';
import { hashOf, isKeyHash, isShort, keyNameOf, macOf, newKey, newPublicId } from './key-hash.ts';
import type { KeyRing } from './key-ring.ts';
import { keyFieldsOf, keyRowOf, SELECT_ACTING, SELECT_KEYS, type KeyRow } from './key-rows.ts';
import { VirtualKey, type KeyFields } from './virtual-key.ts';

/** What a caller may set of a key; everything else is ours. */
export type KeySettings = Partial<
  Omit<
    KeyFields,
    'hash' | 'publicId' | 'mac' | 'keyName' | 'short' | 'createdAt' | 'updatedAt' | 'createdBy' | 'updatedBy' | 'modelBudgets'
  >
> & {
  readonly modelBudgets?: KeyFields['modelBudgets'];
};

export interface KeysOptions {
  readonly clock: Clock;
  readonly database: Transactions;
  readonly ring: KeyRing;
  readonly saltKey: string;
  /** Whether a key is shown by its last characters (`DISABLE_KEY_NAME`). */
  readonly named: () => boolean;
  /** Told after every change that is in the database; null: the key is gone. */
  readonly onChange: (hash: string, key: VirtualKey | null) => void;
  /** Told of keys that somebody deleted, not of texts that were replaced. */
  readonly onDeleted?: (hashes: readonly string[]) => void;
  /** Told the text that a key was given: nobody can ask for it later. */
  readonly onText?: (key: VirtualKey, text: string) => void;
}

/** A key just made, with the only chance to read its text. */
export interface NewKey {
  readonly text: string;
  readonly key: VirtualKey;
}

const NOTHING_SET: Omit<
  KeyFields,
  'hash' | 'publicId' | 'mac' | 'keyName' | 'short' | 'createdAt' | 'updatedAt' | 'createdBy' | 'updatedBy'
> = {
  successor: null,
  alias: null,
  keyType: 'default',
  blocked: null,
  expires: null,
  models: [],
  aliases: {},
  allowedRoutes: [],
  userId: null,
  teamId: null,
  organizationId: null,
  maxBudget: null,
  softBudget: null,
  budgetDuration: null,
  budgetResetAt: null,
  budgetLimits: null,
  modelMaxBudget: {},
  modelBudgets: {},
  tempBudgetIncrease: null,
  tempBudgetExpiry: null,
  rpmLimit: null,
  tpmLimit: null,
  maxParallelRequests: null,
  metadata: {},
  rest: {},
};

/** Keys read at once. */
const PAGE = 1000;

/** Rows of all keys, page by page; the next page is on its way while one is looked at. */
async function* pagesOf(database: Queries): AsyncGenerator<KeyRow[]> {
  const pageAfter = (token: unknown) => database.query(`${SELECT_ACTING} where token > $1 order by token limit ${PAGE}`, [token]);
  for (let next: Promise<KeyRow[]> | null = pageAfter(''); next !== null;) {
    const rows: KeyRow[] = await next;
    const unfinished = rows.flatMap(({ more, token }) => (more === true ? [token] : []));
    next = rows.length < PAGE ? null : pageAfter(rows.at(-1)?.['token']);
    // It may fail while nobody waits for it; whoever takes it is told.
    next?.catch(() => undefined);
    const whole = unfinished.length === 0 ? [] : await database.query(`${SELECT_KEYS} where token = any($1::text[])`, [unfinished]);
    await setImmediate();
    yield [...rows.filter(({ more }) => more !== true), ...whole];
  }
}

/** Makes, changes and deletes virtual keys: database first, memory at once after. */
export class Keys {
  readonly #options: KeysOptions;
  /** Writes come one after another: each starts from what the last one left. */
  readonly #changes = new Changes();

  constructor(options: KeysOptions) {
    this.#options = options;
  }

  /** Fills the ring from the database, page by page: the rows themselves take many times the room of the keys. */
  async load(database: Queries): Promise<void> {
    const texts = new Map<string, string>();
    const shared = (text: string): string => {
      const known = texts.get(text);
      if (known === undefined) texts.set(text, text);
      return known ?? text;
    };
    const keys: VirtualKey[] = [];
    for await (const rows of pagesOf(database)) for (const row of rows) keys.push(new VirtualKey(keyFieldsOf(row, shared)));
    this.#options.ring.load(keys);
  }

  /** A live key by its text or hash, or null; by an old text in its grace, the key that it became. */
  find(keyOrHash: string): VirtualKey | null {
    const key = this.exactly(keyOrHash);
    return key && this.#options.ring.current(key);
  }

  /** What a text or hash itself stands for: by an old text in its grace, that text's own entry. */
  exactly(keyOrHash: string): VirtualKey | null {
    return this.#options.ring.get(isKeyHash(keyOrHash) ? keyOrHash : hashOf(keyOrHash));
  }

  /** @throws {BadRequestError} for text in the wrong form or already used, and for an alias that another key has */
  create(text: string | null, settings: KeySettings, by: string | null, witness: Witness<KeyFields> = unseen): Promise<NewKey> {
    return this.#changes.next(async () => {
      const { clock, database, saltKey } = this.#options;
      const key = text ?? newKey();
      checkText(key);
      this.#checkAlias(settings.alias ?? null, null);
      const now = clock.now();
      const fields: KeyFields = {
        ...NOTHING_SET,
        ...settings,
        hash: hashOf(key),
        publicId: newPublicId(),
        mac: macOf(key, saltKey),
        keyName: this.#nameOf(key),
        short: isShort(key),
        createdAt: now,
        updatedAt: now,
        createdBy: by,
        updatedBy: by,
      };
      await written(
        database.transaction(async (queries) => {
          await insert(queries, fields);
          await witness(queries, null, fields);
        }),
      );
      return this.#made(key, fields);
    });
  }

  /** @throws {NotFoundError | BadRequestError} */
  update(
    keyOrHash: string,
    change: (now: KeyFields) => KeySettings,
    by: string | null,
    witness: Witness<KeyFields> = unseen,
  ): Promise<VirtualKey> {
    return this.#changes.next(async () => {
      const old = this.#need(keyOrHash).fields;
      const settings = change(old);
      if (settings.alias !== undefined) this.#checkAlias(settings.alias, old.hash);
      const fields: KeyFields = {
        ...old,
        ...settings,
        rest: { ...old.rest, ...settings.rest },
        updatedAt: this.#options.clock.now(),
        updatedBy: by,
      };
      await written(
        this.#options.database.transaction(async (queries) => {
          await replace(queries, old.hash, fields);
          await witness(queries, old, fields);
        }),
      );
      return this.#put(fields);
    });
  }

  /**
   * Gives a key a new text; everything else stays, its spend too.
   *
   * @param graceUntil the old text works until then, milliseconds since 1970, and is the new key under its old name:
   *   one key, one budget; null: it ends now
   */
  regenerate(
    keyOrHash: string,
    text: string | null,
    change: (now: KeyFields) => KeySettings,
    graceUntil: number | null,
    by: string | null,
    witness: Witness<KeyFields> = unseen,
  ): Promise<NewKey & { readonly oldHash: string }> {
    return this.#changes.next(async () => {
      const { clock, database, saltKey } = this.#options;
      const old = this.#need(keyOrHash).fields;
      const key = text ?? newKey();
      checkText(key);
      const hash = hashOf(key);
      if (this.#options.ring.get(hash)) throw new BadRequestError('This key exists already.', 'new_key');
      const now = clock.now();
      const settings = change(old);
      const rest = {
        ...old.rest,
        ...settings.rest,
        rotation_count: Number(old.rest['rotation_count'] ?? 0) + 1,
        last_rotation_at: new Date(now).toISOString(),
      };
      const fields: KeyFields = {
        ...old,
        ...settings,
        rest,
        hash,
        mac: macOf(key, saltKey),
        keyName: this.#nameOf(key),
        short: isShort(key),
        updatedAt: now,
        updatedBy: by,
      };
      const kept =
        graceUntil === null
          ? null
          : { ...old, alias: null, successor: hash, expires: Math.min(graceUntil, old.expires ?? graceUntil), updatedAt: now };
      await written(
        database.transaction(async (queries) => {
          if (kept) await replace(queries, old.hash, kept);
          else await bury(queries, [old.hash], by);
          await insert(queries, fields);
          await witness(queries, old, fields);
        }),
      );
      if (kept) this.#put(kept);
      else this.#gone(old.hash);
      return { ...this.#made(key, fields), oldHash: old.hash };
    });
  }

  /** Deletes live keys; unknown ones are not an error here. */
  remove(hashes: readonly string[], by: string | null, witness: Witness<KeyFields> = unseen): Promise<void> {
    return this.#changes.next(async () => {
      const gone = hashes.map((hash) => this.#options.ring.get(hash)).filter((key) => key !== null);
      await written(
        this.#options.database.transaction(async (queries) => {
          await bury(queries, hashes, by);
          for (const { fields } of gone) await witness(queries, fields, null);
        }),
      );
      for (const hash of hashes) this.#gone(hash);
      this.#options.onDeleted?.(hashes);
    });
  }

  /** Deleted keys, each as it was when it was last deleted. */
  async allDeleted(): Promise<VirtualKey[]> {
    const rows = await written(
      this.#options.database.query(
        `${SELECT_KEYS.replace('select', 'select distinct on (token)').replace('virtual_keys', 'deleted_keys')} order by token, deleted_at desc`,
      ),
    );
    return rows.map((row) => new VirtualKey(keyFieldsOf(row)));
  }

  /** Fields of a deleted key, or null. */
  async deleted(hash: string): Promise<KeyFields | null> {
    const [row] = await written(
      this.#options.database.query(
        `${SELECT_KEYS.replace('virtual_keys', 'deleted_keys')} where token = $1 order by deleted_at desc limit 1`,
        [hash],
      ),
    );
    return row ? keyFieldsOf(row) : null;
  }

  #need(keyOrHash: string): VirtualKey {
    const key = this.find(keyOrHash);
    if (!key) throw new NotFoundError('Key not found in database.', 'key');
    return key;
  }

  #nameOf(text: string): string {
    return this.#options.named() ? keyNameOf(text) : 'sk-...';
  }

  #checkAlias(alias: string | null, own: string | null): void {
    if (alias === null) return;
    const other = this.#options.ring.byAlias(alias);
    if (other && other.keyHash !== own)
      throw new BadRequestError(`Key with alias '${alias}' already exists. Unique key aliases across all keys are required.`, 'key_alias');
  }

  #made(text: string, fields: KeyFields): NewKey {
    const key = this.#put(fields);
    this.#options.onText?.(key, text);
    return { text, key };
  }

  #put(fields: KeyFields): VirtualKey {
    const key = new VirtualKey(fields);
    this.#options.ring.put(key);
    this.#options.onChange(fields.hash, key);
    return key;
  }

  #gone(hash: string): void {
    this.#options.ring.remove(hash);
    this.#options.onChange(hash, null);
  }
}

/** For changes that nobody made: of the gateway itself, and of tests. */
async function unseen(): Promise<void> {}

const LEAST_LENGTH = 8;

function checkText(key: string): void {
  if (!key.startsWith('sk-')) throw new BadRequestError("Invalid key format. A key must start with 'sk-'.", 'key');
  if (key.length < LEAST_LENGTH)
    throw new BadRequestError(`Invalid key format. A key must have at least ${LEAST_LENGTH} characters.`, 'key');
  if (key.length > 512 || /[^\x21-\x7e]/.test(key))
    throw new BadRequestError('Invalid key format. A key holds at most 512 printable characters without blanks.', 'key');
}

async function insert(database: Queries, fields: KeyFields): Promise<void> {
  const { columns, values } = keyRowOf(fields);
  await database.execute(
    `insert into gateway.virtual_keys (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    values,
  );
}

async function replace(database: Queries, hash: string, fields: KeyFields): Promise<void> {
  const { columns, values } = keyRowOf(fields);
  const count = await database.execute(
    `update gateway.virtual_keys set ${columns.map((name, index) => `${name} = $${index + 2}`).join(', ')} where token = $1`,
    [hash, ...values],
  );
  if (count === 0) throw new NotFoundError('Key not found in database.', 'key');
}

/** Moves keys to the table of deleted ones. */
async function bury(database: Queries, hashes: readonly string[], by: string | null): Promise<void> {
  const columns = (
    await database.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_schema = 'gateway' and table_name = 'virtual_keys' order by ordinal_position`,
    )
  )
    .map(({ name }) => name)
    .join(', ');
  await database.execute(
    `insert into gateway.deleted_keys (${columns}, deleted_by) select ${columns}, $2 from gateway.virtual_keys where token = any($1)`,
    [hashes, by],
  );
  await database.execute('delete from gateway.virtual_keys where token = any($1)', [hashes]);
}

/** What the database refuses, in the caller's words. */
function written<T>(work: Promise<T>): Promise<T> {
  return changed(work, {
    virtual_keys_key_alias_key: () =>
      new BadRequestError('Unique key aliases across all keys are required: this alias already exists.', 'key_alias'),
    virtual_keys_pkey: () => new BadRequestError('This key exists already.', 'key'),
  });
}
