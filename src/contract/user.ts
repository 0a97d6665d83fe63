import { z } from 'zod';
import { PERSON_ROLES } from '../core/caller.ts';
import { KeyBody } from './key.ts';
import { Free, Switch, Text, Texts } from './body.ts';

const Name = Text.min(1, 'Input should have at least 1 character').max(500, 'Input should have at most 500 characters');
const Role = z.enum(PERSON_ROLES, `Input should be ${PERSON_ROLES.map((role) => `'${role}'`).join(', ')}`);
const { max_budget, budget_duration, tpm_limit, rpm_limit, max_parallel_requests, model_max_budget } = KeyBody.shape;

const fields = {
  user_email: Name.nullish(),
  user_alias: Name.nullish(),
  user_role: Role.nullish(),
  sso_user_id: Name.nullish(),
  password: Text.min(8, 'Input should have at least 8 characters').max(1000, 'Input should have at most 1000 characters').nullish(),
  models: Texts.nullish(),
  max_budget,
  budget_duration,
  model_max_budget,
  tpm_limit,
  rpm_limit,
  max_parallel_requests,
  metadata: Free.nullish(),
};

/** `POST /user/new` (control-plane 5.1): members of the person, and of the key that is made with them. */
export const UserNewBody = z.object({
  ...fields,
  user_id: Name.nullish(),
  auto_create_key: Switch.nullish().describe('Whether a key is made at once; true when absent.'),
  key_alias: KeyBody.shape.key_alias,
  duration: KeyBody.shape.duration,
  aliases: KeyBody.shape.aliases,
  config: KeyBody.shape.config,
  permissions: KeyBody.shape.permissions,
  spend: KeyBody.shape.spend,
});
export type UserNewBody = z.infer<typeof UserNewBody>;

/** `POST /user/update` (control-plane 5.2). Absent stays, null clears. */
export const UserUpdateBody = z.object({ ...fields, user_id: Name.nullish(), spend: KeyBody.shape.spend });
export type UserUpdateBody = z.infer<typeof UserUpdateBody>;

export const UserDeleteBody = z.object({ user_ids: z.array(Name, 'Input should be a valid list').min(1) });

export const UserListQuery = z.object({
  role: z.string().optional(),
  user_ids: z.string().optional().describe('Ids, separated by commas.'),
  sso_user_ids: z.string().optional(),
  user_email: z.string().optional().describe('Any part of it.'),
  search: z.string().optional().describe('Any part of id, e-mail or name.'),
  page: z.string().optional(),
  page_size: z.string().optional(),
  sort_by: z.enum(['user_id', 'user_email', 'created_at', 'spend', 'user_alias', 'user_role']).optional(),
  sort_order: z.enum(['asc', 'desc']).optional(),
});
