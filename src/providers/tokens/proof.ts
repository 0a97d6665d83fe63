import type { Signer } from '../transport/signer.ts';

/** What proves who asks, where that is not in the configuration: got anew for each attempt. Secret. */
export interface Proof {
  /** Lower case names; laid over those of the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that must not be shown, also when the provider repeats them; the first tells it apart from another. */
  readonly secrets: readonly string[];
  /** Signs the request, where that proves who asks. */
  readonly signer?: Signer;
  /** What the provider says stands in the path for `PLACE`; absent: paths are whole. */
  readonly place?: string;
  /** Where the request goes in place of the base's own origin, where the issuer names it. */
  readonly origin?: string;
}
