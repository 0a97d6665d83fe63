import type { Key } from '../../api/keys.ts';
import { personName } from '../../api/people.ts';
import type { StateKind } from '../../components/gw-state.ts';
import { t, type TextKey } from '../../i18n/texts.ts';

/** `sk-…f3Kd` */
export const shortKey = ({ key_name: name }: Pick<Key, 'key_name'>): string => (name ?? 'sk-…').replace('...', '…');

/** What people call it. */
export const keyName = (key: Pick<Key, 'key_alias' | 'key_name'>): string => key.key_alias || shortKey(key);

/** Whose it is; empty for nobody's. */
export function ownerName({ user, user_id: id }: Pick<Key, 'user' | 'user_id'>): string {
  return user ? personName(user) : (id ?? '');
}

/** Home Assistant's own key: the integration would stand there without it. */
export const isManaged = ({ metadata }: Pick<Key, 'metadata'>): boolean => metadata['managed_by'] === 'bridge';

/** One of the budgets of a key. */
export interface BudgetView {
  readonly spend: number;
  /** What holds now, with what it is raised by. */
  readonly limit: number;
  readonly duration: string | null;
  readonly resetsAt: string | null;
}

/** What the main budget is raised by at the moment. */
export function raisedBy({ temp_budget_increase: by, temp_budget_expiry: until }: Key, now = Date.now()): number {
  return by !== null && until !== null && Date.parse(until) > now ? by : 0;
}

export function budgetsOf(key: Key, now = Date.now()): BudgetView[] {
  const { max_budget: most, spend, budget_duration: duration, budget_reset_at: resetsAt } = key;
  const own = most === null ? [] : [{ spend, limit: most + raisedBy(key, now), duration, resetsAt }];
  const windows = (key.budget_limits ?? []).map((window) => ({
    spend: window.spend ?? 0,
    limit: window.max_budget,
    duration: window.budget_duration,
    resetsAt: window.reset_at,
  }));
  return [...own, ...windows];
}

/** Used of a budget; one of nothing is used up. */
export const shareOf = ({ spend, limit }: Pick<BudgetView, 'spend' | 'limit'>): number => (limit > 0 ? spend / limit : 1);

/** The budget that is closest to its end; null without one. */
export function tightestBudget(key: Key, now = Date.now()): BudgetView | null {
  return budgetsOf(key, now).reduce<BudgetView | null>((most, one) => (most && shareOf(most) >= shareOf(one) ? most : one), null);
}

export const isExpired = ({ expires }: Pick<Key, 'expires'>, now = Date.now()): boolean => expires !== null && Date.parse(expires) <= now;

/** Refused whatever it asks. */
export const isOff = (key: Key, now = Date.now()): boolean => key.blocked === true || isExpired(key, now);

export interface KeyState {
  readonly kind: StateKind;
  readonly label: string;
}

/** Its state in a word: what stops it first, then what is about to. */
export function keyState(key: Key, now = Date.now()): KeyState {
  const state = (kind: StateKind, text: TextKey): KeyState => ({ kind, label: t(text) });
  if (key.blocked === true) return state('blocked', 'keys.state.blocked');
  if (isExpired(key, now)) return state('off', 'keys.state.expired');
  const budget = tightestBudget(key, now);
  const share = budget ? shareOf(budget) : 0;
  if (share >= 1) return state('bad', 'keys.state.over_budget');
  return share >= 0.8 ? state('warn', 'keys.state.near_limit') : state('good', 'keys.state.active');
}

/** What it may call, by its type or its own list of routes. */
export function mayCall({ key_type: type, allowed_routes: routes }: Key): string {
  if (type === 'llm_api' || type === 'management' || type === 'read_only') return t(`keys.type.${type}`);
  return routes.length === 0 ? t('keys.type.default') : routes.join(', ');
}
