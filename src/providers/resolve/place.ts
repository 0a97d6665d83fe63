import type { DialectName, Host } from '../../core/dialect.ts';

/** Where a provider of many addresses is asked for one model, and in which words. */
export interface Place {
  /** What the provider calls the model. */
  readonly model: string;
  /** The name whose rules hold: of the model behind it, where the provider's name is the owner's own word. */
  readonly family: string;
  readonly base: string;
  readonly dialect: DialectName;
  /** Who runs the model in that dialect; absent: the provider of its row. */
  readonly host?: Host;
  /** Which wire of the dialect; absent: it has one. */
  readonly wire?: string;
  /** Id of the row whose quirks hold; absent or null: the provider's own, or those of the dialect. */
  readonly rules?: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** The dialect's path → this provider's, where they differ. */
  readonly paths: Readonly<Record<string, string>>;
  /** The same for answers that stream, where those have a path of their own. */
  readonly streamPaths?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The key goes as a bearer token, whatever header the row names. */
  readonly bearer: boolean;
  /** Day of the interface's version, `2024-10-21`; null: the newest, or none is named. */
  readonly version: string | null;
  /** Whether Responses are answered at this address, if the provider has them at all; absent: they are not. */
  readonly responses?: boolean;
}
