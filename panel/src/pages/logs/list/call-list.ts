import { listCalls, type CallFilter, type CallPage, type CallRow } from '../../../api/calls.ts';
import type { Fields } from './call-fields.ts';
import { filterOf, spanOf, type Span } from './call-filter.ts';

const SIZE = 50;

/** The rows that were loaded, and what they are a part of. The span stays as it was at the first page, so that pages do not move. */
export interface CallList {
  readonly fields: Fields;
  readonly span: Span;
  readonly rows: readonly CallRow[];
  readonly total: number;
  /** False: there are more than `total`. */
  readonly exact: boolean;
  readonly page: number;
}

export const orderOf = ({ sort, order }: Pick<Fields, 'sort' | 'order'>) => ({ sort_by: sort, sort_order: order }) as const;

const ask = (filter: CallFilter, fields: Fields, page: number, signal?: AbortSignal): Promise<CallPage> =>
  listCalls(filter, { page, page_size: SIZE, ...orderOf(fields) }, signal);

export async function firstPage(fields: Fields, signal: AbortSignal): Promise<CallList> {
  const span = spanOf(fields, Date.now());
  const { data, total, total_is_exact: exact } = await ask(filterOf(fields, span), fields, 1, signal);
  return { fields, span, rows: data, total, exact, page: 1 };
}

export async function nextPage(list: CallList): Promise<CallList> {
  const page = list.page + 1;
  const { data, total, total_is_exact: exact } = await ask(filterOf(list.fields, list.span), list.fields, page);
  return { ...list, rows: [...list.rows, ...data], total, exact, page };
}

/** The newest calls since the list was loaded, oldest first. */
export async function newerThan({ fields, span }: CallList): Promise<readonly CallRow[]> {
  const filter = filterOf(fields, { from: span.until - OVERLAP_MS, until: Date.now() });
  const { data } = await listCalls(filter, { page_size: 100 });
  return data.toReversed();
}

/** A call is listed by its start and written down at its end: one that ran when the list was loaded began before. */
const OVERLAP_MS = 900_000;

/** Rows that came in and rows that were loaded, each once. */
export function together(incoming: readonly CallRow[], { rows }: CallList): CallRow[] {
  const loaded = new Set(rows.map(({ request_id: id }) => id));
  const fresh = incoming.filter(({ request_id: id }) => !loaded.has(id));
  return [...fresh, ...rows].toSorted(fresh.length > 0 ? newestFirst : () => 0);
}

const newestFirst = (one: CallRow, other: CallRow) => Date.parse(other.startTime) - Date.parse(one.startTime);

/** Whether there are rows that were not loaded. */
export const hasMore = ({ rows, total, exact }: CallList): boolean => !exact || rows.length < total;
