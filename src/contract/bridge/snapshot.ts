import { z } from 'zod';

/** An id of ours: opaque, never a key, its hash or a part of either. */
export const BridgeId = z.string().regex(/^[a-z0-9_-]{1,40}$/);
const Id = BridgeId;
const Moment = z.iso.datetime();
const Money = z.number().min(0).describe('US dollars, at most six decimals.');
/** What is left, saved or projected may be less than nothing. */
const Balance = z.number().describe('US dollars, at most six decimals; may be negative.');
const Count = z.int().min(0);
const Name = z.string().max(255);

export const GATEWAY_STATES = ['ok', 'degraded', 'no_database', 'starting'] as const;
export const BRIDGE_PROVIDER_STATES = ['ok', 'degraded', 'cooldown', 'down', 'disabled', 'unknown'] as const;
export const KEY_STATES = ['active', 'blocked', 'expired', 'budget_exceeded'] as const;
export const BUDGET_SCOPES = ['global', 'team', 'user', 'key', 'provider', 'model', 'tag'] as const;
export const BUDGET_PERIODS = ['day', 'week', 'month', 'total', 'custom'] as const;
export const BUDGET_STATES = ['ok', 'warning', 'exceeded'] as const;
export const MODEL_MODES = ['chat', 'embedding', 'image', 'tts', 'stt', 'rerank', 'moderation', 'responses', 'video'] as const;
export const MODEL_STATES = ['ok', 'degraded', 'down'] as const;

export const BridgeGateway = z.object({
  state: z.enum(GATEWAY_STATES),
  version: z.string(),
  database: z.string(),
  uptime_s: Count,
  update_available: z.string().nullable(),
  /** The first thing in the configuration file that does not act, with its place; it came after the first release of the contract. */
  config_problem: z.string().max(500).nullish(),
  day_start: Moment,
  week_start: Moment,
  month_start: Moment,
});

export const BridgeTotals = z.object({
  spend: Money,
  spend_day: Money,
  spend_week: Money,
  spend_month: Money,
  saved_by_cache_month: Balance,
  requests: Count,
  requests_day: Count,
  errors: Count,
  errors_day: Count,
  input_tokens: Count,
  output_tokens: Count,
  cached_tokens: Count,
  in_flight: Count,
  latency_p50_ms: z.number().nullable(),
  latency_p95_ms: z.number().nullable(),
  last_request_at: Moment.nullable(),
  projected_month: Balance.nullable(),
});

export const BridgeBudget = z.object({
  id: Id,
  name: Name,
  scope: z.enum(BUDGET_SCOPES),
  scope_id: z.string().nullable(),
  limit: Money.nullable(),
  spent: Money,
  remaining: Balance.nullable(),
  used_percent: z.number().nullable(),
  soft_limit: Money.nullable(),
  period: z.enum(BUDGET_PERIODS),
  resets_at: Moment.nullable(),
  state: z.enum(BUDGET_STATES),
});

export const BridgeProvider = z.object({
  id: Id,
  name: Name,
  kind: z.string(),
  state: z.enum(BRIDGE_PROVIDER_STATES),
  reason: z.string().nullable(),
  cooldown_until: Moment.nullable(),
  spend: Money,
  spend_day: Money,
  spend_month: Money,
  requests: Count,
  errors: Count,
  latency_p50_ms: z.number().nullable(),
});

export const BridgeKey = z.object({
  id: Id,
  name: Name,
  state: z.enum(KEY_STATES),
  owner: z.string().nullable().optional().describe('`ha:<user id>` of a Home Assistant user; nobody else is named.'),
  spend: Money,
  spend_day: Money,
  spend_month: Money,
  limit: Money.nullable(),
  remaining: Balance.nullable(),
  resets_at: Moment.nullable(),
  requests: Count,
  tokens: Count,
  last_used_at: Moment.nullable(),
  expires_at: Moment.nullable(),
  managed: z.boolean().optional().describe('It is the key that Home Assistant itself calls with.'),
});

export const BridgeModel = z.object({
  id: Id,
  name: Name,
  mode: z.enum(MODEL_MODES),
  providers: z.array(Id),
  state: z.enum(MODEL_STATES),
  spend_month: Money,
  supports: z.array(z.string()),
  context: Count.nullable(),
});

/** What a person of Home Assistant spent, in whatever way they called. */
export const BridgePerson = z.object({
  id: Id,
  name: Name,
  spend: Money,
  spend_day: Money,
  spend_month: Money,
  requests: Count,
});

/** What is sent at most of each list, the dearest of the month first (home-assistant 16.3). */
export const MOST = { keys: 200, providers: 50, models: 300, budgets: 100, people: 100 } as const;

/** Not too long, and no id twice. */
function listOf<Row extends z.ZodType<{ readonly id: string }>>(row: Row, most: number) {
  return z
    .array(row)
    .max(most)
    .refine((rows) => new Set(rows.map(({ id }) => id)).size === rows.length, 'An id stands here twice');
}

const blocks = {
  gateway: BridgeGateway,
  totals: BridgeTotals,
  budgets: listOf(BridgeBudget, MOST.budgets),
  providers: listOf(BridgeProvider, MOST.providers),
  keys: listOf(BridgeKey, MOST.keys),
  models: listOf(BridgeModel, MOST.models),
};

/** Everything at once (home-assistant 16.3). */
export const BridgeSnapshot = z.object({
  at: Moment,
  ...blocks,
  people: listOf(BridgePerson, MOST.people).optional(),
  truncated: z.boolean().optional().describe('A list was longer than what is sent; the dearest are in it.'),
});
export type BridgeSnapshot = z.infer<typeof BridgeSnapshot>;

/** The blocks that are not as they were. A list is always whole. */
export const BridgeDelta = BridgeSnapshot.partial().required({ at: true });
export type BridgeDelta = z.infer<typeof BridgeDelta>;

export type BridgeBudget = z.infer<typeof BridgeBudget>;
export type BridgeKey = z.infer<typeof BridgeKey>;
export type BridgeProvider = z.infer<typeof BridgeProvider>;
export type BridgeModel = z.infer<typeof BridgeModel>;
export type BridgePerson = z.infer<typeof BridgePerson>;
