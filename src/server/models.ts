import type { Logger } from 'pino';
import type { Config, Credential, ModelRow } from '../config/config.ts';
import type { FileFaults } from '../config/file-standing.ts';
import type { Deployment } from '../core/deployment.ts';
import type { JsonObject } from '../core/json-object.ts';
import { readStoredRow, withStoredCredential } from '../config/models.ts';
import { DATABASE } from '../config/stored-settings.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { UnresolvedDeployment } from '../providers/resolve.ts';
import type { StoredCredentials } from '../providers/stored/credentials.ts';
import type { ModelFields, StoredModel, StoredModels } from '../providers/stored/models.ts';
import type { ModelTable } from '../router/model-table.ts';
import type { DeploymentBuilder, RefusedRow } from './deployments.ts';

export interface ModelsParts {
  readonly builder: DeploymentBuilder;
  readonly stored: StoredModels;
  readonly credentials: StoredCredentials;
  readonly log: Logger;
}

/** The id of what no table holds. */
const UNREGISTERED = 'unregistered';
const LOST = 'its keys were stored under another salt key and must be entered again';

/** The models in force, of the configuration and after it of the database, and the rows that cannot be called. */
export class Models {
  readonly #parts: ModelsParts;
  #refused: readonly RefusedRow[] = [];

  constructor(parts: ModelsParts) {
    this.#parts = parts;
  }

  get refused(): readonly RefusedRow[] {
    return this.#refused;
  }

  /** Makes the table of a configuration and tells what is wrong with its rows. */
  tableOf(config: Config): ModelTable<Upstream> {
    const { builder, log } = this.#parts;
    const rows = this.#rowsOf(config);
    const { table, refused, notes } = builder.build({ ...config, models: rows });
    const wrong = rows.flatMap(({ file, line, modelName, problem }) =>
      problem === null || file !== DATABASE ? [] : [{ file, line, modelName, reason: problem }],
    );
    this.#refused = [...refused, ...wrong];
    for (const row of this.#refused) log.warn(`${placeOf(row)}: ${row.modelName} is left out: ${row.reason}`);
    for (const note of notes) log.info(note);
    return table;
  }

  /** Why a model cannot be called as it is described, in one sentence; null when it can. */
  problemOf(config: Config, id: string, { modelName, params, info }: ModelFields): string | null {
    const rows = readStoredRow(
      { modelName, params, info: { ...info, id } },
      config.variables,
      credentialsIn(config, this.#parts.credentials),
    );
    const { refused } = this.#parts.builder.build({ ...config, models: rows });
    return rows.find(({ problem }) => problem !== null)?.problem ?? refused[0]?.reason ?? null;
  }

  /**
   * What is described, made ready to be called once; no table holds it.
   *
   * @throws {UnresolvedDeployment} when it cannot be called
   */
  unregistered(config: Config, { modelName, params, info }: ModelFields): Deployment<Upstream> {
    const { builder, credentials: stored } = this.#parts;
    const credentials = credentialsIn(config, stored);
    const named = params['litellm_credential_name'];
    if (typeof named === 'string' && named !== '' && !credentials.has(named))
      throw new UnresolvedDeployment(`There is no credential with the name ${named.slice(0, 200)}.`, { param: 'litellm_credential_name' });
    const [row] = readStoredRow({ modelName, params, info }, config.variables, credentials);
    if (!row) throw new UnresolvedDeployment('organization is an empty list.', { param: 'organization' });
    if (row.problem !== null) throw new UnresolvedDeployment(`Wrong settings: ${row.problem}.`, { param: memberIn(row.problem) });
    return builder.single(config, row, UNREGISTERED);
  }

  /** What the named credential of file or database holds; null when there is none. */
  credential(config: Config, name: string): JsonObject | null {
    return credentialsIn(config, this.#parts.credentials).get(name)?.values ?? null;
  }

  #rowsOf(config: Config): readonly ModelRow[] {
    if (!config.general.storeModelInDb) return config.models;
    const credentials = credentialsIn(config, this.#parts.credentials);
    return [
      ...config.models.map((row) => withStoredCredential(row, credentials)),
      ...this.#parts.stored.all().flatMap((model) => rowsOf(model, config, credentials)),
    ];
  }
}

function rowsOf(model: StoredModel, { variables }: Config, credentials: ReadonlyMap<string, Credential>): ModelRow[] {
  const ours = {
    id: model.id,
    db_model: true,
    created_at: new Date(model.createdAt).toISOString(),
    created_by: model.createdBy,
    updated_at: new Date(model.updatedAt).toISOString(),
  };
  const rows = readStoredRow(
    { modelName: model.modelName, params: model.params, info: { ...model.info, ...ours } },
    variables,
    credentials,
  );
  return model.lost ? rows.map((row) => Object.assign({}, row, { problem: LOST })) : rows;
}

/** By name; where file and database have the same one, the database's counts (control-plane 13.1). */
function credentialsIn(config: Config, stored: StoredCredentials): Map<string, Credential> {
  return new Map([...config.credentials, ...stored.all()].map((credential) => [credential.name, credential]));
}

/** The member that a problem of a row names. */
function memberIn(problem: string): string | null {
  return /`(?:litellm_params\.)?(\w+)`/.exec(problem)?.[1] ?? null;
}

function placeOf({ file, line }: RefusedRow): string {
  return file === DATABASE ? DATABASE : `${file}:${line}`;
}

/** What the file holds that does not act, and the rows of file and database that cannot be called. */
export function withRefusedRows({ refused, problems }: FileFaults, rows: readonly RefusedRow[]): FileFaults {
  const left = rows.map(({ file, line, modelName, reason }) => ({
    severity: 'error' as const,
    file,
    line,
    column: 0,
    key: modelName,
    message: reason,
  }));
  return { refused, problems: [...problems, ...left] };
}
