import type { Target } from '../../../core/dialect.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { droppedParams, includeOf, paramMembers } from './params.ts';
import { writeItems } from './write-items.ts';
import { toolMembers } from './write-tools.ts';

/**
 * The body of `POST /responses`. Nothing is kept at the provider unless the client asks for it: thoughts come back sealed, and the
 * next turn brings them.
 *
 * @throws {UnsupportedParamsError | InvalidRequestError} when the request cannot be said in this dialect
 * @see https://platform.openai.com/docs/api-reference/responses/create (read 2026-11-26)
 */
export function writeResponsesBody(request: ChatRequest, target: Target): JsonObject {
  droppedParams(request, target);
  const include = includeOf(request, target);
  return {
    model: target.model,
    ...writeItems(request.messages, target.provider),
    ...(request.stream ? { stream: true } : {}),
    ...toolMembers(request),
    ...paramMembers(request, target),
    store: request.others['store'] === true,
    ...(include.length > 0 ? { include } : {}),
    ...request.extras,
  };
}

/**
 * Members of the body of `POST /responses/input_tokens`.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/input-tokens (read 2026-11-26)
 */
export const COUNTED_OF_RESPONSES: ReadonlySet<string> = new Set([
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'truncation',
  'conversation',
]);
