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
