import type { LimitPolicy } from './limit-policy.ts';

/** What a person may do (control-plane 2.3). */
export const PERSON_ROLES = ['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];
/** `key` is a virtual key without a person behind it; the master key is a `proxy_admin`. */
export type Role = PersonRole | 'key';

/** Whether this caller reads what everybody did; others see what is their own. */
export function seesAll({ role }: Pick<Caller, 'role'>): boolean {
  return role === 'proxy_admin' || role === 'proxy_admin_viewer';
}

/**
 * Who calls, as the rest of the house sees it. Read from memory at the start of a request; what changes afterwards
 * concerns the next one.
 */
export interface Caller {
  readonly role: Role;
  /** SHA-256 hex of the credential: the public id of the key. */
  readonly keyHash: string;
  readonly keyAlias: string | null;
  readonly userId: string | null;
  readonly teamId: string | null;
  readonly organizationId: string | null;
  /** Limits of the key; null for the master key, which has none. */
  readonly policy: LimitPolicy | null;
  /** Requested name → model group, for this key only. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The key's metadata; `{}` for the master key. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Whether the key's list of models holds this group (`accessGroups` are the group's own). */
  mayUseModel(group: string, accessGroups: readonly string[]): boolean;
  /** The patterns or paths this key may call; null: all that its role allows. */
  readonly allowedRoutes: readonly string[] | null;
}
