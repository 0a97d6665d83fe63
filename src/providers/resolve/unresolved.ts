interface UnresolvedFacts {
  /** The member of `litellm_params` that is wrong or missing. */
  readonly param?: string | null;
  readonly cause?: unknown;
}

/** A row of `model_list` that cannot be called. The message is one plain sentence for the row's owner; it holds no secret. */
export class UnresolvedDeployment extends Error {
  override readonly name = 'UnresolvedDeployment';
  readonly param: string | null;

  constructor(message: string, { param, cause }: UnresolvedFacts = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.param = param ?? null;
  }
}
