import { ModelInfoPage, ModelInfoPageQuery } from '../contract/model-info.ts';
import type { Caller } from '../core/caller.ts';
import type { Deployment, ModelGroup } from '../core/deployment.ts';
import { AuthError, BadRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import {
  ModelAnswer,
  ModelGroupList,
  ModelGroupQuery,
  ModelInfoList,
  ModelInfoQuery,
  ModelList,
  ModelListQuery,
} from '../contract/chat.ts';
import type { Route, RouteCall, RouteShapes } from '../core/route.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { contentModelNamed, contentModelPage } from './content-models.ts';
import { modelInfoPage, type InfoRow } from './model-info-page.ts';
import { groupInfoOf, modelInfoOf, type FactsOf } from './model-facts.ts';
import { groupNamed, listedModels, type ModelListParts } from './model-list.ts';
import { shownParams } from '../core/shown-params.ts';

export interface ModelRouteParts extends ModelListParts {
  /** `general_settings.expand_wildcards_in_model_info` */
  readonly expandWildcards: () => boolean;
}

/** Clients compare these two (data-plane 9.1). */
const CREATED = 1_677_610_602;
const OWNER = 'openai';

/** `/v1/models`, `/v1/model/info`, `/model_group/info`: from memory alone, nobody upstream is asked (data-plane 9.1-9.3). */
export function modelRoutes(parts: ModelRouteParts): Route[] {
  const route = (
    paths: readonly string[],
    summary: string,
    shapes: RouteShapes,
    answer: (call: RouteCall, caller: Caller) => unknown,
  ): Route => ({
    method: 'GET',
    paths,
    summary,
    shapes,
    rights: 'info',
    group: 'info_routes',
    surface: 'openai',
    handle: (call) => {
      if (!call.caller) throw new AuthError('Authentication Error, No api key passed in.');
      send(call, answer(call, call.caller));
    },
  });
  return [
    // Models are listed for whoever may call them: a key for LLM routes needs its list.
    {
      ...route(
        ['/v1/models', '/models', '/openai/v1/models'],
        'Lists the models that the caller may use.',
        { query: ModelListQuery, answer: ModelList },
        (call, caller) => list(parts, call, caller),
      ),
      group: 'llm_api_routes',
    },
    {
      ...route(
        ['/v1/models/*id', '/models/*id', '/openai/v1/models/*id'],
        'Shows one model. Its name may hold slashes.',
        { answer: ModelAnswer },
        (call, caller) => one(parts, call, caller),
      ),
      group: 'llm_api_routes',
    },
    // What is managed may be read by who manages it.
    {
      ...route(
        ['/v1/model/info', '/model/info'],
        'Shows prices, sizes and abilities of each deployment that the caller may use; `?litellm_model_id=` picks one.',
        { query: ModelInfoQuery, answer: ModelInfoList },
        (call, caller) => ({ data: infos(parts, call, caller) }),
      ),
      alsoIn: ['management_routes'],
    },
    {
      ...route(
        ['/v2/model/info'],
        'The same, searched, sorted and paged: `search`, `model`, `provider`, `model_id`, `sort_by`, `sort_order`, `page`, `size`.',
        { query: ModelInfoPageQuery, answer: ModelInfoPage },
        (call, caller) => modelInfoPage(infos(parts, call, caller), call.query),
      ),
      alsoIn: ['management_routes'],
    },
    route(
      ['/model_group/info'],
      'The same for each model group, its deployments taken together; `?model_group=` picks one.',
      { query: ModelGroupQuery, answer: ModelGroupList },
      (call, caller) => ({ data: groups(parts, call, caller) }),
    ),
  ];
}

function list(parts: ModelRouteParts, call: RouteCall, caller: Caller): JsonObject {
  if (isGoogles(call)) return contentModelPage(parts, call, caller);
  const query = new URLSearchParams(call.query);
  const named = listedModels(parts.table(), caller, parts.known, query.get('return_wildcard_routes') === 'true');
  const models = named.filter(({ group }) => group === null || group.levels.length > 0);
  if (call.request.headers['anthropic-version'] !== undefined || (call.request.headers['user-agent'] ?? '').startsWith('claude-code/')) {
    const data = models.map(({ id }) => ({ type: 'model', id, display_name: id, created_at: '2024-01-01T00:00:00Z' }));
    return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  }
  return { object: 'list', data: models.map(({ id, group }) => modelObject(id, group, parts.factsOf)) };
}

/** Google's clients ask for models at the address where OpenAI's do. */
function isGoogles({ request: { headers } }: RouteCall): boolean {
  return headers['x-goog-api-key'] !== undefined || headers['x-goog-api-client'] !== undefined;
}

function one(parts: ModelRouteParts, call: RouteCall, caller: Caller): JsonObject {
  if (isGoogles(call)) return contentModelNamed(parts, call, caller);
  const id = call.params['id'] ?? '';
  return modelObject(id, groupNamed(parts.table(), caller, id), parts.factsOf);
}

function modelObject(id: string, group: ModelGroup<Upstream> | null, factsOf: FactsOf): JsonObject {
  const model: JsonObject = { id, object: 'model', created: CREATED, owned_by: OWNER };
  const first = group?.deployments[0];
  if (!first) return model;
  const info = modelInfoOf(first, factsOf);
  for (const name of ['mode', 'max_input_tokens', 'max_output_tokens'])
    if (info[name] !== null && info[name] !== undefined) model[name] = info[name];
  return model;
}

function infos(parts: ModelRouteParts, call: RouteCall, caller: Caller): InfoRow[] {
  const wanted = new URLSearchParams(call.query).get('litellm_model_id');
  const rows = shownGroups(parts, caller).flatMap(({ name, group }) =>
    group.deployments.map((deployment) => infoRow(name, deployment, parts.factsOf)),
  );
  if (wanted === null) return rows;
  const found = rows.filter((row) => row.model_info['id'] === wanted);
  if (found.length === 0) throw new BadRequestError(`Model id = ${wanted.slice(0, 200)} not found on this gateway.`, 'litellm_model_id');
  return found;
}

function infoRow(name: string, deployment: Deployment<Upstream>, factsOf: FactsOf): InfoRow {
  return { model_name: name, litellm_params: shownParams(deployment.shown), model_info: modelInfoOf(deployment, factsOf) };
}

function groups(parts: ModelRouteParts, call: RouteCall, caller: Caller): JsonObject[] {
  const wanted = new URLSearchParams(call.query).get('model_group');
  return shownGroups(parts, caller)
    .filter(({ name }) => wanted === null || name === wanted)
    .map(({ name, group }) => groupInfoOf(name, group, parts.factsOf));
}

/** Groups of the file and, unless turned off, the concrete models behind its wildcards. */
function shownGroups(parts: ModelRouteParts, caller: Caller): { name: string; group: ModelGroup<Upstream> }[] {
  const known = parts.expandWildcards() ? parts.known : () => [];
  return listedModels(parts.table(), caller, known, false)
    .filter((listed): listed is { id: string; group: ModelGroup<Upstream> } => listed.group !== null)
    .map(({ id, group }) => ({ name: id, group }));
}

function send({ request, response, headers }: RouteCall, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': String(bytes.length) });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
