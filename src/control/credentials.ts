import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { CredentialBody, CredentialList, CredentialPatchBody, ShownCredential, SuccessAnswer } from '../contract/model.ts';
import { BadRequestError, NotFoundError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { maskedParams, parted } from '../core/shown-params.ts';
import type { Audit } from '../identity/audit/audit.ts';
import type { AuditAction } from '../identity/audit/entry.ts';
import type { StoredCredential, StoredCredentials } from '../providers/stored/credentials.ts';
import type { StoredModels } from '../providers/stored/models.ts';
import type { Witness } from '../store/queries.ts';
import { authorOf, changeAuthorOf } from './answer.ts';
import { storedRoutes, type StoredRouteParts } from './stored-routes.ts';

export interface CredentialRouteParts extends StoredRouteParts {
  readonly credentials: StoredCredentials;
  readonly models: StoredModels;
  readonly audit: Audit;
}

/** `/credentials` (control-plane 13.3): values go in and never come out; models name them by `litellm_credential_name`. */
export function credentialRoutes(parts: CredentialRouteParts): Route[] {
  const route = storedRoutes(parts);
  const { audit, credentials, models } = parts;
  const named = (call: RouteCall): string => call.params['name'] ?? '';
  return [
    route(
      'POST',
      '/credentials',
      'Stores a named set of credentials, of its own values or those of a model.',
      { body: CredentialBody, answer: SuccessAnswer },
      async (call) => {
        const body = readBodyAs(CredentialBody, await readJsonBody(call));
        const values = body.credential_values ?? valuesOf(models, body.model_id ?? null);
        await credentials.add(
          body.credential_name,
          checked(values),
          body.credential_info ?? {},
          authorOf(call),
          noted(audit, call, 'created'),
        );
        answerJson(call, { success: true, message: 'Credential created successfully' });
      },
    ),
    route('GET', '/credentials', 'Lists credentials, their values masked.', { answer: CredentialList }, (call) => {
      answerJson(call, { success: true, credentials: credentials.all().map(credentialObject) });
    }),
    route('GET', '/credentials/by_name/:name', 'Shows one, its values masked.', { answer: ShownCredential }, (call) => {
      const credential = credentials.get(named(call));
      if (!credential) throw new NotFoundError('No credential with this name stands in the database.', 'credential_name');
      answerJson(call, credentialObject(credential));
    }),
    route(
      'GET',
      '/credentials/by_model/:model_id',
      'Shows what a model of the database proves itself with, masked.',
      { answer: ShownCredential },
      (call) => {
        const id = call.params['model_id'] ?? '';
        answerJson(call, credentialObject({ name: id, values: valuesOf(models, id), info: {}, lost: models.get(id)?.lost === true }));
      },
    ),
    route(
      'PATCH',
      '/credentials/:name',
      'Sets some values; null takes one out.',
      { body: CredentialPatchBody, answer: SuccessAnswer },
      async (call) => {
        const body = readBodyAs(CredentialPatchBody, await readJsonBody(call));
        const given = checked(body.credential_values ?? {});
        await credentials.change(
          named(call),
          withoutMasks(given, credentials.get(named(call))),
          body.credential_info ?? null,
          authorOf(call),
          noted(audit, call, 'updated'),
        );
        answerJson(call, { success: true, message: 'Credential updated successfully' });
      },
    ),
    route('DELETE', '/credentials/:name', 'Deletes one. Models that name it lose its values.', { answer: SuccessAnswer }, async (call) => {
      await credentials.remove(named(call), noted(audit, call, 'deleted'));
      answerJson(call, { success: true, message: 'Credential deleted successfully' });
    }),
  ];
}

/** Writes the change into the audit log, in the transaction that makes it. */
export function noted(audit: Audit, call: RouteCall, action: AuditAction): Witness<StoredCredential> {
  return async (queries, before, after) => {
    await audit.record(
      {
        action,
        table: 'credentials',
        objectId: (after ?? before)?.name ?? '',
        before: before && credentialObject(before),
        after: after && credentialObject(after),
        author: changeAuthorOf(call),
      },
      queries,
    );
  };
}

/** @throws {BadRequestError} for values that are no plain ones */
function checked(values: JsonObject): JsonObject {
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean' && !isObject(value))
      throw new BadRequestError(`The value of ${name} must be a text, a number, true, false or an object.`, 'credential_values');
  }
  return values;
}

/** What a stored model proves itself with, and where it is. */
function valuesOf(models: StoredModels, id: string | null): JsonObject {
  const model = id === null ? null : models.get(id);
  if (!model) throw new NotFoundError('No such model stands in the database: give credential_values, or the model_id of one.', 'model_id');
  const { secret } = parted(model.params);
  const base = model.params['api_base'];
  return base === undefined ? secret : { ...secret, api_base: base };
}

function withoutMasks(given: JsonObject, old: StoredCredential | null): JsonObject {
  const masks = maskedParams(old?.values ?? {});
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => typeof value !== 'string' || !value.includes('****') || value !== masks[name]),
  );
}

function credentialObject({ name, values, info, lost }: StoredCredential): JsonObject {
  return {
    credential_name: name,
    credential_values: maskedParams(values),
    credential_info: info,
    ...(lost ? { needs_reentry: true } : {}),
  };
}
