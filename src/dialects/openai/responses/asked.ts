import { isObject, type JsonObject } from '../../../core/json-object.ts';
import { booleanAt, listAt, maybe, numberAt, objectAt, stringAt } from '../request-fields.ts';
import { wordAt } from './fields.ts';
import type { ToolDirectory } from './tool-directory.ts';

/** What only a client of this dialect asks for; the hub has no word for it. */
export interface AskedResponse {
  /** The items before `input` are those of this response. The caller puts them there before the body is read. */
  readonly previousResponseId: string | null;
  /** The response may be asked for by its id later. */
  readonly store: boolean;
  readonly background: boolean;
  readonly include: readonly string[];
  readonly truncation: 'auto' | 'disabled';
  readonly metadata: Readonly<JsonObject>;
  /** `input` in its long form, for the store and the next turn. */
  readonly input: readonly JsonObject[];
  readonly tools: ToolDirectory;
  /** Tools and items that the provider does not get, a line each, for a warning. */
  readonly leftOut: readonly string[];
  /** Members of the body that the response repeats, with their defaults. */
  readonly echo: Readonly<JsonObject>;
}

/** Members of the body that only this dialect has. @throws {InvalidRequestError} naming the member */
export function readAsked(body: JsonObject, rest: Pick<AskedResponse, 'input' | 'tools' | 'leftOut'>): AskedResponse {
  const read = <T>(name: string, check: (value: unknown, param: string) => T): T | null => maybe(body[name], name, check) ?? null;
  const asked = {
    previousResponseId: read('previous_response_id', stringAt),
    store: read('store', booleanAt) ?? true,
    background: read('background', booleanAt) ?? false,
    include: read('include', wordsAt) ?? [],
    truncation: read('truncation', truncationAt) ?? 'disabled',
    metadata: read('metadata', objectAt) ?? {},
  };
  return { ...asked, ...rest, echo: echoOf(body, asked) };
}

/** Whether the client wants thoughts in their sealed form: it asks for them, or nobody else keeps them. */
export function wantsSealed({ include, store }: AskedResponse): boolean {
  return !store || include.includes('reasoning.encrypted_content');
}

type Asked = Pick<AskedResponse, 'background' | 'metadata' | 'previousResponseId' | 'store' | 'truncation'>;

function echoOf(body: JsonObject, asked: Asked): JsonObject {
  const { effort = null, summary = null } = maybe(body['reasoning'], 'reasoning', objectAt) ?? {};
  const given = (name: string, check: (value: unknown, param: string) => unknown, otherwise: unknown = null): JsonObject => ({
    [name]: maybe(body[name], name, check) ?? otherwise,
  });
  return {
    background: asked.background,
    ...given('instructions', stringAt),
    ...given('max_output_tokens', numberAt),
    ...given('max_tool_calls', numberAt),
    metadata: asked.metadata,
    ...given('parallel_tool_calls', booleanAt, true),
    previous_response_id: asked.previousResponseId,
    ...given('prompt_cache_key', stringAt),
    reasoning: { effort, summary },
    ...given('safety_identifier', stringAt),
    ...given('service_tier', stringAt, 'default'),
    store: asked.store,
    ...given('temperature', numberAt, 1),
    text: textOf(body),
    tool_choice: body['tool_choice'] ?? 'auto',
    ...given('tools', listAt, []),
    ...given('top_logprobs', numberAt, 0),
    ...given('top_p', numberAt, 1),
    truncation: asked.truncation,
    ...given('user', stringAt),
  };
}

function textOf(body: JsonObject): JsonObject {
  const text = maybe(body['text'], 'text', objectAt) ?? {};
  return { ...text, format: isObject(text['format']) ? text['format'] : { type: 'text' } };
}

function truncationAt(value: unknown, param: string): AskedResponse['truncation'] {
  return wordAt(value, param, ['auto', 'disabled']);
}

function wordsAt(value: unknown, param: string): string[] {
  return listAt(value, param, 'strings').map((item, i) => stringAt(item, `${param}[${i}]`));
}
