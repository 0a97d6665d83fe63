import { z } from 'zod';
import { Free, Text } from './body.ts';

const Name = Text.min(1, 'Input should have at least 1 character').max(500);

/** `POST /model/new` (control-plane 13.2). */
export const ModelBody = z.object({ model_name: Name, litellm_params: Free, model_info: Free.nullish() });

/** `PATCH /model/{id}/update`: what is absent stays, null takes a member out. */
export const ModelPatchBody = z.object({ model_name: Name.nullish(), litellm_params: Free.nullish(), model_info: Free.nullish() });

export const ModelDeleteBody = z.object({ id: Name });

/** `POST /model/block`, `/model/unblock` */
export const ModelBlockBody = z.object({ model_id: Name });

/** `POST /credentials` (control-plane 13.3): values of its own, or a model's. */
export const CredentialBody = z.object({
  credential_name: Name,
  credential_values: Free.nullish(),
  model_id: Text.nullish(),
  credential_info: Free.nullish(),
});

export const CredentialPatchBody = z.object({ credential_values: Free.nullish(), credential_info: Free.nullish() });

const Shown = z.record(z.string(), z.unknown());

/** A model of the database as administrators see it. */
export const StoredModelAnswer = z
  .object({
    model_id: z.string(),
    model_name: z.string(),
    litellm_params: Shown.describe('Secrets are masked.'),
    model_info: Shown,
    created_at: z.iso.datetime(),
    created_by: z.string().nullable(),
    updated_at: z.iso.datetime(),
    updated_by: z.string().nullable(),
  })
  .meta({ id: 'StoredModel' });
export const MessageAnswer = z.object({ message: z.string() });

export const ShownCredential = z
  .object({
    credential_name: z.string(),
    credential_values: Shown.describe('Masked: the first two and the last two characters.'),
    credential_info: Shown,
    needs_reentry: z.boolean().optional().describe('It was stored under another salt key.'),
  })
  .meta({ id: 'Credential' });
export const CredentialList = z.object({ success: z.literal(true), credentials: z.array(ShownCredential) });
export const SuccessAnswer = z.object({ success: z.literal(true), message: z.string() });
