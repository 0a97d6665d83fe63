import { hash } from 'node:crypto';
import type { Config, ModelRow } from '../config/config.ts';
import { DATABASE } from '../config/stored-settings.ts';
import type { Deployment } from '../core/deployment.ts';
import type { Target } from '../core/dialect.ts';
import { isObject, type JsonObject } from '../core/json-object.ts';
import { maskedBase } from '../providers/masked-base.ts';
import type { AbilityTable } from '../providers/abilities.ts';
import type { Catalogue } from '../providers/catalogue/catalogue.ts';
import { defaultsOf } from '../providers/defaults.ts';
import { EgressDeniedError, type EgressPolicy } from '../providers/egress.ts';
import { secretsOfGrant } from '../providers/tokens/grant.ts';
import { resolveDeployment, UnresolvedDeployment, type Resolved } from '../providers/resolve.ts';
import { concrete } from '../providers/wildcard.ts';
import { secretsOf } from '../exchange/own-secrets.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { PriceBook, PriceSubject } from '../ledger/prices/price-book.ts';
import { ModelTable, type WildcardRow } from '../router/model-table.ts';
import { secondsIn, numberIn } from './row-values.ts';

export interface DeploymentParts {
  readonly catalogue: Catalogue;
  readonly abilities: AbilityTable;
  readonly prices: PriceBook;
  readonly egress: EgressPolicy;
  /** Text of a small file of this machine. */
  readonly readText: (path: string) => string;
}

/** A row that cannot be called, with its reason; the others work. */
export interface RefusedRow {
  readonly modelName: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface BuiltTable {
  readonly table: ModelTable<Upstream>;
  readonly refused: readonly RefusedRow[];
  /** Plain sentences for the log. */
  readonly notes: readonly string[];
}

/** Silence after which a stream from a local server gets a sign of life: it may be loading a model (data-plane 10.1). */
const LOCAL_KEEP_ALIVE_MS = 20_000;

/** Makes the configuration's rows ready to be called. */
export class DeploymentBuilder {
  readonly #parts: DeploymentParts;

  constructor(parts: DeploymentParts) {
    this.#parts = parts;
  }

  build(config: Config): BuiltTable {
    const deployments: Deployment<Upstream>[] = [];
    const wildcards: WildcardRow<Upstream>[] = [];
    const refused: RefusedRow[] = [];
    const notes: string[] = [];
    const ids = new Set<string>();
    for (const row of config.models) {
      if (row.problem !== null || !servesHere(row, config)) continue;
      const id = uniqueId(row, ids);
      try {
        if (row.modelName.includes('*')) wildcards.push(this.#wildcard(config, row, id));
        else {
          const deployment = this.#deployment(config, row, id, row.modelName, undefined);
          notes.push(...deployment.upstream.resolved.warnings.map((text) => `${row.modelName}: ${text}`));
          deployments.push(deployment);
        }
      } catch (error) {
        if (!(error instanceof UnresolvedDeployment)) throw error;
        refused.push({ modelName: row.modelName, file: row.file, line: row.line, reason: error.message });
      }
    }
    const aliases = [...Object.entries(config.router.modelGroupAlias), ...Object.entries(config.litellm.modelAliases)].map(
      ([alias, { model, hidden }]) => ({ alias, group: model, hidden }),
    );
    return { table: new ModelTable({ deployments, wildcards, aliases, accessGroupsOf: ({ info }) => accessGroups(info) }), refused, notes };
  }

  /**
   * A deployment of its own, which no table holds.
   *
   * @throws {UnresolvedDeployment} when it cannot be called as it is described
   */
  single(config: Config, row: ModelRow, id: string): Deployment<Upstream> {
    return this.#deployment(config, row, id, row.modelName, undefined);
  }

  #wildcard(config: Config, row: ModelRow, id: string): WildcardRow<Upstream> {
    const upstream = String(row.params['model']);
    const made = (name: string, model: string | null): Deployment<Upstream> | null => {
      if (model === null || model === '') return null;
      try {
        return this.#deployment(config, row, id, name, model);
      } catch (error) {
        if (error instanceof UnresolvedDeployment) return null;
        throw error;
      }
    };
    const sample = upstream.startsWith('*') ? null : made(row.modelName, upstream.replaceAll('*', 'any'));
    return {
      pattern: row.modelName,
      accessGroups: accessGroups(row.info),
      concrete: (name) => made(name, concrete(row.modelName, upstream, name)),
      publicName: (model) =>
        sample &&
        (concrete(upstream, row.modelName, `${sample.upstream.resolved.written}/${model}`) ?? concrete(upstream, row.modelName, model)),
      sample,
    };
  }

  #deployment(config: Config, row: ModelRow, id: string, group: string, model: string | undefined): Deployment<Upstream> {
    const { catalogue, abilities, prices, readText } = this.#parts;
    const params = { ...config.router.defaultParams, ...row.params };
    const resolved = resolveDeployment(params, {
      catalogue,
      env: (name) => config.variables[name],
      info: row.info,
      trusted: isOwners(row),
      readText,
      stopUnlimited: config.litellm.stopUnlimited,
      responses: {
        chats: config.litellm.chatsOverResponses,
        messagesOverChat: config.litellm.messagesOverChat,
        summaries: config.litellm.autoSummaries,
      },
      ...(model === undefined ? {} : { model }),
    });
    this.#checkBase(resolved);
    const subject = subjectOf(resolved.provider, resolved.model, row.prices, row.info);
    const facts = prices.infoOf(subject, Date.now());
    const known = abilities.of(resolved.model, row.info);
    const target: Target = {
      provider: resolved.provider,
      model: resolved.model,
      abilities: {
        ...known,
        maxInputTokens: known.maxInputTokens ?? facts.maxInputTokens,
        maxOutputTokens: known.maxOutputTokens ?? facts.maxOutputTokens,
      },
      params: {
        drop: flagIn(params, 'drop_params') ?? config.litellm.dropParams,
        allow: textsIn(params, 'allowed_openai_params'),
        modify: flagIn(params, 'modify_params') ?? config.litellm.modifyParams,
      },
      ...(resolved.host === null ? {} : { host: resolved.host }),
      ...(resolved.wire === null ? {} : { wire: resolved.wire }),
      ...(resolved.scope === null ? {} : { scope: resolved.scope }),
    };
    return {
      id,
      group,
      provider: resolved.provider,
      dialect: resolved.dialect,
      model: resolved.model,
      upstream: upstreamOf(resolved, params, target, config),
      target,
      price: prices.priceOf(subject),
      weight: numberIn(params, 'weight'),
      order: numberIn(params, 'order') ?? 1,
      rpm: numberIn(params, 'rpm'),
      tpm: numberIn(params, 'tpm'),
      timeoutMs: secondsIn(params, 'timeout') ?? secondsIn(params, 'request_timeout'),
      streamTimeoutMs: secondsIn(params, 'stream_timeout'),
      retries: numberIn(params, 'num_retries') ?? numberIn(params, 'max_retries'),
      cooldownMs: secondsIn(params, 'cooldown_time'),
      keepAliveMs: secondsIn(params, 'keepalive_seconds') ?? (resolved.local ? LOCAL_KEEP_ALIVE_MS : 0),
      mock: params['mock_response'] ?? undefined,
      defaults: defaultsOf(params),
      prices: row.prices,
      info: { ...row.info, id },
      shown: row.shown,
    };
  }

  /** A provider's address may be private, but never the Supervisor, metadata or ourselves (security.md). */
  #checkBase({ base }: Resolved): void {
    try {
      this.#parts.egress.checkUrl(base, 'provider');
    } catch (error) {
      if (!(error instanceof EgressDeniedError)) throw error;
      throw new UnresolvedDeployment(`api_base is refused: ${error.message}`, { param: 'api_base', cause: error });
    }
  }
}

function subjectOf(provider: string, model: string, custom: JsonObject, info: JsonObject): PriceSubject {
  const base = info['base_model'];
  return { provider, model, custom, stored: info['db_model'] === true, ...(typeof base === 'string' ? { baseModel: base } : {}) };
}

/** Under which names a deployment's price is looked up. */
export function priceSubjectOf({ provider, model, prices, info }: Deployment<Upstream>): PriceSubject {
  return subjectOf(provider, model, prices, info);
}

function upstreamOf(resolved: Resolved, params: JsonObject, target: Target, config: Config): Upstream {
  const defaults = { ...resolved.members, ...defaultsOf(params) };
  const tls = params['ssl_verify'];
  return {
    resolved,
    shownBase: maskedBase(resolved.base),
    secrets: [...secretsOf(resolved.credentials, resolved.headers, resolved.signer?.secrets), ...secretsOfGrant(resolved.grant)],
    tls: typeof tls === 'string' || typeof tls === 'boolean' ? tls : true,
    params: target.params,
    defaults,
    defaultTexts: new Map(Object.entries(defaults).map(([name, value]) => [name, JSON.stringify(value)])),
    defaultsText: Object.keys(defaults).length === 0 ? '' : JSON.stringify(defaults),
    privateMedia: flagIn(params, 'allow_private_image_urls') ?? config.general.allowPrivateImageUrls,
    endpoints: new Map(),
  };
}

/** Written in the file and nowhere else: credentials of the database are entered by whoever has the panel. */
function isOwners({ file, params }: ModelRow): boolean {
  return file !== DATABASE && params['litellm_credential_name'] === undefined;
}

/** `model_info.supported_environments` against `LITELLM_ENVIRONMENT`. */
function servesHere({ info }: ModelRow, config: Config): boolean {
  const wanted = info['supported_environments'];
  const here = config.environment.environmentName;
  return !Array.isArray(wanted) || here === null || wanted.includes(here);
}

/** The configured id, else a digest of the row as it is written: the same over restarts. Equal rows are told apart by a number. */
function uniqueId(row: ModelRow, ids: Set<string>): string {
  const configured = row.info['id'];
  const base =
    typeof configured === 'string' && configured !== ''
      ? configured
      : hash('sha256', JSON.stringify([row.modelName, sorted(row.shown)]), 'hex');
  let id = base;
  for (let copy = 2; ids.has(id); copy++) id = `${base}-${copy}`;
  ids.add(id);
  return id;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

function accessGroups(info: JsonObject): readonly string[] {
  return textsIn(info, 'access_groups');
}

function textsIn(object: JsonObject, name: string): readonly string[] {
  const value = object[name];
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

function flagIn(object: JsonObject, name: string): boolean | null {
  const value = object[name];
  return typeof value === 'boolean' ? value : null;
}
