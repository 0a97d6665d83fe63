import { BadRequestError } from '../core/errors.ts';

/** What rows are sorted by. */
export type SortValue = string | number | bigint | null;

/** A whole number of a query. @throws {BadRequestError} */
export function positive(text: string, param: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new BadRequestError(`${param} must be a whole number from 1 to ${most}.`, param);
  return value;
}

/** `asc` or `desc`; absent is `desc`. @throws {BadRequestError} */
export function orderIn(query: URLSearchParams): 'asc' | 'desc' {
  const order = query.get('sort_order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw new BadRequestError('sort_order must be asc or desc.', 'sort_order');
  return order;
}

/** One of the names that a list can be sorted by. @throws {BadRequestError} */
export function sortIn<Name extends string>(query: URLSearchParams, names: readonly Name[], usual: Name): Name {
  const asked = query.get('sort_by') ?? usual;
  const sort = names.find((name) => name === asked);
  if (!sort) throw new BadRequestError(`sort_by must be one of ${names.join(', ')}.`, 'sort_by');
  return sort;
}

export interface Sorting<Row> {
  readonly valueOf: (row: Row) => SortValue;
  /** Tells rows of one value apart, so that pages never overlap. */
  readonly idOf: (row: Row) => string;
  readonly order: 'asc' | 'desc';
}

interface Ranked<Row> {
  readonly row: Row;
  readonly value: SortValue;
  readonly id: string;
}

/** Beyond this many rows before the end of a page, sorting all is cheaper than keeping the best. */
const MOST_KEPT = 2000;

/**
 * One page of many rows. Near the beginning of a long list only the rows that can stand there are kept in order: a hundred
 * thousand are looked at once and not sorted.
 */
export function pageOf<Row>(rows: readonly Row[], { valueOf, idOf, order }: Sorting<Row>, page: number, size: number): Row[] {
  const direction = order === 'asc' ? 1 : -1;
  const before = (a: Ranked<Row>, b: Ranked<Row>): number => direction * (compare(a.value, b.value) || compare(a.id, b.id));
  const end = page * size;
  if (end > MOST_KEPT || end * 4 > rows.length) {
    const ranked = rows.map((row) => ({ row, value: valueOf(row), id: idOf(row) }));
    return ranked.sort(before).slice(end - size, end).map(({ row }) => row); // prettier-ignore
  }
  const best: Ranked<Row>[] = [];
  for (const row of rows) {
    const value = valueOf(row);
    const last = best[end - 1];
    // Nearly all rows end here: nothing is made for them.
    const order = last ? direction * compare(value, last.value) : -1;
    if (last && (order > 0 || (order === 0 && direction * compare(idOf(row), last.id) >= 0))) continue;
    const ranked = { row, value, id: idOf(row) };
    best.splice(placeOf(best, ranked, before), 0, ranked);
    if (best.length > end) best.pop();
  }
  return best.slice(end - size).map(({ row }) => row);
}

function placeOf<Row>(sorted: readonly Ranked<Row>[], ranked: Ranked<Row>, before: (a: Ranked<Row>, b: Ranked<Row>) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other && before(ranked, other) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Nothing sorts before something. */
function compare(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
