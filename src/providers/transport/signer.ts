type Headers = Readonly<Record<string, string>>;

/** A request as it is about to leave. */
export interface UnsignedRequest {
  readonly method: string;
  /** `https://host:port` */
  readonly origin: string;
  /** Path and query, encoded as they are sent. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Proves to a provider who asks by a signature over the request, made when its last byte is known. */
export interface Signer {
  /** The texts that must never be shown, also when the provider repeats them. */
  readonly secrets: readonly string[];
  /** @param now milliseconds since 1970 @returns all headers of the request */
  sign(request: UnsignedRequest, now: number): Headers;
}
