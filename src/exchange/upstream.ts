import type { ParamPolicy } from '../core/dialect.ts';
import type { JsonObject } from '../core/json-object.ts';
import type { Resolved } from '../providers/resolve.ts';
import type { TlsCheck } from '../providers/transport/transport.ts';

/** Everything about a deployment that only matters once a request is made for it. Built at load, never changed. */
export interface Upstream {
  readonly resolved: Resolved;
  /** Base URL without credentials and query, for headers and rows. */
  readonly shownBase: string;
  /** What proves to the provider who asks; never shown, also when the provider repeats it. */
  readonly secrets: readonly string[];
  readonly tls: TlsCheck;
  readonly params: ParamPolicy;
  /** Body members that hold when the client does not set them, and the JSON text of each. */
  readonly defaults: JsonObject;
  readonly defaultTexts: ReadonlyMap<string, string>;
  /** All of them as one text, to be looked through for what the provider refuses; `''` for none. */
  readonly defaultsText: string;
  /** `allow_private_image_urls` of the deployment. */
  readonly privateMedia: boolean;
  /** Headers and address of each operation's path, made on first use. */
  readonly endpoints: Map<string, Endpoint>;
}

/** Where an operation is called, with everything that does not depend on the call. */
export interface Endpoint {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Lower case names. Holds the key: never shown, never logged. */
  readonly headers: Readonly<Record<string, string>>;
}
