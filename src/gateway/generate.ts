import {
  BatchEmbedAnswer,
  BatchEmbedBody,
  CountContentAnswer,
  CountContentBody,
  EmbedAnswer,
  EmbedBody,
  GenerateAnswer,
  GenerateBody,
  StreamQuery,
} from '../contract/generate.ts';
import { answerJson } from '../contract/http-json.ts';
import { AuthError } from '../core/errors.ts';
import { JsonDocument } from '../core/json-document.ts';
import type { Route, RouteCall, RouteShapes } from '../core/route.ts';
import type { StreamForm } from '../dialects/gemini/content/frames.ts';
import { contentQuestion } from '../exchange/count/content-question.ts';
import type { InputCount } from '../exchange/input-count.ts';
import { readBody } from './body.ts';
import { aliased, handleCall, modelOf, type CallRouteParts } from './calls.ts';

export interface GenerateRouteParts extends CallRouteParts {
  readonly inputCount: InputCount;
}

/** Where Google's clients look for models, and where others do. */
const PREFIXES = ['/v1beta/models', '/v1/models', '/models'];

/** Google's `generateContent` and its family (data-plane 9.14) in front of every provider. */
export function generateRoutes(parts: GenerateRouteParts): Route[] {
  const route = (method: string, summary: string, shapes: RouteShapes, handle: Route['handle']): Route => ({
    method: 'POST',
    paths: PREFIXES.map((prefix) => `${prefix}/*model:${method}`),
    rights: 'llm',
    group: 'llm_api_routes',
    surface: 'gemini',
    summary,
    shapes,
    handle,
  });
  return [
    route(
      'generateContent',
      'Answers a conversation in the form of Google’s Gemini API, by any provider. The name of the model may hold slashes.',
      { body: GenerateBody, answer: GenerateAnswer },
      (call) => handleCall(parts, call, 'generate', { stream: false }),
    ),
    route(
      'streamGenerateContent',
      'The same as a stream: of server-sent events with `?alt=sse`, else as one JSON list that grows.',
      { query: StreamQuery, body: GenerateBody, answer: GenerateAnswer, streams: true },
      (call) => handleCall(parts, call, 'generate', { stream: true, streamForm: formOf(call) }),
    ),
    route(
      'countTokens',
      'How many tokens a request to `:generateContent` would read. Nothing is charged.',
      { body: CountContentBody, answer: CountContentAnswer },
      (call) => count(parts, call),
    ),
    route('embedContent', 'Turns a content into a vector.', { body: EmbedBody, answer: EmbedAnswer }, (call) =>
      handleCall(parts, call, 'embed', { stream: false }),
    ),
    route('batchEmbedContents', 'Turns several contents into vectors.', { body: BatchEmbedBody, answer: BatchEmbedAnswer }, (call) =>
      handleCall(parts, call, 'embed', { stream: false }),
    ),
  ];
}

function formOf({ query }: RouteCall): StreamForm {
  return new URLSearchParams(query).get('alt') === 'sse' ? 'events' : 'list';
}

async function count(parts: GenerateRouteParts, routeCall: RouteCall): Promise<void> {
  parts.ready();
  const { request, params } = routeCall;
  if (!routeCall.caller) throw new AuthError('Authentication Error, No api key passed in.');
  const body = JsonDocument.read(await readBody(request, parts.settings().maxRequestBytes));
  const caller = parts.still(routeCall.caller, request.headers);
  const model = modelOf(body, params['model']);
  const groupName = aliased(caller, model);
  answerJson(routeCall, await parts.inputCount.of({ caller, model, groupName, question: contentQuestion(body.whole(), groupName) }));
}
