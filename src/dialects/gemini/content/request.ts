import { InvalidRequestError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json-object.ts';
import type { ChatRequest } from '../../../core/request.ts';
import { present } from '../../openai/request-fields.ts';
import { ToolNames, type NameRules } from '../../tool-names.ts';
import { camelCased } from '../camel-case.ts';
import { maybe, stringAt } from './fields.ts';
import { readContents } from './read-contents.ts';
import { readGeneration } from './read-generation.ts';
import { readTools, toolsLeftOut } from './read-tools.ts';

/** Names of functions that other providers take; Google's may hold dots and colons. */
const TOOL_NAMES: NameRules = { unlawful: /[^a-zA-Z0-9_-]/g, maxLength: 64 };

export interface GenerateRequest {
  readonly request: ChatRequest;
  /** For the shape of the answer: it has the client's own names. */
  readonly names: ToolNames;
  /** The client wants to see what the model thought. */
  readonly showsThoughts: boolean;
  /** Tools that the provider does not get, a line each. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a `GenerateContentRequest` for a provider of another dialect (data-plane 9.14): what only Google's models understand is
 * said in words that all know, or left out. Towards Google itself the body passes as it came.
 *
 * @param model public name the call is for, after aliases; the body's own `model` is not looked at
 * @throws {InvalidRequestError} for a missing or mistyped member, naming it
 * @see https://ai.google.dev/api/generate-content (2026-11-26)
 */
export function readGenerateRequest(given: JsonObject, model: string, stream: boolean): GenerateRequest {
  const body = camelCased(given);
  refuseKept(body);
  const names = new ToolNames(TOOL_NAMES);
  const { members, others, showsThoughts } = readGeneration(body, stream);
  const request: ChatRequest = {
    model,
    stream,
    messages: readContents(body, names),
    ...readTools(body, names),
    ...members,
    ...present({ serviceTier: tierIn(body), user: maybe(body['user'], 'user', stringAt) }),
    others,
    extras: {},
  };
  return { request, names, showsThoughts, leftOut: toolsLeftOut(body) };
}

/** What was said before lies with Google: without it another provider would answer another question. */
function refuseKept({ cachedContent }: JsonObject): void {
  if (cachedContent !== undefined && cachedContent !== null && cachedContent !== '')
    throw new InvalidRequestError(
      "'cachedContent' lies with Google, so only Gemini's models can read it. Send the contents themselves to this model.",
      'cachedContent',
    );
}

/** Google's word for the usual tier. */
function tierIn(body: JsonObject): string | undefined {
  const tier = maybe(body['serviceTier'], 'serviceTier', stringAt)?.toLowerCase();
  return tier === 'standard' ? 'default' : tier === 'unspecified' ? undefined : tier;
}
