import type { ChangeAuthor } from '../../core/change-author.ts';
import type { JsonObject } from '../../core/json-object.ts';

/** What can be done to an object. */
export const AUDIT_ACTIONS = ['created', 'updated', 'deleted', 'blocked', 'unblocked', 'regenerated', 'rotated'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What objects are called on the wire: the reference's names of its tables. */
export const WIRE_TABLES = {
  virtual_keys: 'LiteLLM_VerificationToken',
  models: 'LiteLLM_ProxyModelTable',
  credentials: 'LiteLLM_CredentialsTable',
  settings: 'LiteLLM_Config',
  teams: 'LiteLLM_TeamTable',
  team_members: 'LiteLLM_TeamMembership',
  users: 'LiteLLM_UserTable',
  organizations: 'LiteLLM_OrganizationTable',
  customers: 'LiteLLM_EndUserTable',
  budgets: 'LiteLLM_BudgetTable',
  tags: 'LiteLLM_TagTable',
} as const;
export type AuditTable = keyof typeof WIRE_TABLES;

/** One change that somebody made. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly table: AuditTable;
  readonly objectId: string;
  /** As the wire shows the object; null: it was not there. */
  readonly before: JsonObject | null;
  /** Null: it is gone. */
  readonly after: JsonObject | null;
  readonly author: ChangeAuthor;
}
