import type { Job, NextQuestion } from '../core/job.ts';
import { MalformedAnswerError } from '../core/provider-error.ts';
import { urlOf } from '../providers/resolve.ts';
import type { EgressPolicy } from '../providers/egress.ts';
import type { Transport, TlsCheck, UpstreamRequest } from '../providers/transport/transport.ts';
import type { Prepared } from './codec.ts';
import { questionHeaders } from './endpoints.ts';
import type { Upstream } from './upstream.ts';

/** One request of an attempt. */
export interface Question {
  /** Absent: POST. */
  readonly method?: UpstreamRequest['method'];
  readonly origin: string;
  readonly tls: TlsCheck;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Prepared['body'] | null;
  /** It goes where an answer said, to somebody else than the provider: without anything that proves who asks. */
  readonly stranger?: boolean;
}

/** The ways out: to providers, and to addresses that somebody else named. */
export interface Ways {
  readonly transport: Transport;
  readonly publicTransport: Transport;
  readonly egress: EgressPolicy;
}

/** How a question of a job is asked; absent: by GET for JSON, or by POST where something is sent. */
export interface QuestionForm {
  readonly method?: UpstreamRequest['method'];
  readonly accept?: string | undefined;
  readonly send?: NextQuestion['send'] | undefined;
}

/**
 * A question of a job. The key goes to the provider's own addresses alone; another one must be public, and gets nothing of ours.
 *
 * @param at a path below the base, or an address that a reply named
 * @throws {MalformedAnswerError} for an address that must not be asked
 */
export function questionAt(
  at: string,
  { method, accept = 'application/json', send }: QuestionForm,
  upstream: Upstream,
  { domain }: Pick<Job, 'domain'>,
  egress: EgressPolicy,
): Question {
  const { resolved, tls } = upstream;
  const url = at.startsWith('/') && !at.startsWith('//') ? urlOf(resolved, at) : URL.parse(at);
  if (!url) throw refused();
  const isOwn = isProviders(url, new URL(resolved.base), domain);
  if (!isOwn && send !== undefined) throw refused();
  if (!isOwn) checkStranger(url, egress);
  const headers = questionHeaders(upstream, accept, isOwn);
  return {
    method: method ?? (send === undefined ? 'GET' : 'POST'),
    origin: url.origin,
    tls: isOwn ? tls : true,
    path: url.pathname + url.search,
    headers: send === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    body: send === undefined ? null : Buffer.from(JSON.stringify(send)),
    ...(isOwn ? {} : { stranger: true }),
  };
}

function isProviders(url: URL, base: URL, domain: string | undefined): boolean {
  if (url.origin === base.origin) return true;
  return domain !== undefined && isOf(url, domain) && isOf(base, domain);
}

function isOf({ protocol, hostname, port }: URL, domain: string): boolean {
  return protocol === 'https:' && port === '' && (hostname === domain || hostname.endsWith(`.${domain}`));
}

function checkStranger(url: URL, egress: EgressPolicy): void {
  try {
    egress.checkUrl(url, 'request');
  } catch (error) {
    throw refused(error);
  }
}

function refused(cause?: unknown): MalformedAnswerError {
  return new MalformedAnswerError('The provider named an address for its answer that must not be called.', 'shape', cause);
}
