import type { Clock } from '../../core/clock.ts';
import { BadRequestError, NotFoundError } from '../../core/errors.ts';
import { parseExact } from '../../core/exact-json.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import type { Queries, Transactions, Witness } from '../../store/queries.ts';
import type { Sealer } from '../../store/sealed.ts';
import { written } from '../../store/written.ts';
import { Changes } from '../../core/changes.ts';
import { openedMembers, sealedMembers } from '../../store/sealed-members.ts';

/** What its owner says of a model; holds secrets. Numbers are exact. */
export interface ModelFields {
  readonly modelName: string;
  /** `litellm_params` */
  readonly params: JsonObject;
  /** `model_info`, without the id. */
  readonly info: JsonObject;
}

/** A model that was made at run time. Times are milliseconds since 1970. */
export interface StoredModel extends ModelFields {
  readonly id: string;
  /** Its secrets were sealed under another salt key and must be given again. */
  readonly lost: boolean;
  readonly createdAt: number;
  readonly createdBy: string | null;
  readonly updatedAt: number;
  readonly updatedBy: string | null;
}

export interface StoredModelsParts {
  readonly clock: Clock;
  readonly database: Transactions;
  readonly sealer: Sealer;
  /** Told after every change that is in the database. */
  readonly onChange: () => void;
}

interface Row {
  readonly model_id: string;
  readonly model_name: string;
  readonly open: string;
  readonly sealed: string | null;
  readonly info: string;
  readonly created_at: Date;
  readonly created_by: string | null;
  readonly updated_at: Date;
  readonly updated_by: string | null;
}

const SELECT = `select model_id, model_name, litellm_params::text as open, sealed, model_info::text as info,
  created_at, created_by, updated_at, updated_by from gateway.models`;

/** The models of the database, all in memory: a change acts at once, and calls never ask the database. */
export class StoredModels {
  readonly #parts: StoredModelsParts;
  readonly #changes = new Changes();
  #models = new Map<string, StoredModel>();

  constructor(parts: StoredModelsParts) {
    this.#parts = parts;
  }

  /** Oldest first. */
  all(): readonly StoredModel[] {
    return [...this.#models.values()];
  }

  get(id: string): StoredModel | null {
    return this.#models.get(id) ?? null;
  }

  async load(): Promise<void> {
    const { database, sealer } = this.#parts;
    const rows = await database.query<Row & Record<string, unknown>>(`${SELECT} order by created_at, model_id`);
    this.#models = new Map(rows.map((row) => [row.model_id, modelIn(row, sealer)]));
  }

  /** @throws {BadRequestError} when the id is taken */
  add(id: string, fields: ModelFields, by: string | null, witness: Witness<StoredModel>): Promise<StoredModel> {
    return this.#changes.next(async () => {
      if (this.#models.has(id)) throw new BadRequestError(`A model with the id ${id} exists already.`, 'model_info.id');
      const now = this.#parts.clock.now();
      return this.#write(null, { ...fields, id, lost: false, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by }, witness);
    });
  }

  /** @throws {NotFoundError}, and what `change` throws */
  change(id: string, change: (old: StoredModel) => ModelFields, by: string | null, witness: Witness<StoredModel>): Promise<StoredModel> {
    return this.#changes.next(async () => {
      const old = this.#models.get(id);
      if (!old) throw new NotFoundError(`No model with the id ${id.slice(0, 200)} stands in the database.`, 'model_info.id');
      return this.#write(old, { ...old, ...change(old), lost: false, updatedAt: this.#parts.clock.now(), updatedBy: by }, witness);
    });
  }

  /** @throws {NotFoundError} */
  remove(id: string, witness: Witness<StoredModel>): Promise<StoredModel> {
    return this.#changes.next(async () => {
      const old = this.#models.get(id);
      if (!old) throw new NotFoundError(`No model with the id ${id.slice(0, 200)} stands in the database.`, 'id');
      await written(
        this.#parts.database.transaction(async (queries) => {
          await queries.execute('delete from gateway.models where model_id = $1', [id]);
          await witness(queries, old, null);
        }),
      );
      this.#models.delete(id);
      this.#parts.onChange();
      return old;
    });
  }

  async #write(old: StoredModel | null, model: StoredModel, witness: Witness<StoredModel>): Promise<StoredModel> {
    const { database, sealer, onChange } = this.#parts;
    await written(
      database.transaction(async (queries) => {
        await store(queries, model, sealer);
        await witness(queries, old, model);
      }),
    );
    this.#models.set(model.id, model);
    onChange();
    return model;
  }
}

async function store(queries: Queries, model: StoredModel, sealer: Sealer): Promise<void> {
  const { open, sealed } = sealedMembers(model.params, sealer);
  await queries.execute(
    `insert into gateway.models (model_id, model_name, litellm_params, sealed, model_info, created_at, created_by, updated_at, updated_by)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), $7, to_timestamp($8 / 1000.0), $9)
     on conflict (model_id) do update set model_name = excluded.model_name, litellm_params = excluded.litellm_params,
       sealed = excluded.sealed, model_info = excluded.model_info, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
    [
      model.id,
      model.modelName,
      open,
      sealed,
      JSON.stringify(model.info),
      model.createdAt,
      model.createdBy,
      model.updatedAt,
      model.updatedBy,
    ],
  );
}

function modelIn(row: Row, sealer: Sealer): StoredModel {
  const { members, lost } = openedMembers(row, sealer);
  const info = parseExact(row.info);
  return {
    id: row.model_id,
    modelName: row.model_name,
    params: members,
    info: isObject(info) ? info : {},
    lost,
    createdAt: row.created_at.getTime(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.getTime(),
    updatedBy: row.updated_by,
  };
}
