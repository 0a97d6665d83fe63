import type { JsonObject } from '../../core/json-object.ts';
import { lawfulItems } from '../../dialects/openai/responses-out/kept-items.ts';
import { COUNTED_OF_RESPONSES } from '../../dialects/openai/responses-out/write-request.ts';
import { readResponsesRequest } from '../../dialects/openai/responses/request.ts';
import { inputTokensIn, inResponses, members, RESPONSES_COUNT_PATH } from './in-responses.ts';
import type { CountQuestion } from './question.ts';

/**
 * `POST /v1/responses/input_tokens`: a body of `POST /v1/responses`, everything that was said before in it.
 *
 * @throws {InvalidRequestError} for a body that is wrong, naming the member
 */
export function responseQuestion(body: JsonObject, groupName: string): CountQuestion {
  const { request } = readResponsesRequest(body, groupName);
  const counted = (tokens: number): JsonObject => ({ object: 'response.input_tokens', input_tokens: tokens });
  return {
    route: RESPONSES_COUNT_PATH,
    request: () => request,
    asked: (deployment) =>
      inResponses(deployment, () => {
        const { previous_response_id: _, input: said, ...rest } = members(body, COUNTED_OF_RESPONSES);
        return { ...rest, input: Array.isArray(said) ? lawfulItems(said, deployment.provider, 0) : said };
      }),
    told: (answer) => {
      const tokens = inputTokensIn(answer);
      return tokens === null ? null : counted(tokens);
    },
    counted,
  };
}
