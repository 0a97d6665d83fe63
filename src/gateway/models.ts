import type { Caller } from '../core/caller.ts';
import type { Deployment, ModelGroup } from '../core/deployment.ts';
import { AuthError, BadRequestError, UnknownModelError } from '../core/errors.ts';
import { numberOf } from '../core/exact-json.ts';
import { wordOf, type JsonObject } from '../core/json-object.ts';
import {
  ModelAnswer,
  ModelGroupList,
  ModelGroupQuery,
  ModelInfoList,
  ModelInfoPage,
  ModelInfoPageQuery,
  ModelInfoQuery,
  ModelList,
  ModelListQuery,
} from '../contract/chat.ts';
import type { Route, RouteCall, RouteShapes } from '../core/route.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { ModelTable } from '../router/model-table.ts';
import { groupInfoOf, modelInfoOf, type FactsOf } from './model-facts.ts';
import { listedModels, type KnownNames } from './model-list.ts';
import { shownParams } from '../core/shown-params.ts';

export interface ModelRouteParts {
  readonly table: () => ModelTable<Upstream>;
  readonly known: KnownNames;
  readonly factsOf: FactsOf;
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
        'The same, searched, sorted and paged: `search`, `model`, `modelId`, `sortBy`, `sortOrder`, `page`, `size`.',
        { query: ModelInfoPageQuery, answer: ModelInfoPage },
        (call, caller) => infoPage(parts, call, caller),
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
  const query = new URLSearchParams(call.query);
  const named = listedModels(parts.table(), caller, parts.known, query.get('return_wildcard_routes') === 'true');
  const models = named.filter(({ group }) => group === null || group.levels.length > 0);
  if (call.request.headers['anthropic-version'] !== undefined || (call.request.headers['user-agent'] ?? '').startsWith('claude-code/')) {
    const data = models.map(({ id }) => ({ type: 'model', id, display_name: id, created_at: '2024-01-01T00:00:00Z' }));
    return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  }
  return { object: 'list', data: models.map(({ id, group }) => modelObject(id, group, parts.factsOf)) };
}

function one(parts: ModelRouteParts, call: RouteCall, caller: Caller): JsonObject {
  const id = call.params['id'] ?? '';
  const group = parts.table().find(id) ?? parts.table().find(Object.hasOwn(caller.aliases, id) ? (caller.aliases[id] ?? id) : id);
  if (!group || !caller.mayUseModel(group.name, group.accessGroups)) {
    throw new UnknownModelError(id);
  }
  return modelObject(id, group, parts.factsOf);
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

/** Columns that a list of deployments can be sorted by, each as text or number. */
const SORTED_BY: Readonly<Record<string, (row: InfoRow) => string | number>> = {
  model_name: (row) => row.model_name,
  created_at: (row) => wordOf(row.model_info['created_at']),
  updated_at: (row) => wordOf(row.model_info['updated_at']),
  costs: (row) => numberOf(row.model_info['input_cost_per_token']) ?? 0,
  status: (row) => String(row.model_info['db_model'] === true),
};

const LARGEST_PAGE = 1000;

function infoPage(parts: ModelRouteParts, call: RouteCall, caller: Caller): JsonObject {
  const query = new URLSearchParams(call.query);
  const said = (...names: readonly string[]): string | null => names.map((name) => query.get(name)).find((text) => text !== null) ?? null;
  const id = said('model_id', 'modelId');
  const name = said('model', 'model_name');
  const search = (said('search') ?? '').toLowerCase();
  const found = infos(parts, call, caller).filter(
    (row) =>
      (id === null || row.model_info['id'] === id) &&
      (name === null || row.model_name === name) &&
      [row.model_name, wordOf(row.litellm_params['model']), wordOf(row.model_info['id'])].some((text) =>
        text.toLowerCase().includes(search),
      ),
  );
  const sorted = inOrder(found, said('sort_by', 'sortBy'), said('sort_order', 'sortOrder'));
  const size = wholeIn(said('size') ?? '50', 'size', LARGEST_PAGE);
  const page = wholeIn(said('page') ?? '1', 'page', Number.MAX_SAFE_INTEGER);
  return {
    data: sorted.slice((page - 1) * size, page * size),
    total_count: found.length,
    current_page: page,
    total_pages: Math.ceil(found.length / size),
    size,
  };
}

function inOrder(rows: InfoRow[], by: string | null, order: string | null): InfoRow[] {
  if (by === null) return rows;
  const value = Object.hasOwn(SORTED_BY, by) ? SORTED_BY[by] : undefined;
  if (!value)
    throw new BadRequestError(`Models cannot be sorted by ${by.slice(0, 40)}: use ${Object.keys(SORTED_BY).join(', ')}.`, 'sort_by');
  const sign = order === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => (value(a) < value(b) ? -sign : value(a) > value(b) ? sign : 0));
}

function wholeIn(text: string, name: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new BadRequestError(`${name} must be a whole number from 1 to ${most}.`, name);
  return value;
}

interface InfoRow extends JsonObject {
  readonly model_name: string;
  readonly litellm_params: JsonObject;
  readonly model_info: JsonObject;
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
