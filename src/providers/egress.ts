import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { kindOf } from './egress/addresses.ts';
import { kindOfName } from './egress/names.ts';

/**
 * Who chose the address. `provider`: the operator, in a configuration; it may be private or loopback (local models are the
 * point). `request`: a caller, in a body; it must be public.
 */
export type EgressPurpose = 'provider' | 'request';

/** An address that must not be called. The message is for the operator; a caller is told nothing of it. */
export class EgressDeniedError extends Error {
  override readonly name = 'EgressDeniedError';
  readonly code = 'EGRESS_DENIED';
}

type Answer = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void;

export interface EgressOptions {
  /** Every address of a name. Usually `dns.promises.lookup` with `{ all: true }`. */
  readonly resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
  /** Ports that this process listens on. */
  readonly ownPorts: () => Iterable<number>;
  /** Addresses and names of this machine beside loopback, lower case. */
  readonly ownHosts: () => Iterable<string>;
}

/** The one egress policy: every outgoing request passes here before it connects (security.md). */
export class EgressPolicy {
  readonly #options: EgressOptions;

  constructor(options: EgressOptions) {
    this.#options = options;
  }

  /**
   * Reads and judges an address. Odd spellings of IP addresses (decimal, octal, hexadecimal, full-width) are judged as what
   * they mean. A name is judged again, by its addresses, when it is looked up: connect only through {@link lookup}.
   *
   * @throws {EgressDeniedError}
   */
  checkUrl(address: string | URL, purpose: EgressPurpose): URL {
    const url = typeof address === 'string' ? URL.parse(address) : address;
    if (!url) throw new EgressDeniedError('This is no URL.');
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new EgressDeniedError('Only http and https are called.');
    if (purpose === 'request' && (url.username !== '' || url.password !== ''))
      throw new EgressDeniedError('A URL with a user name or password is not called.');
    const host = url.hostname
      .replace(/^\[|\]$/g, '')
      .replace(/\.+$/, '')
      .toLowerCase();
    const kind = isIP(host) ? kindOf(host) : kindOfName(host);
    this.#refuse(kind, purpose);
    if (this.#isOwn(host, Number(url.port || (url.protocol === 'https:' ? 443 : 80))))
      throw new EgressDeniedError('This is an address of the gateway itself.');
    return url;
  }

  /**
   * Looks names up for `net.connect`, once, and hands out only addresses that may be called: what was checked is what is
   * connected to. Fails with {@link EgressDeniedError} when none is left.
   */
  lookup(purpose: EgressPurpose): LookupFunction {
    return (hostname, { all, family }, callback) => {
      void this.#answer(hostname, purpose, family, (error, addresses) => {
        const [first] = addresses;
        if (all) callback(error, [...addresses]);
        else callback(error, first?.address ?? '', first?.family ?? 0);
      });
    };
  }

  async #answer(hostname: string, purpose: EgressPurpose, family: number | string | undefined, answer: Answer): Promise<void> {
    let addresses: readonly LookupAddress[] = [];
    let failure: Error | null = null;
    try {
      addresses = await this.#allowed(hostname, purpose, family);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    answer(failure, addresses);
  }

  async #allowed(hostname: string, purpose: EgressPurpose, family: number | string | undefined): Promise<readonly LookupAddress[]> {
    const found = isIP(hostname) ? [{ address: hostname, family: isIP(hostname) }] : await this.#options.resolve(hostname);
    const wanted = familyOf(family);
    const fitting = wanted === 0 ? found : found.filter((one) => one.family === wanted);
    const allowed = fitting.filter(({ address }) => this.#permits(kindOf(address), purpose));
    if (allowed.length > 0) return allowed;
    if (fitting.length > 0) throw new EgressDeniedError('The name leads to an address that must not be called.');
    throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
  }

  #permits(kind: 'public' | 'private' | 'never', purpose: EgressPurpose): boolean {
    return kind === 'public' || (kind === 'private' && purpose === 'provider');
  }

  #refuse(kind: 'public' | 'private' | 'never', purpose: EgressPurpose): void {
    if (this.#permits(kind, purpose)) return;
    throw new EgressDeniedError(
      kind === 'never'
        ? 'This address must not be called: it is link-local, reserved, a metadata service or the Supervisor.'
        : 'An address inside the network is not called on behalf of a request.',
    );
  }

  #isOwn(host: string, port: number): boolean {
    const here =
      host === 'localhost' ||
      host.endsWith('.localhost') ||
      host === '::1' ||
      host.startsWith('127.') ||
      [...this.#options.ownHosts()].includes(host);
    return here && [...this.#options.ownPorts()].includes(port);
  }
}

function familyOf(family: number | string | undefined): number {
  if (family === 'IPv4') return 4;
  return family === 'IPv6' ? 6 : Number(family ?? 0);
}
