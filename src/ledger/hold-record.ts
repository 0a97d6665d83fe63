import type { Charge } from '../core/limit-policy.ts';

/** What is known of a call when it starts: enough to write its row, whatever happens next. */
export interface CallFacts {
  readonly requestId: string;
  /** The client's own id; null when it sent none. */
  readonly callId: string | null;
  readonly callType: string;
  readonly keyHash: string;
  readonly keyAlias: string | null;
  readonly userId: string | null;
  readonly teamId: string | null;
  readonly organizationId: string | null;
  readonly endUser: string | null;
  readonly sessionId: string | null;
  readonly tags: readonly string[];
  readonly address: string | null;
  readonly notes: Readonly<Record<string, unknown>> | null;
  readonly route: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Public model name asked for. */
  readonly modelGroup: string;
}

/** Whom a call went to. */
export interface ServedBy {
  readonly model: string;
  readonly deploymentId: string;
  readonly group: string;
  readonly provider: string;
  /** URL without secrets. */
  readonly apiBase: string;
}

/**
 * A call under way, as the journal keeps it: after a crash it is settled from this (ruling M3).
 */
export interface HoldRecord {
  readonly kind: 'hold';
  readonly facts: CallFacts;
  readonly servedBy: ServedBy;
  readonly charges: readonly Charge[];
  /** Estimated prompt tokens. */
  readonly promptTokens: number;
  /** Output to bill without any progress: the client's `max_tokens` on an unstreamed call, else 0. */
  readonly outputTokens: number;
  /** US dollars of the estimated prompt, decimal text. */
  readonly promptCost: string;
  /** US dollars for a million output tokens, decimal text. */
  readonly millionOutputCost: string;
}

/** Output seen so far by a stream; at most one a second (ruling M3). */
export interface ProgressRecord {
  readonly kind: 'progress';
  readonly id: string;
  readonly outputTokens: number;
}

/** The call is over and the provider told no usage: a worker counts, its count settles (ruling M13). */
export interface EndedRecord {
  readonly kind: 'ended';
  readonly id: string;
  readonly outputTokens: number;
  readonly status: 'success' | 'failure';
  readonly clientLeft: boolean;
}
