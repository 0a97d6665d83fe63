import { ContentModel, ContentModelList, ContentModelQuery } from '../contract/generate.ts';
import { answerJson } from '../contract/http-json.ts';
import type { Caller } from '../core/caller.ts';
import type { ModelGroup } from '../core/deployment.ts';
import { AuthError, InvalidRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { modelInfoOf } from './model-facts.ts';
import { groupNamed, listedModels, type ModelListParts } from './model-list.ts';

/** `/v1beta/models` in the shape of Google's API: from memory alone, as the other lists of models. */
export function contentModelRoutes(parts: ModelListParts): Route[] {
  const shared = { method: 'GET', rights: 'info', group: 'llm_api_routes', surface: 'gemini' } as const;
  return [
    {
      ...shared,
      paths: ['/v1beta/models'],
      summary: 'Lists the models that the caller may use, in the form of Google’s API.',
      shapes: { query: ContentModelQuery, answer: ContentModelList },
      handle: (call) => {
        answerJson(call, contentModelPage(parts, call, callerOf(call)));
      },
    },
    {
      ...shared,
      paths: ['/v1beta/models/*id'],
      summary: 'Shows one model in that form. Its name may hold slashes.',
      shapes: { answer: ContentModel },
      handle: (call) => {
        answerJson(call, contentModelNamed(parts, call, callerOf(call)));
      },
    },
  ];
}

function callerOf({ caller }: RouteCall): Caller {
  if (!caller) throw new AuthError('Authentication Error, No api key passed in.');
  return caller;
}

/** Models of a page, where nobody says. */
const USUAL_SIZE = 50;

/** A page of the list; its token says where the next one begins. @throws {InvalidRequestError} */
export function contentModelPage(parts: ModelListParts, { query }: RouteCall, caller: Caller): JsonObject {
  const read = ContentModelQuery.safeParse(Object.fromEntries(new URLSearchParams(query)));
  const from = read.success ? Number(read.data.pageToken ?? 0) : Number.NaN;
  if (!read.success || !Number.isSafeInteger(from) || from < 0)
    throw new InvalidRequestError("'pageSize' must be a number from 1 to 1000, and 'pageToken' the one of the page before.", 'pageToken');
  const listed = listedModels(parts.table(), caller, parts.known, false).filter(({ group }) => (group?.levels.length ?? 0) > 0);
  const to = from + (read.data.pageSize ?? USUAL_SIZE);
  return {
    models: listed.slice(from, to).map(({ id, group }) => contentModel(id, group, parts)),
    ...(to < listed.length ? { nextPageToken: String(to) } : {}),
  };
}

/** The model that the path names. @throws {UnknownModelError} */
export function contentModelNamed(parts: ModelListParts, { params }: RouteCall, caller: Caller): JsonObject {
  const id = params['id'] ?? '';
  return contentModel(id, groupNamed(parts.table(), caller, id), parts);
}

function contentModel(id: string, group: ModelGroup<Upstream> | null, { factsOf }: ModelListParts): JsonObject {
  const first = group?.deployments[0];
  const info = first ? modelInfoOf(first, factsOf) : {};
  const limit = (name: string, wire: string): JsonObject => (Number.isSafeInteger(info[name]) ? { [wire]: info[name] } : {});
  return {
    name: `models/${id}`,
    baseModelId: id,
    version: '1',
    displayName: id,
    ...limit('max_input_tokens', 'inputTokenLimit'),
    ...limit('max_output_tokens', 'outputTokenLimit'),
    supportedGenerationMethods: METHODS[String(info['mode'])] ?? METHODS['chat'],
  };
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  chat: ['generateContent', 'countTokens'],
  embedding: ['embedContent', 'batchEmbedContents'],
  audio_speech: [],
  audio_transcription: [],
  image_generation: [],
  rerank: [],
  moderation: [],
};
