import { usdText } from '../core/money.ts';
import type { Call } from '../exchange/call.ts';
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

/** The headers that tell where a call has been and what it cost (data-plane 7). Lower case names. */
export function answerHeaders(call: Call, trail: Trail, elapsed: number): Record<string, string> {
  const { deployment, timeoutMs, keySpend } = trail;
  const duration = elapsed - call.arrivedAt;
  const headers: Record<string, string> = {
    'x-litellm-model-group': printable(trail.group),
    'x-litellm-attempted-retries': String(trail.retries),
    'x-litellm-max-retries': String(trail.maxRetries),
    'x-litellm-attempted-fallbacks': String(trail.fallbacks),
    'x-litellm-response-duration-ms': String(round(duration)),
    'x-litellm-overhead-duration-ms': String(round(Math.max(0, duration - trail.upstreamMs))),
  };
  if (deployment) {
    headers['x-litellm-model-id'] = printable(deployment.id);
    headers['x-litellm-model-name'] = printable(`${deployment.provider}/${deployment.model}`);
    headers['x-litellm-model-api-base'] = printable(deployment.upstream.shownBase);
  }
  if (timeoutMs !== null) headers['x-litellm-timeout'] = (timeoutMs / 1000).toFixed(1);
  if (keySpend !== null) headers['x-litellm-key-spend'] = usdText(keySpend);
  addCost(headers, call, trail);
  addKeyLimits(headers, call);
  Object.assign(headers, trail.limitHeaders);
  for (const name in headers) headers[name] = headers[name]?.slice(0, LONGEST) ?? '';
  addProviderHeaders(headers, trail);
  return headers;
}

function addCost(headers: Record<string, string>, call: Call, trail: Trail): void {
  if (trail.cost === null || call.stream) return;
  if (trail.cost.unpriced) headers['x-gateway-unpriced'] = 'true';
  else headers['x-litellm-response-cost'] = usdText(trail.cost.total);
}

function addKeyLimits(headers: Record<string, string>, { caller: { policy } }: Call): void {
  if (!policy) return;
  if (policy.maxBudget !== null) headers['x-litellm-key-max-budget'] = usdText(policy.maxBudget);
  if (policy.tpm !== null) headers['x-litellm-key-tpm-limit'] = String(policy.tpm);
  if (policy.rpm !== null) headers['x-litellm-key-rpm-limit'] = String(policy.rpm);
}

const RATE_HEADER = /^(?:anthropic-)?ratelimit-|^x-ratelimit-/;

/** The provider's headers under `llm_provider-`, as many as fit; its rate limits in OpenAI's words when we have none of our own. */
function addProviderHeaders(headers: Record<string, string>, trail: Trail): void {
  let left = MOST_BYTES - RESERVE;
  for (const name in headers) left -= name.length + (headers[name]?.length ?? 0) + 4;
  const ownLimits = 'x-ratelimit-limit-requests' in headers || 'x-ratelimit-limit-tokens' in headers;
  for (const name in trail.upstreamHeaders) {
    const value = trail.upstreamHeaders[name] ?? '';
    if (NEVER_SHOWN.has(name) || name.startsWith('x-litellm-') || holdsSecret(value, trail.deployment?.upstream.secrets ?? [])) continue;
    if (!ownLimits && RATE_HEADER.test(name)) left -= put(headers, rateName(name), value, left);
    left -= put(headers, `llm_provider-${name}`, value, left);
  }
}

/** @returns bytes taken */
function put(headers: Record<string, string>, name: string, value: string, left: number): number {
  const size = name.length + value.length + 4;
  if (size > left || !/^[\w.-]+$/.test(name)) return 0;
  headers[name] = printable(value);
  return size;
}

/** `anthropic-ratelimit-requests-remaining` → `x-ratelimit-remaining-requests`. */
function rateName(name: string): string {
  const match = /^anthropic-ratelimit-(.+)-(limit|remaining|reset)$/.exec(name);
  return match ? `x-ratelimit-${match[2]}-${match[1]}` : name.replace(/^ratelimit-/, 'x-ratelimit-');
}

const UNPRINTABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** Text from outside that HTTP cannot carry is sent percent-encoded; what we write ourselves needs no look. */
function printable(text: string): string {
  return UNPRINTABLE.test(text) ? encodeURIComponent(text.slice(0, 500).toWellFormed()) : text;
}
