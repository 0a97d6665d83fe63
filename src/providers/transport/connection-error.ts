import { ClientGoneError, GatewayError } from '../../core/errors.ts';
import { ProviderError } from '../../core/provider-error.ts';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name was not found',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection attempt timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'the connection attempt timed out',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_HEADERS_OVERFLOW: 'its response headers are too large',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP',
  ENOENT: 'the file that ssl_verify names is not there',
  EACCES: 'the file that ssl_verify names may not be read',
};

/** What Node says of a certificate whose signer it does not know. */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * A socket's failure as the provider's failure: 502 `api_connection_error` (rulings E1, E11).
 * The client reads no address and no stack.
 */
export function connectionError(error: Error, answering: boolean): Error {
  // What ends a body that streams has its own words, and is no fault of the provider's.
  if (error instanceof ProviderError || error instanceof GatewayError || error instanceof ClientGoneError) return error;
  const code = codeOf(error);
  const words = WORDS[code] ?? wordsFor(code);
  return new ProviderError({
    class: 'APIConnectionError',
    status: 502,
    type: 'api_connection_error',
    message: answering
      ? `Connection error: ${words} while the provider was answering.`
      : `Connection error: the provider could not be asked: ${words}.`,
    cause: error,
  });
}

function wordsFor(code: string): string {
  if (code.startsWith('HPE_')) return 'it sent a broken HTTP answer';
  if (UNKNOWN_AUTHORITY.has(code))
    return `its certificate is signed by an authority that this machine does not know (${code}); the model's ssl_verify may name the file with that authority's certificate`;
  return isTls(code) ? `TLS failed (${code})` : 'the connection failed';
}

function codeOf(error: Error): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string' && code !== 'UND_ERR_ABORTED') return code;
  }
  return '';
}

function isTls(code: string): boolean {
  return code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT') || code.includes('SELF_SIGNED');
}
