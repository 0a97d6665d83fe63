import type { CallRow } from '../../api/calls.ts';
import { hasText, t } from '../../i18n/texts.ts';

/** How a call failed, as its row tells it. */
export interface Failure {
  readonly code: string;
  readonly kind: string;
  readonly message: string;
}

type Facts = Readonly<Record<string, unknown>>;

const isFacts = (value: unknown): value is Facts => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Null for a call that did not fail. */
export function failureOf({ status, metadata }: Pick<CallRow, 'status' | 'metadata'>): Failure | null {
  if (status !== 'failure') return null;
  const told = isFacts(metadata['error_information']) ? metadata['error_information'] : {};
  return { code: textOf(told['error_code']), kind: textOf(told['error_class']), message: textOf(told['error_message']) };
}

/** HTTP status of the last attempt that failed; null when none left. */
function statusIn({ metadata }: Pick<CallRow, 'metadata'>): number | null {
  const attempts = Array.isArray(metadata['attempts']) ? (metadata['attempts'] as Facts[]) : [];
  const status = attempts.at(-1)?.['status'];
  return typeof status === 'number' && status >= 400 ? status : null;
}

/** Statuses that our own refusals are answered with. */
const STATUS_OF: Readonly<Record<string, number>> = {
  RateLimitExceededError: 429,
  NoDeploymentError: 429,
  BudgetExceededError: 422,
  TimeoutError: 408,
  Timeout: 408,
};

/** `429`; null when there is none to tell. */
export function statusOf(row: Pick<CallRow, 'status' | 'metadata'>): number | null {
  const failure = failureOf(row);
  if (!failure) return null;
  const coded = /^[45]\d\d$/.test(failure.code) ? Number(failure.code) : null;
  return STATUS_OF[failure.kind] ?? statusIn(row) ?? coded;
}

/** The name of a kind of failure in the reader's words: `Rate limit`. */
export function kindName(kind: string): string {
  const key = `logs.failures.${kind}`;
  return hasText(key) ? t(key) : kind || t('logs.failures.unknown');
}

/** `429 Rate limit` */
export function failureName(row: Pick<CallRow, 'status' | 'metadata'>): string {
  const failure = failureOf(row);
  return [statusOf(row), kindName(failure?.kind ?? '')].filter(Boolean).join(' ');
}
