import { InvalidRequestError } from '../core/errors.ts';
import type { JsonDocument } from '../core/json-document.ts';

/**
 * A thread leaves what was said before with the provider: only the account that answered knows it, whoever names its id may go on
 * from it, and the keys of a gateway share their accounts. The official client, told so in these words, sends the whole history.
 *
 * @throws {InvalidRequestError} when the body asks for one
 */
export function refuseThread(body: JsonDocument): void {
  if (!body.has('thread') || body.startsWith('thread', 'n')) return;
  throw new InvalidRequestError('thread: Threads are not kept for the users of a gateway. Send the whole history.', 'thread', undefined, {
    details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
  });
}
