import { ProviderError } from '../../core/provider-error.ts';
import { EgressDeniedError, type EgressPolicy, type EgressPurpose } from '../egress.ts';
import type { TlsCheck, Transport } from '../transport/transport.ts';

/** What is asked of an issuer of tokens. Secret. */
export interface TokenQuestion {
  /** The issuer's name for people. */
  readonly issuer: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: it is asked by GET. */
  readonly body: string | null;
  /** Absent: GET, or POST with a body. */
  readonly method?: 'PUT';
  readonly timeoutMs?: number;
  /** Absent: certificates are checked against the authorities that this machine knows. */
  readonly tls?: TlsCheck;
}

/** What an issuer of tokens answered. */
export interface TokenReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TIMEOUT_MS = 15_000;
const LARGEST = 262_144;

/** @throws {ProviderError} when the issuer cannot be reached */
export async function replyTo(question: TokenQuestion, transport: Transport): Promise<TokenReply> {
  const { issuer, url, headers, body, method = body === null ? 'GET' : 'POST', timeoutMs = TIMEOUT_MS, tls = true } = question;
  const exchange = transport.send({
    method,
    origin: url.origin,
    path: url.pathname + url.search,
    headers: { accept: 'application/json', 'user-agent': 'llm-gateway', ...headers },
    body: body === null ? null : Buffer.from(body),
    timeouts: { firstByteMs: timeoutMs, totalMs: timeoutMs, idleMs: timeoutMs },
    tls,
  });
  try {
    await exchange.opened();
    const answer = await exchange.whole(LARGEST);
    return { status: exchange.status, headers: exchange.headers, body: answer.toString('utf8') };
  } catch (error) {
    exchange.abort();
    throw unreachable(error, issuer, url.hostname);
  }
}

/** @throws {ProviderError} when the address must not be called */
export function checkedAddress(egress: EgressPolicy, address: string, purpose: EgressPurpose, issuer: string): URL {
  try {
    return egress.checkUrl(address, purpose);
  } catch (error) {
    if (!(error instanceof EgressDeniedError)) throw error;
    throw notAsked(`${issuer} cannot be asked: ${error.message}`, error);
  }
}

/** A time-out here is not the call's own, and a connection that fails is not the provider's: both say whose they are. */
function unreachable(error: unknown, issuer: string, host: string): unknown {
  if (error instanceof ProviderError && error.failure.class !== 'APIConnectionError') return error;
  const own = error instanceof Error ? error.message : String(error);
  return notAsked(`${issuer} (${host}) cannot be asked for a token. ${own}`, error);
}

function notAsked(message: string, cause: unknown): ProviderError {
  return new ProviderError({ class: 'APIConnectionError', status: 502, type: 'api_connection_error', message, cause });
}
