import type { Config } from '../config/config.ts';
import type { ModelGroup } from '../core/deployment.ts';
import type { Call } from '../exchange/call.ts';
import type { Upstream } from '../exchange/upstream.ts';
import { UnresolvedDeployment } from '../providers/resolve.ts';
import { groupOf } from '../router/model-table.ts';
import type { Models } from './models.ts';

export interface UnlistedModelsParts {
  readonly models: Pick<Models, 'unregistered'>;
  readonly live: { readonly config: Config };
}

/** Models that judge, as OpenAI names them. */
const JUDGES = /^(?:omni|text)-moderation-[\w.-]{1,60}$/;

/**
 * Models that no row names and that can be called all the same: OpenAI's moderations, with the key of the environment
 * (data-plane 9.7).
 */
export class UnlistedModels {
  readonly #parts: UnlistedModelsParts;
  /** Made for this configuration; another has others. */
  #known = new Map<string, ModelGroup<Upstream> | null>();
  #config: Config | null = null;

  constructor(parts: UnlistedModelsParts) {
    this.#parts = parts;
  }

  groupFor({ operation, groupName }: Pick<Call, 'operation' | 'groupName'>): ModelGroup<Upstream> | null {
    if (operation !== 'moderations' || !JUDGES.test(groupName)) return null;
    const { config } = this.#parts.live;
    if (config !== this.#config || this.#known.size >= MOST_KNOWN) this.#known = new Map();
    this.#config = config;
    const known = this.#known.get(groupName);
    if (known !== undefined) return known;
    const group = this.#made(groupName, config);
    this.#known.set(groupName, group);
    return group;
  }

  /** Null: there is no key. */
  #made(name: string, config: Config): ModelGroup<Upstream> | null {
    try {
      const deployment = this.#parts.models.unregistered(config, { modelName: name, params: { model: `openai/${name}` }, info: {} });
      const proves = Object.keys(deployment.upstream.resolved.credentials).length > 0;
      return proves ? groupOf(name, [deployment], []) : null;
    } catch (error) {
      if (error instanceof UnresolvedDeployment) return null;
      throw error;
    }
  }
}

/** Clients can ask for any number of names. */
const MOST_KNOWN = 100;
