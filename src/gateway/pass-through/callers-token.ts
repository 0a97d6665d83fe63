import type { IncomingHttpHeaders } from 'node:http';
import type { Deployment } from '../../core/deployment.ts';
import type { Upstream } from '../../exchange/upstream.ts';

/** What decides whether a caller's own token may go on. */
export interface TokenRules {
  /** `general_settings.litellm_key_header_name` */
  readonly keyHeader: () => string | null;
  /** Whether a text is, or may be, a credential of the gateway itself. */
  readonly isOwnKey: (text: string) => boolean;
}

const BEARER = /^bearer +(\S+)$/i;

/**
 * The `Authorization` that a caller of Google Cloud brings for itself (data-plane 9.16); null: it brings none, or the owner has named a
 * credential, which then counts. It is only its own where the gateway's key came by another header, and never a key of the gateway.
 */
export function callersToken(headers: IncomingHttpHeaders, { upstream }: Deployment<Upstream>, rules: TokenRules): string | null {
  const { grant, credentials } = upstream.resolved;
  const named = Object.keys(credentials).length > 0 || grant?.issuer !== 'google' || grant.source.kind !== 'machine';
  const [, token] = BEARER.exec(headers.authorization ?? '') ?? [];
  const own = rules.keyHeader();
  const elsewhere = [headers['x-litellm-api-key'], own === null || own === 'authorization' ? undefined : headers[own]];
  if (named || token === undefined || !elsewhere.some((value) => typeof value === 'string' && value !== '')) return null;
  return rules.isOwnKey(token) ? null : token;
}
