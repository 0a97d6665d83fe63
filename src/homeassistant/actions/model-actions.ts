import type { BridgeModel } from '../../contract/bridge/snapshot.ts';
import { BadRequestError, ConflictError, NotFoundError } from '../../core/errors.ts';
import type { Deployment, ModelGroup } from '../../core/deployment.ts';
import type { Audit } from '../../identity/audit/audit.ts';
import type { StoredModels } from '../../providers/stored/models.ts';
import { isBlocked, type ModelTable } from '../../router/model-table.ts';
import { modelIdOf, providerIdOf } from '../snapshot/ids.ts';
import type { Asker } from './asker.ts';

export interface ModelActionParts<Upstream> {
  readonly table: () => ModelTable<Upstream>;
  readonly stored: StoredModels;
  readonly audit: Audit;
  /** As Home Assistant is shown it. */
  readonly shown: (group: ModelGroup<Upstream>) => Promise<BridgeModel>;
  /** Asks the servers for their models anew. */
  readonly refresh: () => Promise<void>;
  /** One tiny real call. @returns what went wrong in words fit to be shown; null: nothing */
  readonly trial: (deployment: Deployment<Upstream>) => Promise<{ readonly ms: number; readonly trouble: string | null }>;
}

/** `refresh_models`, `test_provider` and `set_model_enabled`. */
export class ModelActions<Upstream = unknown> {
  readonly #parts: ModelActionParts<Upstream>;

  constructor(parts: ModelActionParts<Upstream>) {
    this.#parts = parts;
  }

  async refresh(): Promise<Record<string, unknown>> {
    await this.#parts.refresh();
    return { models: [...this.#parts.table().groups()].length };
  }

  /** @throws {NotFoundError | BadRequestError} */
  async test(providerId: string): Promise<Record<string, unknown>> {
    const own = [...this.#parts.table().groups()]
      .flatMap(({ deployments }) => deployments)
      .filter(({ provider }) => providerIdOf(provider) === providerId);
    if (own.length === 0) throw new NotFoundError(`No provider has the id ${providerId}.`, 'provider_id');
    const deployment = own.find((one) => !isBlocked(one));
    if (!deployment) throw new BadRequestError('All models of this provider are blocked.', 'provider_id');
    const { ms, trouble } = await this.#parts.trial(deployment);
    return { ok: trouble === null, latency_ms: trouble === null ? ms : null, message: trouble };
  }

  /** Blocks a model, or puts it back into service. @returns its row @throws {NotFoundError | ConflictError} */
  async setEnabled(
    { model_id: id, enabled }: { readonly model_id: string; readonly enabled: boolean },
    asker: Asker,
  ): Promise<Record<string, unknown>> {
    const group = this.#find(id);
    const stored = group.deployments.filter((deployment) => this.#parts.stored.get(deployment.id) !== null);
    if (stored.length < group.deployments.length)
      throw new ConflictError(`${group.name} stands in the configuration file: it can only be changed there.`, 'model_id');
    for (const deployment of stored) await this.#block(deployment.id, !enabled, asker);
    return this.#parts.shown(this.#find(id));
  }

  async #block(id: string, blocked: boolean, { userId }: Asker): Promise<void> {
    const { audit, stored } = this.#parts;
    await stored.change(
      id,
      (old) => {
        // Writing it would forget that its keys are lost.
        if (old.lost) throw new ConflictError('This model is not called: its keys must be entered again.', 'model_id');
        return { ...old, info: { ...old.info, blocked } };
      },
      userId,
      (queries) =>
        audit.record(
          {
            action: blocked ? 'blocked' : 'unblocked',
            table: 'models',
            objectId: id,
            before: { blocked: !blocked },
            after: { blocked },
            author: { userId, keyHash: null },
          },
          queries,
        ),
    );
  }

  #find(id: string): ModelGroup<Upstream> {
    for (const group of this.#parts.table().groups()) if (modelIdOf(group.name) === id) return group;
    throw new NotFoundError(`No model has the id ${id}.`, 'model_id');
  }
}
