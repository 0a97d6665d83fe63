import type { Abilities, ParamPolicy } from '../../core/dialect.ts';
import { UnsupportedParamsError } from '../../core/errors.ts';

/** For whom a body is made ready. */
export interface QuirkContext {
  /** The provider's name of the model, for messages. */
  readonly model: string;
  /** Catalogue id, for messages. */
  readonly provider: string;
  readonly params: ParamPolicy;
  readonly abilities?: Abilities;
  /** `additional_drop_params` of the request; the deployment's own are in the plan. */
  readonly dropPaths?: readonly string[];
}

/** @throws {UnsupportedParamsError} when there are some and the policy does not drop */
export function refuseUnlessDropped(params: readonly string[], context: QuirkContext): void {
  if (params.length > 0 && !context.params.drop) throw new UnsupportedParamsError(context.provider, context.model, params);
}
