import type { Logger } from 'pino';
import type { Config } from '../../config/config.ts';
import type { FileStanding } from '../../config/file-standing.ts';
import type { LoadRequest } from '../../config/load.ts';
import type { Options } from '../../config/options.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { Clock } from '../../core/clock.ts';
import type { Home } from '../../homeassistant/home.ts';
import type { PanelHub } from '../../web/panel-hub.ts';
import type { TlsMaterial } from '../tls.ts';

/** Where the built program keeps what it was built with; null for sources. */
export interface Assets {
  readonly migrations: string;
  readonly countWorker: URL;
  readonly prices: URL | null;
  /** Directory of the built panel; null: there is none. */
  readonly panel: string | null;
  /** Folder of swagger-ui-dist. */
  readonly swagger: string;
  /** List of the packages that are shipped, or npm's lock file. */
  readonly packages: URL;
}

/** What the server is made from. */
export interface ComposeParts {
  readonly options: Options;
  readonly config: Config;
  /** What the configuration is read from. */
  readonly load: LoadRequest;
  /** Told of a configuration that came into force. */
  readonly onConfig: (config: Config) => void;
  readonly secrets: Secrets;
  readonly assets: Assets;
  readonly log: Logger;
  /** For the public listener; absent: plain HTTP. */
  readonly tls?: TlsMaterial | null;
}

/** What every part of the house stands on. */
export interface Ground extends ComposeParts {
  readonly clock: Clock;
  /** The configuration in force. */
  readonly live: { config: Config };
  readonly fileStanding: FileStanding;
  /** Tells the open pages of the panel. */
  readonly hub: PanelHub;
  /** Tells Home Assistant; made last, and not before everything that has something to tell. */
  readonly home: () => Home;
}
