import { InvalidRequestError } from '../core/errors.ts';

/** A client must not say where a managed model's key is sent (CVE-2024-6587). */
export const CLIENT_CREDENTIALS = ['api_key', 'api_base', 'base_url', 'api_version'] as const;

const NAMES: ReadonlySet<string> = new Set(CLIENT_CREDENTIALS);

/** @throws {InvalidRequestError} when a member of a request is one that its client may not set */
export function checkCredential(name: string, value: unknown): void {
  if (NAMES.has(name) && value !== null) throw new InvalidRequestError(`'${name}' may not be set by clients of this gateway.`, name);
}
