import { z } from 'zod';
import { From, Page, pageSize, SortOrder, Until } from './query.ts';

/** `GET /audit` (control-plane 18.1). */
export const AuditQuery = z.object({
  page: Page,
  page_size: pageSize(10, 100),
  changed_by: z.string().optional().describe('Person that made the change.'),
  changed_by_api_key: z.string().optional().describe('Key that made it: its hash, or its text.'),
  action: z.string().optional().describe('`created`, `updated`, `deleted`, `blocked`, `unblocked`, `regenerated` or `rotated`.'),
  table_name: z.string().optional().describe('Kind of object, such as `LiteLLM_VerificationToken`.'),
  object_id: z.string().optional(),
  start_date: From.optional(),
  end_date: Until.optional(),
  sort_by: z
    .enum(
      ['updated_at', 'changed_by', 'action', 'table_name', 'object_id'],
      'must be updated_at, changed_by, action, table_name or object_id',
    )
    .default('updated_at'),
  sort_order: SortOrder,
});

export const AuditLog = z.object({
  id: z.string(),
  updated_at: z.iso.datetime().describe('When the change was made.'),
  changed_by: z.string().nullable(),
  changed_by_api_key: z.string().nullable().describe('Hash of the key that was used.'),
  action: z.string(),
  table_name: z.string(),
  object_id: z.string(),
  before_value: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('What the changed members were; null when the object is new. Secrets are masked.'),
  updated_values: z.record(z.string(), z.unknown()).nullable().describe('What they are now; null when the object is gone.'),
});

export const AuditList = z.object({
  audit_logs: z.array(AuditLog),
  total: z.int(),
  page: z.int(),
  page_size: z.int(),
  total_pages: z.int(),
});
