import type { UserUpdateBody } from '../contract/user.ts';
import { storedPassword } from '../identity/password.ts';
import type { PersonSettings } from '../identity/users.ts';
import { keySettingsOf, type NextReset } from './key-settings.ts';

/**
 * What a body says of a person, in our words. Only members that are present count; an explicit null clears.
 *
 * @throws {BadRequestError}
 */
export async function personSettingsOf(body: UserUpdateBody, now: number, nextReset: NextReset): Promise<PersonSettings> {
  const settings: Record<string, unknown> = {};
  const take = (member: keyof UserUpdateBody, name: keyof PersonSettings, empty: unknown = null): void => {
    if (body[member] !== undefined) settings[name] = body[member] ?? empty;
  };
  take('user_email', 'email');
  take('user_alias', 'alias');
  take('user_role', 'role', 'internal_user');
  take('sso_user_id', 'ssoUserId');
  take('metadata', 'metadata', {});
  if (body.password !== undefined) settings['password'] = body.password === null ? null : await storedPassword(body.password);
  // Limits are written as those of a key are.
  const { models, max_budget, budget_duration, model_max_budget, tpm_limit, rpm_limit, max_parallel_requests } = body;
  const limits = { models, max_budget, budget_duration, model_max_budget, tpm_limit, rpm_limit, max_parallel_requests };
  const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  return { ...settings, ...keySettingsOf(given, null, now, nextReset) };
}
