import type { Logger } from 'pino';
import type { AppInfo, Supervisor } from './supervisor/supervisor.ts';

export interface DiscoveryParts {
  readonly log: Logger;
  readonly supervisor: Supervisor;
  readonly gatewayId: string;
  readonly name: string;
  readonly version: string;
  /** The port that the gateway listens on inside the app's network. */
  readonly port: () => number;
  readonly ssl: boolean;
  /** `bridge: manual`: nothing is announced. */
  readonly silent: boolean;
}

const SERVICE = 'llm_gateway';
const LOOK_EVERY_MS = 600_000;
const AGAIN_MS = 30_000;

/** What the app knows of itself, and its announcement to Home Assistant (home-assistant 14). */
export class Discovery {
  readonly #parts: DiscoveryParts;
  #info: AppInfo | null = null;
  #token: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #onInfo: () => void = () => undefined;

  constructor(parts: DiscoveryParts) {
    this.#parts = parts;
  }

  /** As the Supervisor last told; null: it has not answered yet. */
  get info(): AppInfo | null {
    return this.#info;
  }

  /** Where the panel stands in Home Assistant; null: not known yet. */
  get panelPath(): string | null {
    return this.#info && `/app/${this.#info.slug}`;
  }

  /** The version that waits to be installed; null: none. */
  get newVersion(): string | null {
    return this.#info?.update_available === true ? (this.#info.version_latest ?? null) : null;
  }

  /** @param listener told each time the Supervisor has answered */
  onInfo(listener: () => void): void {
    this.#onInfo = listener;
  }

  /** Looks at once and every ten minutes, and announces what changed. Never rejects. @param token text of Home Assistant's key */
  async announce(token: string): Promise<void> {
    this.#token = token;
    await this.look();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Asks the Supervisor anew. Never rejects. */
  async look(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    const { log, supervisor, silent } = this.#parts;
    let next = LOOK_EVERY_MS;
    try {
      this.#info = await supervisor.info();
      this.#onInfo();
      // The same again is no news to the Supervisor.
      if (!silent && this.#token !== null) await supervisor.discover(SERVICE, this.#config(this.#info, this.#token));
    } catch (error) {
      log.warn(`The Supervisor does not answer as it should: ${error instanceof Error ? error.message : 'no answer'}`);
      next = AGAIN_MS;
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.look(), next);
    this.#timer.unref();
  }

  #config({ hostname }: AppInfo, token: string): Readonly<Record<string, unknown>> {
    const { gatewayId, name, port, ssl, version } = this.#parts;
    return { schema: 1, gateway_id: gatewayId, host: hostname, port: port(), ssl, token, name, version };
  }
}
