/** Whose rows may be looked at, or are asked for. Both null: everybody's. */
export interface SpendScope {
  /** Hash of a key. */
  readonly apiKey: string | null;
  readonly userId: string | null;
}

/** What rows are narrowed by. Null: not narrowed. */
export interface SpendLogFilter {
  readonly scope: SpendScope;
  /** Milliseconds since 1970; `until` is excluded. */
  readonly from: number | null;
  readonly until: number | null;
  /** Hashes of keys: rows of any of them. */
  readonly apiKeys: readonly string[] | null;
  readonly userId: string | null;
  readonly teamId: string | null;
  readonly endUser: string | null;
  readonly requestId: string | null;
  readonly sessionId: string | null;
  readonly model: string | null;
  readonly modelId: string | null;
  readonly modelGroup: string | null;
  readonly provider: string | null;
  readonly callType: string | null;
  readonly status: 'success' | 'failure' | null;
  /** US dollars, decimal text. */
  readonly minSpend: string | null;
  readonly maxSpend: string | null;
  /** Code of the failure, or its HTTP status. */
  readonly errorCode: string | null;
  /** Part of the text, whatever its case. */
  readonly errorMessage: string | null;
  /** Part of a name or of a failure's text, or an id; `apiKeys` are the keys whose name it is a part of. */
  readonly search: { readonly text: string; readonly apiKeys: readonly string[] } | null;
  /** Rows that have all of these. */
  readonly tags: readonly string[];
}

export const EVERYTHING: SpendLogFilter = {
  scope: { apiKey: null, userId: null },
  from: null,
  until: null,
  apiKeys: null,
  userId: null,
  teamId: null,
  endUser: null,
  requestId: null,
  sessionId: null,
  model: null,
  modelId: null,
  modelGroup: null,
  provider: null,
  callType: null,
  status: null,
  minSpend: null,
  maxSpend: null,
  errorCode: null,
  errorMessage: null,
  search: null,
  tags: [],
};

/** Whether time and scope alone narrow it: then the daily sums know how many rows there are. */
export function isPlain({ scope: _scope, from: _from, until: _until, tags, ...rest }: SpendLogFilter): boolean {
  return tags.length === 0 && Object.values(rest).every((value) => value === null);
}

/** Conditions of a WHERE clause and the parameters they name. */
export class Conditions {
  readonly #texts: string[] = [];
  readonly values: unknown[];

  /** @param values parameters that the statement has already; new ones are added to them */
  constructor(values: unknown[] = []) {
    this.values = values;
  }

  /** @param text makes the condition of the parameter's name, such as `$3` */
  add(value: unknown, text: (parameter: string) => string): this {
    this.#texts.push(text(this.parameter(value)));
    return this;
  }

  /** Adds nothing for null. */
  addKnown(value: unknown, text: (parameter: string) => string): this {
    return value === null ? this : this.add(value, text);
  }

  fixed(text: string): this {
    this.#texts.push(text);
    return this;
  }

  /** The name of a parameter with this value. */
  parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `where ${this.#texts.join(' and ')}`;
  }

  /** The same behind conditions that stand there already. */
  get more(): string {
    return this.#texts.map((text) => ` and ${text}`).join('');
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Rows of `spend_logs` that the filter keeps. */
export function conditionsOf(filter: SpendLogFilter): Conditions {
  const conditions = new Conditions();
  inScope(conditions, filter.scope);
  conditions
    .addKnown(filter.from, (at) => `start_time >= to_timestamp(${at}::float8 / 1000)`)
    .addKnown(filter.until, (at) => `start_time < to_timestamp(${at}::float8 / 1000)`)
    .addKnown(filter.apiKeys, (keys) => `api_key = any(${keys}::text[])`)
    .addKnown(filter.userId, (id) => `user_id = ${id}`)
    .addKnown(filter.teamId, (id) => `team_id = ${id}`)
    .addKnown(filter.endUser, (id) => `end_user = ${id}`)
    .addKnown(filter.sessionId, (id) => `session_id = ${id}`)
    .addKnown(filter.model, (model) => `model = ${model}`)
    .addKnown(filter.modelId, (id) => `model_id = ${id}`)
    .addKnown(filter.modelGroup, (group) => `model_group = ${group}`)
    .addKnown(filter.provider, (provider) => `custom_llm_provider = ${provider}`)
    .addKnown(filter.callType, (type) => `call_type = ${type}`)
    .addKnown(filter.minSpend, (spend) => `spend >= ${spend}::numeric`)
    .addKnown(filter.maxSpend, (spend) => `spend <= ${spend}::numeric`);
  if (filter.tags.length > 0) conditions.add(filter.tags, (tags) => `request_tags @> ${tags}::text[]`);
  if (filter.requestId !== null) byRequest(conditions, filter.requestId);
  ofOutcome(conditions, filter);
  if (filter.search !== null) bySearch(conditions, filter.search);
  return conditions;
}

/** By our id or the client's (ruling M7). */
function byRequest(conditions: Conditions, id: string): void {
  const theirs = `call_id = ${conditions.parameter(id)}`;
  if (UUID.test(id)) conditions.add(id, (ours) => `(request_id = ${ours}::uuid or ${theirs})`);
  else conditions.fixed(theirs);
}

/** Texts of failures are looked at in rows that failed alone: only those have them. */
function bySearch(conditions: Conditions, { text, apiKeys }: NonNullable<SpendLogFilter['search']>): void {
  const theirs = conditions.parameter(text);
  const ours = UUID.test(text) ? `or request_id = ${conditions.parameter(text)}::uuid` : '';
  const part = conditions.parameter(`%${escaped(text)}%`);
  const keys = conditions.parameter(apiKeys);
  conditions.fixed(`(call_id = ${theirs} ${ours}
    or api_key = any(${keys}::text[]) or model_group ilike ${part} or model ilike ${part}
    or (status = 'failure' and metadata -> 'error_information' ->> 'error_message' ilike ${part}))`);
}

const escaped = (part: string): string => part.replaceAll(/[\\%_]/g, '\\$&');

/** The status as a word of the statement and no parameter: the index of failures is found by it. */
function ofOutcome(conditions: Conditions, { status, errorCode, errorMessage }: SpendLogFilter): void {
  if (status !== null) conditions.fixed(status === 'failure' ? "status = 'failure'" : "status = 'success'");
  else if (errorCode !== null || errorMessage !== null) conditions.fixed("status = 'failure'");
  conditions.addKnown(
    errorCode,
    (code) => `${code} in (${['code', 'status'].map((fact) => `metadata -> 'error_information' ->> 'error_${fact}'`).join(', ')})`,
  );
  conditions.addKnown(
    errorMessage === null ? null : `%${escaped(errorMessage)}%`,
    (part) => `metadata -> 'error_information' ->> 'error_message' ilike ${part}`,
  );
}

/** Rows or sums that the scope holds. */
export function inScope(conditions: Conditions, { apiKey, userId }: SpendScope): Conditions {
  return conditions.addKnown(apiKey, (key) => `api_key = ${key}`).addKnown(userId, (id) => `user_id = ${id}`);
}
