import { AuditList, AuditLog, AuditQuery } from '../contract/audit.ts';
import { answerJson } from '../contract/http-json.ts';
import { readQueryAs } from '../contract/query.ts';
import { NotFoundError } from '../core/errors.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { WIRE_TABLES, type AuditTable } from '../identity/audit/entry.ts';
import { auditRow, auditRows, type AuditFilter } from '../identity/audit/queries.ts';
import { hashOf, isKeyHash } from '../identity/key-hash.ts';
import type { Queries } from '../store/queries.ts';
import { readStored } from './read-stored.ts';

export interface AuditRouteParts {
  readonly database: Queries;
  /** Throws until the database was read. */
  readonly ready: () => void;
}

/** `/audit` (control-plane 18.1): who changed what. */
export function auditRoutes({ database, ready }: AuditRouteParts): Route[] {
  const shared = { method: 'GET', rights: 'read', group: 'management_routes', surface: 'control' } as const;
  return [
    {
      ...shared,
      paths: ['/audit'],
      summary: 'Lists changes of keys, models, credentials, people and settings, filtered, sorted and paged.',
      shapes: { query: AuditQuery, answer: AuditList },
      handle: (call) => {
        ready();
        return readStored(() => list(database, call));
      },
    },
    {
      ...shared,
      paths: ['/audit/:id'],
      summary: 'Shows one change.',
      shapes: { answer: AuditLog },
      handle: (call) => {
        ready();
        return readStored(() => show(database, call));
      },
    },
  ];
}

async function list(database: Queries, call: RouteCall): Promise<void> {
  const query = readQueryAs(AuditQuery, call.query);
  const { page, page_size: size, sort_by: sort, sort_order: order, changed_by_api_key: key } = query;
  const filter: AuditFilter = {
    changedBy: query.changed_by ?? null,
    keyHash: key === undefined ? null : isKeyHash(key) ? key : hashOf(key),
    action: query.action ?? null,
    table: query.table_name === undefined ? null : tableNamed(query.table_name),
    objectId: query.object_id ?? null,
    from: query.start_date ?? null,
    until: query.end_date ?? null,
  };
  const { rows, total } = await auditRows(database, filter, { sort, order, page, size });
  answerJson(call, { audit_logs: rows, total, page, page_size: size, total_pages: Math.ceil(total / size) });
}

async function show(database: Queries, call: RouteCall): Promise<void> {
  const id = call.params['id'] ?? '';
  const row = UUID.test(id) ? await auditRow(database, id) : null;
  if (!row) throw new NotFoundError('No change with this id is kept.', 'id');
  answerJson(call, row);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A name that no table has finds nothing. */
function tableNamed(name: string): AuditTable {
  const found = Object.entries(WIRE_TABLES).find(([own, wire]) => own === name || wire === name);
  return (found?.[0] ?? name) as AuditTable;
}
