import type { DialectName, Host } from '../core/dialect.ts';
import type { JsonObject } from '../core/json-object.ts';
import { isSpoken, whyNotCallable, type Catalogue } from './catalogue/catalogue.ts';
import type { ImageRules } from './catalogue/image-rules.ts';
import type { ReplyFlags } from './catalogue/quirks.ts';
import type { ProviderRow } from './catalogue/row.ts';
import { endpointUrl } from './endpoint.ts';
import { imageRulesFor } from './images/rules.ts';
import { planQuirks, type QuirkPlan } from './quirks/plan.ts';
import { compatiblePlace } from './oci/place.ts';
import { pathsOfDeployment } from './sap/deployment.ts';
import { azurePlace } from './resolve/azure/place.ts';
import { modelAndBase, type ModelAndBase } from './resolve/base-of.ts';
import { firstSet, textOf, textsOf, type Environment } from './resolve/environment.ts';
import { extraHeaders, mergeHeaders } from './resolve/headers.ts';
import type { Place } from './resolve/place.ts';
import { providerOf } from './resolve/provider-of.ts';
import {
  audioPlace,
  completionsPlace,
  embeddingsPlace,
  imagePaths,
  rerankPlace,
  type AudioUse,
  type RerankPlace,
} from './resolve/operation-place.ts';
import { namedForResponses, responsesUse, type ResponsesSettings, type ResponsesUse } from './resolve/responses-use.ts';
import { imageRulesOf, lenderOf, quirksOf, replyOf, rulingRow } from './resolve/ruling.ts';
import { accountSignIn, signInAt } from './resolve/sign-in.ts';
import { UnresolvedDeployment } from './resolve/unresolved.ts';
import { vertexPlace } from './resolve/vertex/place.ts';
import type { Grant } from './tokens/grant.ts';
import type { Signer } from './transport/signer.ts';

export { mergeHeaders } from './resolve/headers.ts';
export { UnresolvedDeployment } from './resolve/unresolved.ts';
export type { Environment } from './resolve/environment.ts';
export type { ResponsesUse } from './resolve/responses-use.ts';

type Headers = Readonly<Record<string, string>>;

/** Whom to call and how: a deployment's `litellm_params` made ready. Never changes. */
export interface Resolved {
  /** Catalogue id. */
  readonly provider: string;
  /** The prefix as the owner wrote it (`ollama_chat`); the id when there was none. */
  readonly written: string;
  /** The provider's name for people. */
  readonly providerName: string;
  readonly dialect: DialectName;
  /** Who runs the model in that dialect, where that changes the words; null: it does not. */
  readonly host: Host | null;
  /** Which wire of the dialect, where it has several; null: it has one. */
  readonly wire: string | null;
  /** What the provider calls the model. */
  readonly model: string;
  /** Base URL without a slash at its end. */
  readonly base: string;
  /** Lower-case names; no credentials among them. Laid over the dialect's by {@link mergeHeaders}. */
  readonly headers: Headers;
  /** Headers that carry the key. Secret. */
  readonly credentials: Headers;
  /** What a token is asked for with, where one stands in place of a key; null: none does. Secret. */
  readonly grant: Grant | null;
  /** Signs each request; null where {@link credentials} are all. */
  readonly signer: Signer | null;
  /** Headers that tell of the turn, made anew for each request; null: none do. */
  readonly headersOfTurn: 'copilot' | null;
  /** Where in the owner's account the model is called; null: the key says it. */
  readonly scope: Readonly<Record<string, string>> | null;
  /** Headers that must not go to this provider, whoever set them. */
  readonly dropHeaders: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** Body members that hold where neither deployment nor client sets them. */
  readonly members: JsonObject;
  /** Paths of body members that the owner alone sets: in whose project, by which other models. */
  readonly owners: readonly string[];
  /** The dialect's path → this provider's, where they differ; a whole address where it is not below the base. */
  readonly paths: Readonly<Record<string, string>>;
  /** The same for answers that stream, where those have a path of their own. */
  readonly streamPaths: Readonly<Record<string, string>>;
  /** For which conversations the provider is asked over its Responses; null: it has none, or not at this address. */
  readonly responses: ResponsesUse | null;
  /** Whether the provider can be asked which models may be called. */
  readonly listsModels: boolean;
  /** How text is completed without a conversation around it: by OpenAI's interface, or in the dialect's own words; null: it is not. */
  readonly completions: 'openai' | 'own' | null;
  /** Fields beside file and model by which recordings are transcribed; `all` of OpenAI's, or null: they are not. */
  readonly transcribes: 'all' | readonly string[] | null;
  /** In which dialect vectors are asked for. */
  readonly embeddings: DialectName;
  /** How it speaks and hears. */
  readonly audio: AudioUse;
  /** Whether the provider has OpenAI's moderations. */
  readonly moderates: boolean;
  /** How documents are ranked; null: not at all. */
  readonly rerank: RerankPlace | null;
  readonly quirks: QuirkPlan;
  readonly reply: ReplyFlags;
  /** How images are asked for. */
  readonly images: ImageRules;
  /** Whether `stream_options` may be sent; where not, usage comes unasked. */
  readonly streamOptions: boolean;
  /** A server of the owner's: calls cost nothing unless a price is set. */
  readonly local: boolean;
  /** Images are fetched and sent as bytes although the provider could take URLs (`image_urls: inline`). */
  readonly inlineImages: boolean;
  /** What the owner should know; plain sentences. */
  readonly warnings: readonly string[];
}

export interface ResolveOptions {
  readonly catalogue: Catalogue;
  readonly env: Environment;
  /** Upstream name to use in place of `params.model`: what a wildcard row became for the name that was asked for. */
  readonly model?: string;
  /** `model_info` of the row. */
  readonly info?: JsonObject;
  /** The row was written by the owner of the machine, not by somebody who has the panel alone. */
  readonly trusted?: boolean;
  /** Text of a small file of this machine that a credential may stand in; absent: none is looked into. */
  readonly readText?: (path: string) => string;
  /** `litellm_settings.disable_stop_sequence_limit`. */
  readonly stopUnlimited?: boolean;
  /** Absent: the settings' defaults. */
  readonly responses?: ResponsesSettings;
}

/**
 * @param params `litellm_params` with secrets and environment references resolved
 * @throws {UnresolvedDeployment} when the row cannot be called; other rows are not concerned
 */
export function resolveDeployment(params: JsonObject, options: ResolveOptions): Resolved {
  const { catalogue, env } = options;
  const name = options.model ?? textOf(params['model']);
  if (name === null) throw new UnresolvedDeployment('litellm_params.model is missing.', { param: 'model' });
  const hasBase = textOf(params['api_base']) !== null || textOf(params['base_url']) !== null;
  const choice = providerOf({ catalogue, env }, name, textOf(params['custom_llm_provider']), hasBase);
  const { row } = choice;
  const obstacle = whyNotCallable(row);
  if (obstacle !== null || !isSpoken(row.dialect)) throw new UnresolvedDeployment(`${row.name} cannot be called: ${obstacle}.`);
  const { name: asked, always } = namedForResponses(row, choice.model, options.info);
  if (asked === '') throw new UnresolvedDeployment(`"${name}" names no model.`, { param: 'model' });
  const account = accountSignIn(row, {
    params,
    env,
    model: asked,
    named: row.name,
    trusted: options.trusted ?? false,
    readText: options.readText,
  });
  const own =
    account?.project === undefined
      ? placeOf(row, row.dialect, modelAndBase(row, asked, choice.written, account?.params ?? params, env), params, options)
      : vertexPlace(row, { name: asked, params, info: options.info, env, project: account.project, written: choice.written });
  const place = account?.scope === null ? compatiblePlace(own) : own;
  const signIn = account ?? signInAt(place, row, params, env);
  const ruling = rulingRow(row, place, catalogue);
  const quirks = quirksOf(ruling, place, options);
  const elsewhere = place.dialect !== row.dialect;
  const ranks = !elsewhere && (row.addresses !== 'vertex' || place.paths['/rerank'] !== undefined);
  const rerank = ranks ? rerankPlace(row, place) : null;
  const embeddings = elsewhere ? null : embeddingsPlace(row, place);
  const audio = elsewhere ? null : audioPlace(row, place);
  const images = elsewhere ? {} : imagePaths(row, place);
  const completions =
    place.dialect === 'prompted'
      ? { by: 'own' as const, paths: {} }
      : elsewhere
        ? null
        : completionsPlace(row, choice.written, place, options.info);
  return {
    provider: row.id,
    written: choice.written,
    providerName: row.name,
    dialect: place.dialect,
    host: place.host ?? null,
    wire: place.wire ?? null,
    model: place.model,
    base: place.base,
    headers: mergeHeaders(signIn.headers ?? {}, place.headers, extraHeaders(row, params, env)),
    credentials: signIn.credentials,
    grant: signIn.grant,
    signer: signIn.signer ?? null,
    headersOfTurn: row.headersOfTurn ?? null,
    scope: signIn.scope ?? null,
    dropHeaders: row.dropHeaders ?? [],
    query: { ...queryOf(row, params), ...place.query },
    members: membersOf(row, params, env),
    owners: [...Object.keys(row.members ?? {}), ...(row.owners ?? [])],
    paths: isWholeAddress(row, hasBase, env)
      ? { '/v1/messages': '' }
      : {
          ...pathsOfDeployment(place.paths, signIn.deployment ?? null),
          ...rerank?.paths,
          ...embeddings?.paths,
          ...completions?.paths,
          ...images,
          ...audio?.paths,
        },
    rerank,
    embeddings: embeddings?.by ?? place.dialect,
    audio: audio?.voices ?? { dialect: place.dialect, wire: null },
    completions: completions?.by ?? null,
    transcribes: place.dialect === 'openai' ? 'all' : ((elsewhere ? undefined : row.transcription?.fields) ?? null),
    moderates: place.dialect === 'openai' && row.endpoints.includes('moderations'),
    streamPaths: place.streamPaths ?? {},
    listsModels: row.addresses === undefined,
    responses:
      params['use_chat_completions_api'] === true
        ? null
        : responsesUse({ row, lender: lenderOf(row, catalogue), place, always, settings: options.responses }),
    quirks: planQuirks(quirks, textsOf(params['additional_drop_params'])),
    reply: replyOf(row, place, catalogue),
    images: imageRulesFor(imageRulesOf(ruling, catalogue), place.family),
    streamOptions: quirks.drop?.includes('stream_options') !== true && (quirks.supported?.includes('stream_options') ?? true),
    local: row.local ?? false,
    inlineImages: params['image_urls'] === 'inline',
    warnings: [choice.warning, pathWarning(row, place.base)].filter((text) => text !== undefined),
  };
}

/** The address of an operation: `path` is the dialect's (`/chat/completions`, `/v1/messages`, `/api/chat`). */
export function urlOf({ base, paths, streamPaths, query }: Resolved, path: string, streams = false): URL {
  const own = (streams ? streamPaths[path] : undefined) ?? paths[path] ?? path;
  return /^https?:\/\//.test(own) ? new URL(own) : endpointUrl(base, own, query);
}

function queryOf(row: ProviderRow, params: JsonObject): Readonly<Record<string, string>> {
  const version = textOf(params['api_version']);
  return row.query === undefined ? {} : { ...row.query, ...(version === null ? {} : { version }) };
}

function membersOf(row: ProviderRow, params: JsonObject, env: Environment): JsonObject {
  // One that the deployment sets says what the others would.
  if (Object.keys(row.members ?? {}).some((name) => textOf(params[name]) !== null)) return {};
  const set = Object.entries(row.members ?? {}).map(([name, variables]) => [name, firstSet(env, variables)] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== null));
}

/** `organization` may be a list: one deployment for each. */
export function expandOrganizations(params: JsonObject): readonly JsonObject[] {
  const { organization } = params;
  return Array.isArray(organization) ? organization.map((one: unknown) => Object.assign({}, params, { organization: one })) : [params];
}

function placeOf(
  row: ProviderRow,
  dialect: DialectName,
  { model, base, rule }: ModelAndBase,
  params: JsonObject,
  { env, info }: ResolveOptions,
): Place {
  if (row.addresses !== undefined && row.addresses !== 'vertex')
    return azurePlace(row.addresses, row, { name: model, base, params, info, env });
  const spoken = row.spoken?.find(({ match }) => new RegExp(match).test(model));
  const wire = rule?.wire ?? row.wire;
  return {
    model,
    family: model,
    base,
    dialect: rule?.dialect ?? spoken?.dialect ?? dialect,
    ...(wire && { wire }),
    query: apiVersion(base, params),
    paths: spoken?.paths ?? row.paths ?? {},
    headers: {},
    bearer: false,
    version: null,
    responses: true,
  };
}

/** An `api_version` belongs to addresses of Azure's kind, which carry it in the query. */
function apiVersion(base: string, params: JsonObject): Readonly<Record<string, string>> {
  const version = textOf(params['api_version']);
  const url = new URL(base);
  return version !== null && url.hostname.endsWith('.azure.com') && !url.searchParams.has('api-version') ? { 'api-version': version } : {};
}

function isWholeAddress(row: ProviderRow, hasBase: boolean, env: Environment): boolean {
  return hasBase && row.wholeBaseEnv !== undefined && firstSet(env, [row.wholeBaseEnv])?.toLowerCase() === 'true';
}

function pathWarning(row: ProviderRow, base: string): string | undefined {
  const missing = row.local && row.dialect === 'openai' && row.base?.endsWith('/v1') && new URL(base).pathname === '/';
  return missing ? `api_base of ${row.name} usually ends in /v1; it is used as it stands.` : undefined;
}
