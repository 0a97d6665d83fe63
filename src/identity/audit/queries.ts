import { parseExact } from '../../core/exact-json.ts';
import type { JsonObject } from '../../core/json-object.ts';
import type { Queries } from '../../store/queries.ts';
import { WIRE_TABLES, type AuditTable } from './entry.ts';

/** Which rows are asked for; null: whatever it is. Times are milliseconds since 1970, `until` itself is out. */
export interface AuditFilter {
  readonly changedBy: string | null;
  readonly keyHash: string | null;
  readonly action: string | null;
  readonly table: AuditTable | null;
  readonly objectId: string | null;
  readonly from: number | null;
  readonly until: number | null;
}

export const AUDIT_SORTS = ['updated_at', 'changed_by', 'action', 'table_name', 'object_id'] as const;

export interface AuditPage {
  readonly sort: (typeof AUDIT_SORTS)[number];
  readonly order: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

interface Row {
  readonly id: string;
  readonly updated_at: Date;
  readonly changed_by: string | null;
  readonly changed_by_api_key: string | null;
  readonly action: string;
  readonly table_name: string;
  readonly object_id: string;
  readonly before_value: string | null;
  readonly updated_values: string | null;
}

const SELECT = `select id, updated_at, changed_by, changed_by_api_key, action, table_name, object_id,
  before_value::text as before_value, updated_values::text as updated_values from gateway.audit_logs`;

/** One page of rows as the wire shows them, and how many there are in all. */
export async function auditRows(
  queries: Queries,
  filter: AuditFilter,
  { sort, order, page, size }: AuditPage,
): Promise<{ rows: JsonObject[]; total: number }> {
  const { where, values } = conditionsOf(filter);
  const [count] = await queries.query<{ total: number }>(`select count(*) as total from gateway.audit_logs ${where}`, values);
  const rows = await queries.query<Row & JsonObject>(
    `${SELECT} ${where} order by ${sort} ${order}, id ${order} limit ${size} offset $${values.length + 1}`,
    [...values, (page - 1) * size],
  );
  return { rows: rows.map(rowObject), total: count?.total ?? 0 };
}

/** One row; null when there is none. @param id a UUID */
export async function auditRow(queries: Queries, id: string): Promise<JsonObject | null> {
  const [row] = await queries.query<Row & JsonObject>(`${SELECT} where id = $1`, [id]);
  return row ? rowObject(row) : null;
}

function conditionsOf(filter: AuditFilter): { where: string; values: unknown[] } {
  const named: readonly (readonly [string, unknown])[] = [
    ['changed_by =', filter.changedBy],
    ['changed_by_api_key =', filter.keyHash],
    ['action =', filter.action],
    ['table_name =', filter.table],
    ['object_id =', filter.objectId],
    ['updated_at >=', filter.from === null ? null : new Date(filter.from)],
    ['updated_at <', filter.until === null ? null : new Date(filter.until)],
  ];
  const given = named.filter(([, value]) => value !== null);
  const where = given.length === 0 ? '' : `where ${given.map(([condition], index) => `${condition} $${index + 1}`).join(' and ')}`;
  return { where, values: given.map(([, value]) => value) };
}

function rowObject(row: Row): JsonObject {
  const read = (text: string | null): unknown => (text === null ? null : parseExact(text));
  return {
    id: row.id,
    updated_at: row.updated_at.toISOString(),
    changed_by: row.changed_by,
    changed_by_api_key: row.changed_by_api_key,
    action: row.action,
    table_name: WIRE_TABLES[row.table_name as AuditTable] ?? row.table_name,
    object_id: row.object_id,
    before_value: read(row.before_value),
    updated_values: read(row.updated_values),
  };
}
