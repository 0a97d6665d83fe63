import type { DialectName, Target } from './dialect.ts';
import type { JsonObject } from './json-object.ts';
import type { Price } from './price.ts';

/** One way to a model: a row of `model_list`, made ready to be called. Never changes; a reload makes new ones. */
export interface Deployment<Upstream = unknown> {
  /** `model_info.id`, else a digest of the row: stable over restarts. */
  readonly id: string;
  /** Public name; for a wildcard row the concrete name that was asked for. */
  readonly group: string;
  readonly provider: string;
  readonly dialect: DialectName;
  /** The provider's name of the model, without prefix. */
  readonly model: string;
  /** Address, credentials and request rules; only `providers` and `exchange` look inside. */
  readonly upstream: Upstream;
  readonly target: Target;
  readonly price: Price;
  readonly weight: number | null;
  /** Lower comes first; a higher level is tried when the lower one failed. */
  readonly order: number;
  readonly rpm: number | null;
  readonly tpm: number | null;
  readonly timeoutMs: number | null;
  readonly streamTimeoutMs: number | null;
  readonly retries: number | null;
  readonly cooldownMs: number | null;
  /** Silence after which a waiting stream gets a sign of life, milliseconds; 0: never (data-plane 10.1). */
  readonly keepAliveMs: number;
  /** Answer given instead of calling anybody (`mock_response`); undefined: none. */
  readonly mock: unknown;
  /** Body members that hold when the client does not set them (data-plane 8.3). */
  readonly defaults: JsonObject;
  /** The row's own price keys, as decimal text. */
  readonly prices: JsonObject;
  /** `model_info` of the row, and its id. */
  readonly info: JsonObject;
  /** `litellm_params` without secrets, as the file has them. */
  readonly shown: JsonObject;
}

/** A public model name and the deployments behind it. */
export interface ModelGroup<Upstream = unknown> {
  readonly name: string;
  readonly deployments: readonly Deployment<Upstream>[];
  /** Those that are called, by `order`, lowest first; empty when all are blocked. */
  readonly levels: readonly (readonly Deployment<Upstream>[])[];
  readonly accessGroups: readonly string[];
}
