import { z } from 'zod';
import { Text } from '../body.ts';
import { GatewayId } from './commands.ts';
import { BridgeId } from './snapshot.ts';

/** Whose budget: one of the snapshot's budgets, or a key. */
export const BudgetTarget = z
  .object({ budget_id: BridgeId.optional(), key_id: BridgeId.optional() })
  .refine(({ budget_id: budget, key_id: key }) => (budget === undefined) !== (key === undefined), 'Name either budget_id or key_id');
export type BudgetTarget = z.infer<typeof BudgetTarget>;

export const USAGE_GROUPS = ['none', 'key', 'model', 'provider', 'user', 'tag'] as const;

export const GetUsage = z
  .object({
    period: z.enum(['day', 'week', 'month', 'custom']),
    start: z.iso.datetime({ offset: true }).nullable().optional().describe('With `custom`: from when.'),
    end: z.iso.datetime({ offset: true }).nullable().optional().describe('With `custom`: until when; now, when absent.'),
    group_by: z.enum(USAGE_GROUPS),
    key_id: BridgeId.nullable().optional(),
  })
  .refine(({ period, start }) => period !== 'custom' || Boolean(start), { message: 'A custom period needs its start', path: ['start'] });
export type GetUsage = z.infer<typeof GetUsage>;

export const SetBudget = BudgetTarget.safeExtend({
  limit: z.number().min(0).nullable().describe('US dollars; null: no limit.'),
  period: z.enum(['day', 'week', 'month', 'total']).nullable().optional().describe('As it was, when absent.'),
});
export type SetBudget = z.infer<typeof SetBudget>;

export const KeyTarget = z.object({ key_id: BridgeId });
export const ProviderTarget = z.object({ provider_id: BridgeId });
export const ModelSwitch = z.object({ model_id: BridgeId, enabled: z.boolean() });

const Nothing = z.object({});

/** What each action is asked with. */
export const ACTION_DATA = {
  get_usage: GetUsage,
  set_budget: SetBudget,
  reset_budget: BudgetTarget,
  block_key: KeyTarget,
  unblock_key: KeyTarget,
  refresh_models: Nothing,
  test_provider: ProviderTarget,
  set_model_enabled: ModelSwitch,
} as const;
export type BridgeAction = keyof typeof ACTION_DATA;

/** An action with its data. */
export type AskedAction = {
  [Action in BridgeAction]: { readonly action: Action; readonly data: z.infer<(typeof ACTION_DATA)[Action]> };
}[BridgeAction];

const User = z.object({ id: Text, name: Text.nullable().optional() }).nullable();

function request<Action extends BridgeAction>(action: Action) {
  return z.object({ request_id: Text, action: z.literal(action), data: ACTION_DATA[action], user: User });
}

/** What Core asks the app to do (home-assistant 16.6). */
export const ActionRequest = z.discriminatedUnion('action', [
  request('get_usage'),
  request('set_budget'),
  request('reset_budget'),
  request('block_key'),
  request('unblock_key'),
  request('refresh_models'),
  request('test_provider'),
  request('set_model_enabled'),
]);
export type ActionRequest = z.infer<typeof ActionRequest>;

export const ACTION_ERRORS = ['not_found', 'invalid', 'forbidden', 'conflict', 'failed'] as const;

const Refusal = z.object({ code: z.enum(ACTION_ERRORS), message: Text });
const Result = z.record(z.string(), z.unknown());

/** How an action ended. */
export const ActionAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: Result }),
  z.object({ ok: z.literal(false), error: Refusal }),
]);
export type ActionAnswer = z.infer<typeof ActionAnswer>;

export const ActionReply = z.intersection(z.object({ gateway_id: GatewayId, request_id: Text }), ActionAnswer);

const usage = {
  spend: z.number(),
  requests: z.int(),
  errors: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
};
export const UsageAnswer = z.object({
  rows: z.array(z.object({ group: z.string().nullable(), name: z.string().nullable(), ...usage })),
  total: z.object(usage),
});
export type UsageAnswer = z.infer<typeof UsageAnswer>;
