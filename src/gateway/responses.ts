import { answerJson } from '../contract/http-json.ts';
import {
  DeletedResponse,
  ResponseAnswer,
  ResponseItems,
  ResponseItemsQuery,
  ResponsesBody,
  ResponsesCount,
  ResponsesCountBody,
  ShownResponseQuery,
} from '../contract/responses.ts';
import type { Caller } from '../core/caller.ts';
import { AuthError, InvalidRequestError, NotFoundError } from '../core/errors.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { inputItems, itemsOfNextTurn } from '../dialects/openai/responses/input-items.ts';
import { responseQuestion } from '../exchange/count/response-question.ts';
import type { InputCount } from '../exchange/input-count.ts';
import type { ProviderResponses } from '../exchange/provider-responses.ts';
import type { KeptResponse, ResponseStore } from '../exchange/response-store.ts';
import { readBody } from './body.ts';
import { aliased, answerCall, clientOf, modelOf, type CallRouteParts } from './calls.ts';
import { inputItemsPage, showResponse } from './kept-responses.ts';

export interface ResponsesRouteParts extends CallRouteParts {
  readonly responses: ResponseStore;
  readonly providerResponses: ProviderResponses;
  readonly inputCount: InputCount;
}

const PATHS = ['/v1/responses', '/responses', '/openai/v1/responses'];
const below = (end: string): string[] => PATHS.map((path) => `${path}${end}`);

/** `/v1/responses` (data-plane 9.12): OpenAI's Responses in front of every provider. */
export function responsesRoutes(parts: ResponsesRouteParts): Route[] {
  const shared = { rights: 'llm', group: 'llm_api_routes', surface: 'openai' } as const;
  return [
    {
      ...shared,
      method: 'POST',
      paths: PATHS,
      summary:
        'Answers a conversation in the form of OpenAI’s Responses, whole or streamed, by any provider; `previous_response_id` goes on from one.',
      shapes: { body: ResponsesBody, answer: ResponseAnswer, streams: true },
      handle: (call) => create(parts, call),
    },
    {
      ...shared,
      method: 'GET',
      paths: below('/:id'),
      summary:
        'Shows a response of the last day to whoever asked for it, whole or as its stream. Responses are kept as far as there is room.',
      shapes: { query: ShownResponseQuery, answer: ResponseAnswer, streams: true },
      handle: async (call) => {
        showResponse(call, await needed(parts, call));
      },
    },
    {
      ...shared,
      method: 'GET',
      paths: below('/:id/input_items'),
      summary: 'Shows page by page what a response was an answer to, the turns before it too.',
      shapes: { query: ResponseItemsQuery, answer: ResponseItems },
      handle: async (call) => {
        answerJson(call, inputItemsPage(call, await needed(parts, call)));
      },
    },
    {
      ...shared,
      method: 'DELETE',
      paths: below('/:id'),
      summary: 'Forgets a response, and has the provider forget its copy where it keeps one.',
      shapes: { answer: DeletedResponse },
      handle: (call) => forget(parts, call),
    },
    {
      ...shared,
      method: 'POST',
      paths: below('/:id/cancel'),
      summary:
        'Asks the provider that keeps a response to cancel it, and says of any other that it cannot be cancelled: none runs in the background. A call ends when its client hangs up.',
      shapes: { answer: ResponseAnswer },
      handle: (call) => cancel(parts, call),
    },
    {
      ...shared,
      method: 'POST',
      paths: below('/input_tokens'),
      summary: 'How many tokens a request to `/v1/responses` would read. Nothing is charged.',
      shapes: { body: ResponsesCountBody, answer: ResponsesCount },
      handle: (call) => count(parts, call),
    },
  ];
}

async function create(parts: ResponsesRouteParts, routeCall: RouteCall): Promise<void> {
  parts.ready();
  const { request, response } = routeCall;
  const known = callerOf(routeCall);
  const client = clientOf(response);
  const given = JsonDocument.read(await readBody(request, parts.settings().maxRequestBytes));
  const caller = parts.still(known, request.headers);
  await answerCall(parts, routeCall, { operation: 'responses', body: await withTurnsBefore(parts, caller, given), caller, client });
}

/** The provider first: should it fail, the client may try again. */
async function forget(parts: ResponsesRouteParts, call: RouteCall): Promise<void> {
  const { id = '' } = call.params;
  const { at } = await needed(parts, call);
  if (at && !(await parts.providerResponses.forget(at)))
    call.headers['x-gateway-left-out'] = 'the copy at the provider: its deployment is not configured any more';
  await parts.responses.forget(id);
  answerJson(call, { id, object: 'response', deleted: true });
}

async function cancel(parts: ResponsesRouteParts, call: RouteCall): Promise<void> {
  const { at, response } = await needed(parts, call);
  const cancelled = at ? await parts.providerResponses.cancel(at) : null;
  if (cancelled === null) throw new InvalidRequestError('Cannot cancel a synchronous response: hang up instead.', 'response_id');
  const { id, model, previous_response_id: previous } = response;
  answerJson(call, { ...cancelled, id, model, previous_response_id: previous });
}

async function count(parts: ResponsesRouteParts, routeCall: RouteCall): Promise<void> {
  parts.ready();
  const { request } = routeCall;
  const known = callerOf(routeCall);
  const given = JsonDocument.read(await readBody(request, parts.settings().maxRequestBytes));
  const caller = parts.still(known, request.headers);
  const model = modelOf(given, undefined);
  const body = (await withTurnsBefore(parts, caller, given)).whole();
  const groupName = aliased(caller, model);
  answerJson(routeCall, await parts.inputCount.of({ caller, model, groupName, question: responseQuestion(body, groupName) }));
}

/** The body with everything that was said before, where it names the response that it goes on from. */
async function withTurnsBefore({ responses }: ResponsesRouteParts, caller: Caller, body: JsonDocument): Promise<JsonDocument> {
  const id = body.has('previous_response_id') ? body.value('previous_response_id') : null;
  if (typeof id !== 'string') return body;
  const kept = await responses.find(caller, id);
  if (!kept) {
    throw new InvalidRequestError(
      `Previous response with id '${id.slice(0, 200)}' not found. Responses are kept for a day, as far as there is room; send what was said before in 'input'.`,
      'previous_response_id',
      'previous_response_not_found',
    );
  }
  const named = (itemId: string): JsonObject | null => kept.output.find((item) => item['id'] === itemId) ?? null;
  return JsonDocument.of({ ...body.whole(), input: [...itemsOfNextTurn(kept), ...inputItems(body.value('input') ?? [], named)] });
}

function callerOf({ caller }: RouteCall): Caller {
  if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
  return caller;
}

async function needed({ responses }: ResponsesRouteParts, call: RouteCall): Promise<KeptResponse> {
  const { id = '' } = call.params;
  const kept = await responses.find(callerOf(call), id);
  if (!kept) throw notFound(id);
  return kept;
}

function notFound(id: string): NotFoundError {
  return new NotFoundError(`Response with id '${id.slice(0, 200)}' not found.`, 'response_id');
}
