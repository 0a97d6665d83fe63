import type { Config } from '../config/config.ts';
import type { PassThroughEndpoint } from '../config/settings/pass-through.ts';
import type { Caller } from '../core/caller.ts';
import type { Deployment } from '../core/deployment.ts';
import { InvalidRequestError } from '../core/errors.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Upstream } from '../exchange/upstream.ts';
import type { PriceBook } from '../ledger/prices/price-book.ts';
import { UnresolvedDeployment } from '../providers/resolve.ts';
import type { ModelTable } from '../router/model-table.ts';
import type { Models } from './models.ts';

export interface PassThroughAccountParts {
  readonly config: () => Config;
  readonly models: Pick<Models, 'unregistered'>;
  readonly prices: PriceBook;
  readonly table: () => ModelTable<Upstream>;
}

/** Variables of the owner for requests that pass; they come before those that every call reads (data-plane 9.16). */
const VARIABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vertex_ai: {
    vertex_project: 'DEFAULT_VERTEXAI_PROJECT',
    vertex_location: 'DEFAULT_VERTEXAI_LOCATION',
    vertex_credentials: 'DEFAULT_GOOGLE_APPLICATION_CREDENTIALS',
  },
};

/** Accounts kept ready for one configuration: clients can name any number of models. */
const REMEMBERED = 500;

/** With whose credentials requests pass to a provider, and at which price. */
export class PassThroughAccounts {
  readonly #parts: PassThroughAccountParts;
  #config: Config | null = null;
  #table: ModelTable<Upstream> | null = null;
  readonly #known = new Map<string, Deployment<Upstream>>();

  constructor(parts: PassThroughAccountParts) {
    this.#parts = parts;
  }

  /**
   * A deployment marked `use_in_pass_through`, else what the provider's variables say.
   *
   * @throws {InvalidRequestError} naming what is missing
   */
  readonly of = (provider: string, model: string | null, place: JsonObject = {}): Deployment<Upstream> => {
    const group = `${provider}/${model ?? '*'}`;
    return this.#kept(`${group} ${JSON.stringify(place)}`, () => {
      const marked = this.#marked(provider, place);
      if (marked) return this.#priced(marked, group, model ?? '*');
      const usual = this.#usual(provider);
      const params = { ...usual, ...place, model: `${provider}/${model ?? 'any'}` };
      const made = this.#made({ modelName: group, params, info: {} }, provider);
      return { ...made, id: `${provider}/*` };
    });
  };

  /** The deployment behind a public name, when it is one of this provider that the caller may use. */
  readonly behind = (provider: string, name: string, caller: Caller): Deployment<Upstream> | null => {
    const group = this.#parts.table().find(name);
    if (group?.name !== name || !caller.mayUseModel(group.name, group.accessGroups)) return null;
    return group.levels.flat().find((deployment) => deployment.provider === provider) ?? null;
  };

  /** What an endpoint of the configuration is booked as. */
  readonly ofEndpoint = (endpoint: PassThroughEndpoint): Deployment<Upstream> =>
    this.#kept(`${endpoint.path} ${endpoint.target}`, () => {
      const { origin } = new URL(endpoint.target);
      const made = this.#made(
        {
          modelName: endpoint.path,
          params: {
            model: `openai/${endpoint.path}`,
            api_base: origin,
            extra_headers: endpoint.headers,
            input_cost_per_request: endpoint.costPerRequest,
            input_cost_per_token: '0',
            output_cost_per_token: '0',
          },
          info: {},
        },
        endpoint.path,
      );
      return { ...made, id: endpoint.path, provider: PASSED, model: endpoint.path };
    });

  #kept(name: string, make: () => Deployment<Upstream>): Deployment<Upstream> {
    const [config, table] = [this.#parts.config(), this.#parts.table()];
    if (config !== this.#config || table !== this.#table) this.#known.clear();
    this.#config = config;
    this.#table = table;
    let kept = this.#known.get(name);
    if (!kept) {
      if (this.#known.size >= REMEMBERED) this.#known.clear();
      kept = make();
      this.#known.set(name, kept);
    }
    return kept;
  }

  /** What the variables say that stand for these requests alone. */
  #usual(provider: string): JsonObject {
    const { variables } = this.#parts.config();
    const named = Object.entries(VARIABLES[provider] ?? {}).map(([name, variable]) => [name, variables[variable]] as const);
    return Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== ''));
  }

  /** At the same place, where the path names one. */
  #marked(provider: string, place: JsonObject): Deployment<Upstream> | undefined {
    for (const { deployments } of this.#parts.table().groups()) {
      const marked = deployments.find(
        ({ provider: own, shown }) =>
          own === provider &&
          shown['use_in_pass_through'] === true &&
          Object.entries(place).every(([name, value]) => shown[name] === value),
      );
      if (marked) return marked;
    }
    return undefined;
  }

  /** The same account for another model: its own prices hold for its own model alone. */
  #priced(deployment: Deployment<Upstream>, group: string, model: string): Deployment<Upstream> {
    if (deployment.model === model) return { ...deployment, group };
    const { provider } = deployment;
    return { ...deployment, group, model, prices: {}, price: this.#parts.prices.priceOf({ provider, model, custom: {}, stored: false }) };
  }

  #made(fields: Parameters<Models['unregistered']>[1], what: string): Deployment<Upstream> {
    try {
      return this.#parts.models.unregistered(this.#parts.config(), fields);
    } catch (error) {
      if (!(error instanceof UnresolvedDeployment)) throw error;
      throw new InvalidRequestError(`Requests cannot be passed on to ${what}: ${error.message}`);
    }
  }
}

/** Provider of what goes to an address of the owner's, in spend rows. */
const PASSED = 'pass_through';
