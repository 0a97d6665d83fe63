import { printed, type JsonObject } from '../../core/json-object.ts';

/** A path with its query: lists repeat, what is null or undefined is not there. */
export function withQuery(path: string, members: JsonObject): string {
  const query = new URLSearchParams(pairsOf(members)).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Members as the fields of a query or a form: lists repeat, what is null or undefined is not there. */
export function pairsOf(members: JsonObject): [name: string, value: string][] {
  return Object.entries(members).flatMap(([name, value]): [string, string][] => {
    if (value === null || value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, printed(each)]);
  });
}
