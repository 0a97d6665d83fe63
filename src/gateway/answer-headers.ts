import type { HeaderList } from '../core/header-list.ts';
import { usdText } from '../core/money.ts';
import type { BookedCall } from '../exchange/call.ts';
import { holdsSecret } from '../exchange/own-secrets.ts';
import { round, type Trail } from '../exchange/trail.ts';

/** The LiteLLM release whose interface is spoken. */
export const COMPATIBLE_VERSION = '1.97.0';

/** All response headers of an answer stay below this many bytes (data-plane 7). */
const MOST_BYTES = 4096;
/** Names that a caller or a configuration chose may be long; a header of ours is not longer than this. */
const LONGEST = 300;
/** Kept free for what HTTP itself adds. */
const RESERVE = 400;

const NEVER_SHOWN: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'proxy-authenticate', 'proxy-authorization', 'set-cookie', 'content-encoding', 'content-length', 'content-type', 'date', 'cache-control', 'vary', 'authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie',
]); // prettier-ignore

/** The headers that tell where a call has been and what it cost (data-plane 7). */
export function answerHeaders(call: BookedCall, trail: Trail, elapsed: number): HeaderList {
  const { deployment, timeoutMs, keySpend } = trail;
  const duration = elapsed - call.arrivedAt;
  // prettier-ignore
  const headers: HeaderList = [
    ...requestId(call),
    'x-litellm-model-group', shown(trail.group),
    'x-litellm-attempted-retries', String(trail.retries),
    'x-litellm-max-retries', String(trail.maxRetries),
    'x-litellm-attempted-fallbacks', String(trail.fallbacks),
    'x-litellm-response-duration-ms', String(round(duration)),
    'x-litellm-overhead-duration-ms', String(round(Math.max(0, duration - trail.upstreamMs))),
  ];
  if (deployment) {
    headers.push('x-litellm-model-id', shown(deployment.id));
    headers.push('x-litellm-model-name', shown(`${deployment.provider}/${deployment.model}`));
    headers.push('x-litellm-model-api-base', shown(deployment.upstream.shownBase));
  }
  if (trail.leftOut.length > 0) headers.push('x-gateway-left-out', shown(trail.leftOut.join('; ')));
  if (timeoutMs !== null) headers.push('x-litellm-timeout', (timeoutMs / 1000).toFixed(1));
  if (keySpend !== null) headers.push('x-litellm-key-spend', usdText(keySpend));
  addCost(headers, call, trail);
  addKeyLimits(headers, call);
  headers.push(...trail.limitHeaders);
  addProviderHeaders(headers, trail);
  return headers;
}

/** Where the official clients of these dialects look for what names the call in a report of a fault. */
function requestId({ operation, callId }: BookedCall): HeaderList {
  if (operation === 'messages') return ['request-id', callId];
  return operation === 'responses' ? ['x-request-id', callId] : [];
}

function addCost(headers: HeaderList, call: BookedCall, trail: Trail): void {
  // Of other streams nothing is known before their end, and what came in one piece is told like a stream.
  if (trail.cost === null || (call.stream && call.operation !== 'speech')) return;
  if (trail.cost.unpriced) headers.push('x-gateway-unpriced', 'true');
  else headers.push('x-litellm-response-cost', usdText(trail.cost.total));
}

function addKeyLimits(headers: HeaderList, { caller: { policy } }: BookedCall): void {
  if (!policy) return;
  if (policy.maxBudget !== null) headers.push('x-litellm-key-max-budget', usdText(policy.maxBudget));
  if (policy.tpm !== null) headers.push('x-litellm-key-tpm-limit', String(policy.tpm));
  if (policy.rpm !== null) headers.push('x-litellm-key-rpm-limit', String(policy.rpm));
}

const RATE_HEADER = /^(?:anthropic-)?ratelimit-|^x-ratelimit-/;

/** The provider's headers under `llm_provider-`, as many as fit; its rate limits in OpenAI's words when we have none of our own. */
function addProviderHeaders(headers: HeaderList, trail: Trail): void {
  let left = MOST_BYTES - RESERVE;
  for (const text of headers) left -= text.length + 2;
  const secrets = trail.deployment?.upstream.secrets ?? [];
  const renames = trail.limitHeaders.length === 0;
  for (const name in trail.upstreamHeaders) {
    const value = trail.upstreamHeaders[name] ?? '';
    if (NEVER_SHOWN.has(name) || name.startsWith('x-litellm-') || holdsSecret(value, secrets)) continue;
    if (renames && RATE_HEADER.test(name) && !headers.includes(rateName(name))) left -= put(headers, rateName(name), value, left);
    left -= put(headers, `llm_provider-${name}`, value, left);
  }
}

/** @returns bytes taken */
function put(headers: HeaderList, name: string, value: string, left: number): number {
  const size = name.length + value.length + 4;
  if (size > left || !/^[\w.-]+$/.test(name)) return 0;
  headers.push(name, printable(value));
  return size;
}

/** `anthropic-ratelimit-requests-remaining` → `x-ratelimit-remaining-requests`. */
function rateName(name: string): string {
  const match = /^anthropic-ratelimit-(.+)-(limit|remaining|reset)$/.exec(name);
  return match ? `x-ratelimit-${match[2]}-${match[1]}` : name.replace(/^ratelimit-/, 'x-ratelimit-');
}

const UNPRINTABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** A name that somebody chose: as much of it as a header should hold. */
function shown(text: string): string {
  return printable(text).slice(0, LONGEST);
}

/** Text from outside that HTTP cannot carry is sent percent-encoded; what we write ourselves needs no look. */
function printable(text: string): string {
  return UNPRINTABLE.test(text) ? encodeURIComponent(text.slice(0, 500).toWellFormed()) : text;
}
