import type { Deployment } from '../../core/deployment.ts';
import type { JsonObject } from '../../core/json-object.ts';
import { API_VERSION } from '../../dialects/anthropic/index.ts';
import { COUNTED_MEMBERS } from '../../dialects/anthropic/members.ts';
import { forOtherHost } from '../../dialects/anthropic/messages/other-host.ts';
import { readMessagesCountRequest } from '../../dialects/anthropic/messages/request.ts';
import { vertexMembers } from '../../dialects/anthropic/vertex.ts';
import type { Upstream } from '../upstream.ts';
import { inputTokensIn, inResponses, members, saidOver } from './in-responses.ts';
import type { CountQuestion, CountRequest } from './question.ts';

export const COUNT_PATH = '/v1/messages/count_tokens';

/**
 * `POST /v1/messages/count_tokens`
 *
 * @param headers `anthropic-version` and `anthropic-beta` of the client
 * @throws {InvalidRequestError} for a body that is wrong, naming the member
 */
export function messagesQuestion(body: JsonObject, groupName: string, headers: Readonly<Record<string, string>>): CountQuestion {
  const request = readMessagesCountRequest(body, groupName);
  return {
    route: COUNT_PATH,
    request: () => request,
    asked: (deployment, { name }) =>
      name === 'anthropic'
        ? inMessages(body, { 'anthropic-version': API_VERSION, ...headers }, deployment)
        : inResponses(deployment, () => saidOver(forOtherHost(request).request, deployment)),
    told: (answer) => {
      const tokens = inputTokensIn(answer);
      return tokens === null ? null : { input_tokens: tokens };
    },
    counted: (tokens) => ({ input_tokens: tokens }),
  };
}

/** Vertex AI counts beside its models, and wants as members what Anthropic wants as headers. */
function inMessages(body: JsonObject, headers: CountRequest['headers'], { target, model }: Deployment<Upstream>): CountRequest {
  const counted = { ...members(body, COUNTED_MEMBERS), model };
  if (target.host !== 'vertex') return { path: COUNT_PATH, headers, body: counted };
  const hosted = vertexMembers(headers);
  return { path: COUNT_PATH, headers: hosted.headers, body: { ...counted, ...hosted.members } };
}
