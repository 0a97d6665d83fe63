import type { Caller, PersonRole } from '../core/caller.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { LimitPolicy, ModelBudget } from '../core/limit-policy.ts';
import type { Usd } from '../core/money.ts';
import { hashOf } from './key-hash.ts';
import { listHolds } from './model-list.ts';

/** A person as stored (control-plane 5). Times are milliseconds since 1970. */
export interface PersonFields {
  readonly id: string;
  readonly email: string | null;
  readonly alias: string | null;
  readonly role: PersonRole;
  /** As stored, see `password.ts`; null: cannot log in by password. */
  readonly password: string | null;
  readonly ssoUserId: string | null;
  /** Models that the person's own keys may use; empty: all. */
  readonly models: readonly string[];
  readonly maxBudget: Usd | null;
  readonly budgetDuration: string | null;
  readonly budgetResetAt: number | null;
  readonly modelMaxBudget: JsonObject;
  readonly modelBudgets: Readonly<Record<string, ModelBudget>>;
  readonly rpmLimit: number | null;
  readonly tpmLimit: number | null;
  readonly maxParallelRequests: number | null;
  readonly metadata: JsonObject;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | null;
  readonly updatedBy: string | null;
}

const NO_MODEL_LIMITS: Readonly<Record<string, number>> = {};

/**
 * A person in memory, and the caller that the person is in the panel. Replaced as a whole when it changes.
 *
 * What it calls there is booked under a name of its own, `keyHash`: no key has it.
 */
export class Person implements Caller {
  readonly keyAlias = null;
  readonly teamId = null;
  readonly organizationId = null;
  readonly aliases = {};
  readonly allowedRoutes = null;
  readonly fields: PersonFields;
  #keyHash: string | null = null;
  #policy: LimitPolicy | null = null;

  constructor(fields: PersonFields) {
    this.fields = fields;
  }

  get role(): PersonRole {
    return this.fields.role;
  }

  get userId(): string {
    return this.fields.id;
  }

  get keyHash(): string {
    this.#keyHash ??= panelKeyOf(this.fields.id);
    return this.#keyHash;
  }

  get metadata(): JsonObject {
    return this.fields.metadata;
  }

  get policy(): LimitPolicy {
    this.#policy ??= policyOf(this.fields);
    return this.#policy;
  }

  mayUseModel(group: string, accessGroups: readonly string[]): boolean {
    return listHolds(this.fields.models, group, accessGroups);
  }
}

/** What a person's calls in the panel stand under in `api_key` of spend rows. */
export function panelKeyOf(userId: string): string {
  return hashOf(`panel:${userId}`);
}

function policyOf(fields: PersonFields): LimitPolicy {
  return {
    subject: 'user',
    id: fields.id,
    label: fields.id,
    owner: null,
    maxBudget: fields.maxBudget,
    budgetDuration: fields.budgetDuration,
    budgetResetAt: fields.budgetResetAt,
    temporaryIncrease: null,
    windows: [],
    modelBudgets: fields.modelBudgets,
    rpm: fields.rpmLimit,
    tpm: fields.tpmLimit,
    maxParallel: fields.maxParallelRequests,
    modelRpm: NO_MODEL_LIMITS,
    modelTpm: NO_MODEL_LIMITS,
  };
}
