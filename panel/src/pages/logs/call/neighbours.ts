import { listCalls, type CallRow } from '../../../api/calls.ts';
import type { Fields } from '../list/call-fields.ts';
import { filterOf, spanOf } from '../list/call-filter.ts';

/** Ids of the calls beside one, within the filters of the list it was opened from; null: there is none. */
export interface Neighbours {
  readonly newer: string | null;
  readonly older: string | null;
}

const MONTH_MS = 30 * 86_400_000;
/** Calls of one millisecond that are looked through. */
const SIZE = 20;

export async function neighboursOf(call: CallRow, fields: Fields, signal: AbortSignal): Promise<Neighbours> {
  const [newer, older] = await Promise.all([beside(call, fields, 'asc', signal), beside(call, fields, 'desc', signal)]);
  return { newer, older };
}

/** The next call in an order of time. The list's own span holds where people chose it; else a month to either side. */
async function beside(call: CallRow, fields: Fields, order: 'asc' | 'desc', signal: AbortSignal): Promise<string | null> {
  const at = Date.parse(call.startTime);
  const chosen =
    fields.range === 'custom' ? spanOf(fields, Date.now()) : { from: at - MONTH_MS, until: Math.max(at + MONTH_MS, Date.now()) };
  const span = order === 'asc' ? { from: at, until: chosen.until } : { from: chosen.from, until: at };
  const { data } = await listCalls(filterOf(fields, span), { page_size: SIZE, sort_by: 'startTime', sort_order: order }, signal);
  const here = data.findIndex(({ request_id: id }) => id === call.request_id);
  // A call that the filters do not hold stands between those that they do.
  const next = here >= 0 ? data[here + 1] : data.find(({ startTime }) => startTime !== call.startTime);
  return next?.request_id ?? null;
}
