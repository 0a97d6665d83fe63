import { randomUUID } from 'node:crypto';
import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { MessageAnswer, ModelBlockBody, ModelBody, ModelDeleteBody, ModelPatchBody, StoredModelAnswer } from '../contract/model.ts';
import { BadRequestError, NotFoundError } from '../core/errors.ts';
import { wordOf, type JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { maskedParams } from '../core/shown-params.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { AuditAction } from '../identity/audit/entry.ts';
import type { ModelFields, StoredModel, StoredModels } from '../providers/stored/models.ts';
import type { Witness } from '../store/queries.ts';
import { authorOf, changeAuthorOf } from './answer.ts';
import { withoutMasks } from './masked-params.ts';
import { merged, patched } from './merge-patch.ts';
import { storedRoutes, type StoredRouteParts } from './stored-routes.ts';

export interface ModelAdminParts extends StoredRouteParts {
  readonly models: StoredModels;
  readonly audit: Audit;
  /** Whether the configuration file has a model with this id. */
  readonly inFile: (id: string) => boolean;
  /** Why a model cannot be called as it is described, in one sentence; null when it can. */
  readonly problemOf: (id: string, fields: ModelFields) => string | null;
}

/** `/model/new`, `/model/update`, `/model/delete` (control-plane 13.2). What they change acts from the next call on. */
export function modelAdminRoutes(parts: ModelAdminParts): Route[] {
  const route = storedRoutes(parts);
  const admin = new ModelAdmin(parts);
  return [
    route(
      'POST',
      '/model/new',
      'Makes a model in the database. Its keys are stored encrypted and shown to nobody.',
      { body: ModelBody, answer: StoredModelAnswer },
      (call) => admin.add(call),
    ),
    route(
      'POST',
      '/model/update',
      'Replaces members of a model, named by `model_info.id` or by its name.',
      { body: ModelPatchBody, answer: StoredModelAnswer },
      (call) => admin.update(call),
    ),
    route(
      'PATCH',
      '/model/:id/update',
      'Changes a model: what is absent stays, null takes a member out.',
      { body: ModelPatchBody, answer: StoredModelAnswer },
      (call) => admin.patch(call),
    ),
    route(
      'POST',
      '/model/delete',
      'Deletes a model of the database. Its name is unknown from the next call on.',
      { body: ModelDeleteBody, answer: MessageAnswer },
      (call) => admin.delete(call),
    ),
    route(
      'POST',
      '/model/block',
      'Takes a model of the database out of service: it is shown and not called.',
      { body: ModelBlockBody, answer: StoredModelAnswer },
      (call) => admin.block(call, true),
    ),
    route(
      'POST',
      '/model/unblock',
      'Puts a blocked model back into service.',
      { body: ModelBlockBody, answer: StoredModelAnswer },
      (call) => admin.block(call, false),
    ),
    route(
      'GET',
      '/panel/models/:id',
      'Shows a model of the database as it was given, its secrets masked.',
      { answer: StoredModelAnswer },
      (call) => admin.show(call),
    ),
  ];
}

class ModelAdmin {
  readonly #parts: ModelAdminParts;

  constructor(parts: ModelAdminParts) {
    this.#parts = parts;
  }

  async add(call: RouteCall): Promise<void> {
    const body = readBodyAs(ModelBody, await readJsonBody(call));
    const { id: given, ...info } = body.model_info ?? {};
    const id = given === undefined || given === null ? randomUUID() : wordOf(given);
    if (id === '') throw new BadRequestError('model_info.id must be a text.', 'model_info.id');
    if (this.#parts.inFile(id)) throw new BadRequestError(`The configuration file has a model with the id ${id} already.`, 'model_info.id');
    const fields = this.#checked(id, { modelName: body.model_name, params: body.litellm_params, info: withoutOurs(info) });
    answerJson(call, modelObject(await this.#parts.models.add(id, fields, authorOf(call), this.#noted(call, 'created'))));
  }

  async update(call: RouteCall): Promise<void> {
    const body = readBodyAs(ModelPatchBody, await readJsonBody(call));
    const id = wordOf(body.model_info?.['id']);
    await this.#change(call, id === '' ? this.#idOf(body.model_name ?? '') : id, (old) => ({
      modelName: id === '' ? old.modelName : (body.model_name ?? old.modelName),
      params: merged(old.params, withoutMasks(body.litellm_params ?? {}, old.params)),
      info: merged(old.info, withoutOurs(body.model_info ?? {})),
    }));
  }

  async patch(call: RouteCall): Promise<void> {
    const body = readBodyAs(ModelPatchBody, await readJsonBody(call));
    await this.#change(call, call.params['id'] ?? '', (old) => ({
      modelName: body.model_name ?? old.modelName,
      params: patched(old.params, withoutMasks(body.litellm_params ?? {}, old.params)),
      info: patched(old.info, withoutOurs(body.model_info ?? {})),
    }));
  }

  async delete(call: RouteCall): Promise<void> {
    const { id } = readBodyAs(ModelDeleteBody, await readJsonBody(call));
    this.#checkPlace(id, 'id');
    await this.#parts.models.remove(id, this.#noted(call, 'deleted'));
    answerJson(call, { message: `Model: ${id} deleted successfully` });
  }

  async block(call: RouteCall, blocked: boolean): Promise<void> {
    const { model_id: id } = readBodyAs(ModelBlockBody, await readJsonBody(call));
    this.#checkPlace(id, 'model_id');
    const noted = this.#noted(call, blocked ? 'blocked' : 'unblocked');
    const changed = (old: StoredModel): ModelFields => {
      // Writing it would forget that its keys are lost.
      if (old.lost) throw new BadRequestError('This model is not called: its keys must be entered again.', 'model_id');
      return { ...old, info: { ...old.info, blocked } };
    };
    const model = await this.#parts.models.change(id, changed, authorOf(call), noted);
    answerJson(call, modelObject(model));
  }

  show(call: RouteCall): void {
    const id = call.params['id'] ?? '';
    this.#checkPlace(id, 'id');
    const model = this.#parts.models.get(id);
    if (!model) throw new NotFoundError('No model with this id stands in the database.', 'id');
    answerJson(call, modelObject(model));
  }

  async #change(call: RouteCall, id: string, change: (old: StoredModel) => ModelFields): Promise<void> {
    this.#checkPlace(id, 'model_info.id');
    const noted = this.#noted(call, 'updated');
    const model = await this.#parts.models.change(id, (old) => this.#checked(id, change(old)), authorOf(call), noted);
    answerJson(call, modelObject(model));
  }

  /** Writes the change into the audit log, in the transaction that makes it. */
  #noted(call: RouteCall, action: AuditAction): Witness<StoredModel> {
    return async (queries, before, after) => {
      await this.#parts.audit.record(
        {
          action,
          table: 'models',
          objectId: (after ?? before)?.id ?? '',
          before: before && modelObject(before),
          after: after && modelObject(after),
          author: changeAuthorOf(call),
        },
        queries,
      );
    };
  }

  #checkPlace(id: string, param: string): void {
    if (this.#parts.models.get(id) === null && this.#parts.inFile(id))
      throw new BadRequestError('This model stands in the configuration file and is changed there.', param);
  }

  #checked(id: string, fields: ModelFields): ModelFields {
    const problem = this.#parts.problemOf(id, fields);
    if (problem !== null) throw new BadRequestError(`This model is not taken: ${problem}`, 'litellm_params');
    return fields;
  }

  /** @throws {NotFoundError | BadRequestError} unless one model alone has this name */
  #idOf(name: string): string {
    const [first, ...others] = this.#parts.models.all().filter(({ modelName }) => modelName === name);
    if (!first) throw new NotFoundError(`No model with the name ${name.slice(0, 200)} stands in the database.`, 'model_name');
    if (others.length > 0) throw new BadRequestError('Several models have this name: say which by model_info.id.', 'model_info.id');
    return first.id;
  }
}

/** Members of `model_info` that are ours to say. */
const OURS: ReadonlySet<string> = new Set(['id', 'db_model', 'created_at', 'created_by', 'updated_at', 'updated_by', 'needs_reentry']);

function withoutOurs(info: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(info).filter(([name]) => !OURS.has(name)));
}

/** A stored model as administrators see it. */
function modelObject({ id, modelName, params, info, lost, createdAt, createdBy, updatedAt, updatedBy }: StoredModel): JsonObject {
  return {
    model_id: id,
    model_name: modelName,
    litellm_params: maskedParams(params),
    model_info: { ...info, id, db_model: true, ...(lost ? { needs_reentry: true } : {}) },
    created_at: new Date(createdAt).toISOString(),
    created_by: createdBy,
    updated_at: new Date(updatedAt).toISOString(),
    updated_by: updatedBy,
  };
}
