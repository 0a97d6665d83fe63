import type { ContentHost, Target } from '../../core/dialect.ts';
import { isObject, type JsonObject } from '../../core/json-object.ts';
import { isTokenCount } from '../../core/usage.ts';
import { camelCased } from '../../dialects/gemini/camel-case.ts';
import { mendedContents } from '../../dialects/gemini/content/mended-contents.ts';
import { readGenerateRequest } from '../../dialects/gemini/content/request.ts';
import { detailsOf } from '../../dialects/gemini/content/write-usage.ts';
import { isGatewayMember } from '../../dialects/openai/members.ts';
import { inputTokensIn, inResponses, saidOver } from './in-responses.ts';
import type { CountQuestion, CountRequest } from './question.ts';

const ROUTE = '/v1beta/models/{model}:countTokens';

/** `POST /v1beta/models/{model}:countTokens`: of bare contents, or of a whole `generateContentRequest`. */
export function contentQuestion(body: JsonObject, groupName: string): CountQuestion {
  const asked = countedIn(body);
  const request: CountQuestion['request'] = () => readGenerateRequest(asked, groupName, false).request;
  const counted = (tokens: number): JsonObject => ({ totalTokens: tokens, promptTokensDetails: detailsOf(tokens) });
  return {
    route: ROUTE,
    request,
    asked: (deployment, { content }) =>
      content
        ? inContents(asked, deployment.target, content(deployment.target))
        : inResponses(deployment, () => saidOver(request(), deployment)),
    told: (answer) => {
      if (isObject(answer) && isTokenCount(answer['totalTokens'])) return answer;
      const tokens = inputTokensIn(answer);
      return tokens === null ? null : counted(tokens);
    },
    counted,
  };
}

/** Google counts bare contents, or a whole request that says its model. */
function inContents(asked: JsonObject, target: Target, { methodPath, resourceName }: ContentHost): CountRequest {
  const contents = mendedContents(asked['contents'], target) ?? asked['contents'];
  const whole = { ...asked, contents };
  const isBare = Object.keys(asked).every((name) => name === 'contents');
  const body = isBare || resourceName === undefined ? whole : { generateContentRequest: { ...whole, model: resourceName(target.model) } };
  return { path: methodPath(target.model, 'countTokens'), headers: {}, body };
}

/** The request that is counted, without the name of its model and members for the gateway. */
function countedIn(body: JsonObject): JsonObject {
  const given = camelCased(body);
  const inner = given['generateContentRequest'];
  const request = isObject(inner) ? camelCased(inner) : given;
  return Object.fromEntries(Object.entries(request).filter(([name]) => name !== 'model' && name !== 'user' && !isGatewayMember(name)));
}
