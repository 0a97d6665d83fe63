import { CountAnswer, CountBody, MessagesAnswer, MessagesBody } from '../contract/messages.ts';
import { answerJson } from '../contract/http-json.ts';
import { AuthError } from '../core/errors.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { Route, RouteCall } from '../core/route.ts';
import { COUNT_PATH, messagesQuestion } from '../exchange/count/messages-question.ts';
import type { InputCount } from '../exchange/input-count.ts';
import { readBody } from './body.ts';
import { anthropicHeaders } from './call-options.ts';
import { aliased, handleCall, modelOf, type CallRouteParts } from './calls.ts';

export interface MessagesRouteParts extends CallRouteParts {
  readonly inputCount: InputCount;
}

/** `POST /v1/messages` (data-plane 9.13): Anthropic's API in front of every provider. */
export function messagesRoutes(parts: MessagesRouteParts): Route[] {
  return [
    {
      method: 'POST',
      paths: ['/v1/messages', '/messages'],
      rights: 'llm',
      group: 'llm_api_routes',
      surface: 'anthropic',
      summary: 'Answers a conversation in the form of Anthropic’s API, whole or streamed, by any provider.',
      shapes: { body: MessagesBody, answer: MessagesAnswer, streams: true },
      handle: (call) => handleCall(parts, call, 'messages'),
    },
    {
      method: 'POST',
      paths: [COUNT_PATH, '/messages/count_tokens'],
      rights: 'llm',
      group: 'llm_api_routes',
      surface: 'anthropic',
      summary: 'How many tokens a request to `/v1/messages` would read. Nothing is charged.',
      shapes: { body: CountBody, answer: CountAnswer },
      handle: (call) => count(parts, call),
    },
  ];
}

async function count(parts: MessagesRouteParts, routeCall: RouteCall): Promise<void> {
  parts.ready();
  const { request } = routeCall;
  if (!routeCall.caller) throw new AuthError('Authentication Error, No api key passed in.');
  const body = JsonDocument.read(await readBody(request, parts.settings().maxRequestBytes));
  const caller = parts.still(routeCall.caller, request.headers);
  const model = modelOf(body, undefined);
  const groupName = aliased(caller, model);
  const question = messagesQuestion(body.whole(), groupName, anthropicHeaders(request.headers));
  answerJson(routeCall, await parts.inputCount.of({ caller, model, groupName, question }));
}
