import { answerJson } from '../contract/http-json.ts';
import { ResponseItemsQuery, ShownResponseQuery } from '../contract/responses.ts';
import { InvalidRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { RouteCall } from '../core/route.ts';
import { retoldResponse } from '../dialects/openai/responses-out/retold.ts';
import { listedItems } from '../dialects/openai/responses/listed-items.ts';
import type { KeptResponse } from '../exchange/response-store.ts';

/** A response that is kept: whole, or as its stream from an event on, for a client that lost the rest of it. @throws {InvalidRequestError} */
export function showResponse(call: RouteCall, { response }: KeptResponse): void {
  const read = ShownResponseQuery.safeParse(Object.fromEntries(new URLSearchParams(call.query)));
  if (!read.success)
    throw new InvalidRequestError("'stream' must be true or false, and 'starting_after' the number of an event.", 'stream');
  const { stream, starting_after: after = -1 } = read.data;
  if (stream !== 'true') {
    answerJson(call, response);
    return;
  }
  call.response.writeHead(200, { ...call.headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  call.response.end(call.request.method === 'HEAD' ? undefined : retoldResponse(response, after));
}

/** A page of the items that a response was an answer to, the turns before it among them. @throws {InvalidRequestError} */
export function inputItemsPage({ query, params }: RouteCall, { input }: KeptResponse): JsonObject {
  const read = ResponseItemsQuery.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (!read.success) throw new InvalidRequestError("'limit' must be a number from 1 to 100, and 'order' asc or desc.", 'limit');
  const { limit, order, after } = read.data;
  const listed = listedItems(input, params['id'] ?? '');
  const items = order === 'asc' ? listed : listed.toReversed();
  const from = after === undefined ? 0 : items.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && from === 0) throw new InvalidRequestError(`No item with id '${after.slice(0, 200)}' found.`, 'after');
  const data = items.slice(from, from + limit);
  const idOf = (item: JsonObject | undefined): unknown => item?.['id'] ?? null;
  return { object: 'list', data, first_id: idOf(data[0]), last_id: idOf(data.at(-1)), has_more: from + limit < items.length };
}
