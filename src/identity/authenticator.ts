import type { IncomingHttpHeaders } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { AuthError, DatabaseUnavailableError, PermissionError } from '../core/errors.ts';
import type { Route } from '../core/route.ts';
import { credentialOf } from './credential.ts';
import { hashOf, keyNameOf, macMatches, masked } from './key-hash.ts';
import type { KeyRing } from './key-ring.ts';
import type { People } from './people.ts';
import { sessionIdOf } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';
import type { VirtualKey } from './virtual-key.ts';

export interface AuthenticatorOptions {
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly people: People;
  readonly sessions: Sessions;
  readonly masterKey: string;
  readonly saltKey: string;
  /** `PROXY_ADMIN_ID`, else `default_user_id`. */
  readonly adminUserId: string;
  /** Told of a refusal, with the reason alone; the credential never leaves. */
  readonly onRefusal: (reason: string) => void;
}

/** Says who is calling, from memory and without waiting (data-plane 5). */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #masterHash: string;
  readonly #masterDigest: Buffer;
  readonly #admin: Caller;
  #customHeader: string | null = null;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#masterHash = hashOf(options.masterKey);
    this.#masterDigest = Buffer.from(this.#masterHash, 'hex');
    this.#admin = {
      role: 'proxy_admin',
      keyHash: this.#masterHash,
      keyAlias: null,
      userId: options.adminUserId,
      teamId: null,
      organizationId: null,
      policy: null,
      aliases: {},
      metadata: {},
      mayUseModel: () => true,
      allowedRoutes: null,
    };
  }

  /** `general_settings.litellm_key_header_name`. */
  useHeader(name: string | null): void {
    this.#customHeader = name?.toLowerCase() ?? null;
  }

  /** @param header that carries a key beside the usual ones @throws {AuthError | DatabaseUnavailableError} */
  authenticate(headers: IncomingHttpHeaders, header: string | null = this.#customHeader): Caller {
    const credential = credentialOf(headers, header);
    if (credential === null) return this.#refuse('no credential', 'Authentication Error, No api key passed in.');
    const hash = hashOf(credential);
    const key = this.#options.keys.get(hash);
    if (key) return this.#current(this.#checked(credential, key));
    if (timingSafeEqual(Buffer.from(hash, 'hex'), this.#masterDigest)) return this.#admin;
    if (!credential.startsWith('sk-')) {
      this.#options.onRefusal('malformed credential');
      throw new AuthError(`LiteLLM Virtual Key expected. Received=${masked(credential)}, expected to start with 'sk-'.`);
    }
    if (!this.#options.keys.loaded) throw new DatabaseUnavailableError();
    this.#options.onRefusal('unknown key');
    throw new AuthError(
      `Authentication Error, Invalid proxy server token passed. Received API Key = ${keyNameOf(credential)}, Key Hash (Token) =${hash}. Unable to find token in cache or \`LiteLLM_VerificationTokenTable\``,
      'token_not_found_in_db',
      'key',
    );
  }

  /** Whether a text is, or looks like, what proves to us who calls: nobody else may be shown it. */
  isOwnKey(text: string): boolean {
    const hash = hashOf(text);
    return text.startsWith('sk-') || this.#options.keys.get(hash) !== null || timingSafeEqual(Buffer.from(hash, 'hex'), this.#masterDigest);
  }

  /**
   * Who calls a route that does not cost money: a credential, else the session of the panel's cookie (ruling K8). A change by
   * cookie needs the header that no other page can send without being asked first.
   *
   * @param changes whether the request may change something
   * @throws {AuthError | PermissionError | DatabaseUnavailableError}
   */
  authenticateAny(headers: IncomingHttpHeaders, changes: boolean): Caller {
    const id = credentialOf(headers, this.#customHeader) === null ? sessionIdOf(headers) : null;
    if (id === null) return this.authenticate(headers);
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw new PermissionError('The session of the panel works in the panel alone, not on other pages.');
    if (!this.#options.keys.loaded) throw new DatabaseUnavailableError();
    const open = this.#options.sessions.find(id);
    if (!open) return this.#refuse('ended session', 'Your session has ended. Log in again.');
    if (changes && headers['x-requested-with'] === undefined)
      throw new PermissionError('A change by the session of the panel needs the header X-Requested-With: llm-gateway.');
    return open.person;
  }

  /** Who calls a route: what costs money asks for a key, everything else may be asked from the panel too. @throws as the two above */
  readonly callerOf = ({ rights, method, keyHeader }: Route, { headers }: { readonly headers: IncomingHttpHeaders }): Caller =>
    rights === 'llm' ? this.authenticate(headers, keyHeader) : this.authenticateAny(headers, method !== 'GET');

  /** Who a caller that was authenticated by these headers is now; null: nobody any more. Asked without a request of theirs. */
  now(caller: Caller, headers: IncomingHttpHeaders): Caller | null {
    if (caller === this.#admin) return caller;
    const id = credentialOf(headers, this.#customHeader) === null ? sessionIdOf(headers) : null;
    if (id !== null) return this.#options.sessions.find(id)?.person ?? null;
    const key = this.#options.keys.get(caller.keyHash);
    return key !== null && key.fields.blocked !== true && (key.fields.expires ?? Infinity) > this.#options.clock.now() ? key : null;
  }

  /**
   * The key that somebody else may call as (ruling K7), when it may be used now.
   *
   * @throws {AuthError} as its own call would be refused
   */
  usable(key: VirtualKey): VirtualKey {
    this.#checkUsable(key);
    return key;
  }

  /**
   * The caller as it is now, after something took time since it was authenticated: a key that was changed meanwhile counts
   * as changed, one that was blocked or deleted is refused.
   *
   * @throws {AuthError}
   */
  still(caller: Caller, headers: IncomingHttpHeaders): Caller {
    return caller === this.#admin || this.#options.keys.get(caller.keyHash) === caller ? caller : this.authenticate(headers);
  }

  /** Who an old text calls as, while its grace lasts. */
  #current(key: VirtualKey): Caller {
    if (key.fields.successor === null) return key;
    const current = this.#options.keys.current(key);
    if (!current)
      return this.#refuse('key of a deleted successor', 'Authentication Error, this key was regenerated, and its successor is gone.');
    this.#checkUsable(current);
    return current;
  }

  #checked(credential: string, key: VirtualKey): VirtualKey {
    if (!key.proven) {
      const { mac } = key.fields;
      if (!mac || !macMatches(credential, this.#options.saltKey, mac)) {
        return this.#refuse(
          'key of another salt key',
          'Authentication Error, this key was made under another salt key (the salt key changed). Make a new key, or set the old salt key again.',
        );
      }
      key.proven = true;
    }
    this.#checkUsable(key);
    return key;
  }

  #checkUsable(key: VirtualKey): void {
    const { blocked, expires, keyName } = key.fields;
    if (blocked === true)
      return this.#refuse('blocked key', "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.");
    const now = this.#options.clock.now();
    if (expires !== null && expires <= now) {
      this.#options.onRefusal('expired key');
      throw new AuthError(
        `Authentication Error - Expired Key. Key Expiry time ${new Date(expires).toISOString()} and current time ${new Date(now).toISOString()}`,
        'expired_key',
        keyName,
      );
    }
  }

  #refuse(reason: string, message: string): never {
    this.#options.onRefusal(reason);
    throw new AuthError(message);
  }
}
