import type { Caller, Role } from '../core/caller.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { BudgetWindow, LimitPolicy, ModelBudget } from '../core/limit-policy.ts';
import type { Usd } from '../core/money.ts';
import { listHolds } from './model-list.ts';
import type { Person } from './person.ts';

/** A virtual key as it is stored: our words for the columns, the wire's shapes in the free parts. Times are milliseconds since 1970. */
export interface KeyFields {
  readonly hash: string;
  /** No secret, and the same when its text changes: `k_` and 16 hex digits. */
  readonly publicId: string;
  /** Hash of the key that this text stands for since a regeneration with grace; null on every other key. */
  readonly successor: string | null;
  /** Hex. Null on an imported key until its first use. */
  readonly mac: string | null;
  readonly keyName: string | null;
  /** Its text was chosen by hand, and can be guessed. */
  readonly short: boolean;
  readonly alias: string | null;
  readonly keyType: string;
  readonly blocked: boolean | null;
  readonly expires: number | null;
  readonly models: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly allowedRoutes: readonly string[];
  readonly userId: string | null;
  readonly teamId: string | null;
  readonly organizationId: string | null;
  readonly maxBudget: Usd | null;
  readonly softBudget: Usd | null;
  readonly budgetDuration: string | null;
  readonly budgetResetAt: number | null;
  readonly budgetLimits: readonly BudgetWindow[] | null;
  readonly modelMaxBudget: JsonObject;
  readonly modelBudgets: Readonly<Record<string, ModelBudget>>;
  readonly tempBudgetIncrease: Usd | null;
  readonly tempBudgetExpiry: number | null;
  readonly rpmLimit: number | null;
  readonly tpmLimit: number | null;
  readonly maxParallelRequests: number | null;
  readonly metadata: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | null;
  readonly updatedBy: string | null;
  /** Everything else of control-plane 4.2 that is stored and echoed, under its wire names. */
  readonly rest: JsonObject;
}

const NO_LIMITS: Readonly<Record<string, number>> = {};

/** A virtual key in memory. Replaced as a whole when it changes; a call that runs keeps the one it began with. */
export class VirtualKey implements Caller {
  readonly fields: KeyFields;
  /** The MAC was checked against this very text: a digest stands for one text only. */
  proven = false;
  #policy: LimitPolicy | null = null;
  #owner: Person | null = null;

  constructor(fields: KeyFields) {
    this.fields = fields;
  }

  /** What its person may do; a key of nobody that we know has no role. */
  get role(): Role {
    return this.#owner?.role ?? 'key';
  }

  /** The person of `userId`, when that one has a row. */
  get owner(): Person | null {
    return this.#owner;
  }

  set owner(owner: Person | null) {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.#policy = null;
  }

  get keyHash(): string {
    return this.fields.hash;
  }

  get keyAlias(): string | null {
    return this.fields.alias;
  }

  get userId(): string | null {
    return this.fields.userId;
  }

  get teamId(): string | null {
    return this.fields.teamId;
  }

  get organizationId(): string | null {
    return this.fields.organizationId;
  }

  get aliases(): Readonly<Record<string, string>> {
    return this.fields.aliases;
  }

  get metadata(): JsonObject {
    return this.fields.metadata;
  }

  get allowedRoutes(): readonly string[] | null {
    return this.fields.allowedRoutes.length === 0 ? null : this.fields.allowedRoutes;
  }

  /** Made at the first call: an idle key holds none. */
  get policy(): LimitPolicy {
    this.#policy ??= policyOf(this.fields, this.#person?.policy ?? null);
    return this.#policy;
  }

  mayUseModel(group: string, accessGroups: readonly string[]): boolean {
    const { models } = this.fields;
    // A person's own keys reach no further than the person (control-plane 5.1).
    return listHolds(models, group, accessGroups) && (this.#person?.mayUseModel(group, accessGroups) ?? true);
  }

  /** The person whose limits hold for this key as well: a key of a team goes by the team's. */
  get #person(): Person | null {
    return this.fields.teamId === null ? this.#owner : null;
  }
}

function policyOf(fields: KeyFields, owner: LimitPolicy | null): LimitPolicy {
  return {
    subject: 'api_key',
    id: fields.hash,
    owner,
    label: fields.alias === null ? (fields.keyName ?? fields.hash) : `${fields.alias} (${fields.keyName ?? fields.hash})`,
    maxBudget: fields.maxBudget,
    budgetDuration: fields.budgetDuration,
    budgetResetAt: fields.budgetResetAt,
    temporaryIncrease:
      fields.tempBudgetIncrease === null || fields.tempBudgetExpiry === null
        ? null
        : { amount: fields.tempBudgetIncrease, until: fields.tempBudgetExpiry },
    windows: fields.budgetLimits ?? [],
    modelBudgets: fields.modelBudgets,
    rpm: fields.rpmLimit,
    tpm: fields.tpmLimit,
    maxParallel: fields.maxParallelRequests,
    modelRpm: numbersOf(fields.metadata['model_rpm_limit']),
    modelTpm: numbersOf(fields.metadata['model_tpm_limit']),
  };
}

function numbersOf(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null) return NO_LIMITS;
  const entries = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return entries.length === 0 ? NO_LIMITS : Object.fromEntries(entries);
}
