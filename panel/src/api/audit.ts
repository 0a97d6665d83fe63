import type { z } from 'zod';
import type { AuditList, AuditLog } from '../../../src/contract/audit.ts';
import { api } from './client.ts';

/** One change that somebody made. */
export type Change = z.infer<typeof AuditLog>;

export interface ChangesAsked {
  readonly page: number;
  readonly pageSize: number;
  /** Kind of object; empty for all. */
  readonly table: string;
  readonly action: string;
}

export interface ChangesPage {
  readonly changes: readonly Change[];
  readonly total: number;
  /** Names of those who made them, by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** Newest first. */
export async function readChanges({ page, pageSize, table, action }: ChangesAsked, signal?: AbortSignal): Promise<ChangesPage> {
  const query = { page, page_size: pageSize, table_name: table, action };
  const { audit_logs: changes, total } = await api.get<z.infer<typeof AuditList>>('audit', query, signal);
  return { changes, total, names: await namesOf(changes, signal) };
}

interface NamedPerson {
  readonly user_id: string;
  readonly user_alias: string | null;
  readonly user_email: string | null;
}

async function namesOf(changes: readonly Change[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(changes.flatMap(({ changed_by: id }) => (id === null ? [] : [id])))];
  if (ids.length === 0) return new Map();
  const { users } = await api.get<{ users: readonly NamedPerson[] }>('user/list', { user_ids: ids.join(',') }, signal);
  return new Map(
    users.flatMap(({ user_id: id, user_alias, user_email }) => ((user_alias ?? user_email) ? [[id, user_alias ?? user_email ?? '']] : [])),
  );
}

export const readChange = (id: string, signal?: AbortSignal) => api.get<Change>(`audit/${id}`, {}, signal);
