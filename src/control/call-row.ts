import type { JsonObject } from '../core/json-object.ts';
import type { SpendRecord } from '../core/spend-record.ts';
import { rowObject } from './spend-row-object.ts';

/** A call that just ended, as `/spend/logs/v2` will show it once it is in the database. */
export function callRow(record: SpendRecord): JsonObject {
  const { kind: _kind, charges: _charges, metadata, ...row } = record;
  return rowObject({ ...row, metadata: JSON.stringify(metadata) });
}
