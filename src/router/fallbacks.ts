import { isObject, type JsonObject } from '../core/json-object.ts';
import { ProviderError } from '../core/provider-error.ts';
import { ModelBlockedError, NoDeploymentError, TimeoutError, UnsupportedParamsError } from '../core/errors.ts';

/** A model to try when a group failed, with body members that replace the request's (data-plane 8.2, 14.7). */
export interface FallbackTarget {
  readonly model: string;
  readonly overrides: JsonObject;
}

export interface FallbackSettings {
  /** `fallbacks`: group → targets; `*` for every group. */
  readonly general: ReadonlyMap<string, readonly FallbackTarget[]>;
  /** Null when the option is not in the file at all: then the general list serves. */
  readonly contextWindow: ReadonlyMap<string, readonly FallbackTarget[]> | null;
  readonly contentPolicy: ReadonlyMap<string, readonly FallbackTarget[]> | null;
  readonly byDefault: readonly FallbackTarget[];
  readonly maxFallbacks: number;
}

/** Reads one target: a name, or an object with `model` and members to replace. */
export function targetOf(value: unknown): FallbackTarget | null {
  if (typeof value === 'string' && value !== '') return { model: value, overrides: {} };
  if (!isObject(value)) return null;
  const { model, ...overrides } = value;
  return typeof model === 'string' ? { model, overrides } : null;
}

/** Targets for a group that failed with this error, best match first; `[]` when the error itself is the answer. */
export function fallbacksFor(group: string, error: unknown, settings: FallbackSettings): readonly FallbackTarget[] {
  if (!mayFallBack(error)) return [];
  const special = specialListOf(error, settings);
  if (special) return lookUp(group, special) ?? [];
  return lookUp(group, settings.general) ?? settings.byDefault;
}

/** Our own errors after which another group may serve. */
const NEVER_ASKED = [ModelBlockedError, NoDeploymentError, TimeoutError, UnsupportedParamsError];

/** Statuses that say something of one provider: a key, an account without credit, a model that is not there, a moment. */
const ELSEWHERE: ReadonlySet<number> = new Set([401, 402, 403, 404, 408, 409, 429]);

/** A wrong request is wrong everywhere; everything else may go better elsewhere (data-plane 14.7). */
export function mayFallBack(error: unknown): boolean {
  if (NEVER_ASKED.some((kind) => error instanceof kind)) return true;
  if (!(error instanceof ProviderError)) return false;
  const { class: kind, status } = error.failure;
  if (kind === 'ContextWindowExceededError' || kind === 'ContentPolicyViolationError') return true;
  return ELSEWHERE.has(status) || status >= 500;
}

function specialListOf(error: unknown, settings: FallbackSettings): ReadonlyMap<string, readonly FallbackTarget[]> | null {
  if (!(error instanceof ProviderError)) return null;
  if (error.failure.class === 'ContextWindowExceededError') return settings.contextWindow;
  return error.failure.class === 'ContentPolicyViolationError' ? settings.contentPolicy : null;
}

/** By group name, name without provider prefix, pattern, then `*`. */
function lookUp(group: string, map: ReadonlyMap<string, readonly FallbackTarget[]>): readonly FallbackTarget[] | undefined {
  const exact = map.get(group) ?? map.get(group.slice(group.indexOf('/') + 1));
  if (exact) return exact;
  for (const [pattern, targets] of map) {
    if (pattern !== '*' && pattern.endsWith('*') && group.startsWith(pattern.slice(0, -1))) return targets;
  }
  return map.get('*');
}
