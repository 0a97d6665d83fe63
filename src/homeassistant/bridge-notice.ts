import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { CoreClient } from './core-client.ts';
import type { Delivery } from './delivery.ts';
import type { BridgeState } from './prepare/bridge-state.ts';
import { isOlder } from './prepare/version-order.ts';
import type { Standing } from './standing.ts';

export interface BridgeNoticeParts {
  readonly core: CoreClient;
  readonly delivery: Delivery;
  readonly log: Logger;
  readonly standing: Standing;
  /** Where the panel stands in Home Assistant; null: not known yet. */
  readonly panelPath: () => string | null;
  /** Remembers what was told, also over a restart of the app: what somebody dismissed does not come again. */
  readonly file: string;
}

const ID = 'llm_gateway_bridge';
const Told = z.object({
  /** What it was about: each thing is told once. */
  about: z.string(),
  /** It has not been taken back. */
  shown: z.boolean(),
});
type Told = z.infer<typeof Told>;

interface Notice {
  readonly about: string;
  readonly message: string;
}

/**
 * One notification in Home Assistant when the app's start has put the integration in place, or could if somebody let it; it is taken back
 * when the integration is connected (home-assistant 15.2, rule 6).
 */
export class BridgeNotice {
  readonly #parts: BridgeNoticeParts;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: BridgeNoticeParts) {
    this.#parts = parts;
  }

  /** Looks whether there is something to tell or to take back; one look after another. Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#looking
      .then(() => this.#look())
      .catch((error: unknown) => {
        this.#parts.log.debug({ err: error }, 'Home Assistant’s notification is left as it is');
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { core, delivery, panelPath, standing } = this.#parts;
    const path = panelPath();
    const found = await delivery.found();
    if (core.state !== 'online' || path === null || found === null) return;
    const state = await standing.now();
    const told = await this.#told();
    if (state === 'connected' && told?.shown === true) {
      await this.#service('dismiss', {});
      await this.#keep({ ...told, shown: false });
      return;
    }
    const notice =
      state === 'pending_restart' ? placed(found, path) : state === 'absent' || state === 'connected' ? offered(found, path) : null;
    if (notice === null || notice.about === told?.about) return;
    await this.#service('create', { title: 'LLM Gateway', message: notice.message });
    await this.#keep({ about: notice.about, shown: true });
  }

  async #service(service: 'create' | 'dismiss', data: Readonly<Record<string, string>>): Promise<void> {
    const call = { type: 'call_service', domain: 'persistent_notification', service };
    await this.#parts.core.send({ ...call, service_data: { notification_id: ID, ...data } });
  }

  async #told(): Promise<Told | null> {
    try {
      return Told.parse(JSON.parse(await readFile(this.#parts.file, 'utf8')));
    } catch {
      return null;
    }
  }

  async #keep(told: Told): Promise<void> {
    await mkdir(dirname(this.#parts.file), { recursive: true });
    await writeFile(this.#parts.file, `${JSON.stringify(told)}\n`);
  }
}

/** The app's start has changed the files, and Home Assistant runs without them or with older ones. */
function placed({ last_change: change }: BridgeState, path: string): Notice | null {
  if (!change || change.kind === 'removed') return null;
  const what = change.kind === 'installed' ? 'The integration is' : `Version ${change.to ?? ''} of the integration is`;
  const message = `${what} in place. Restart Home Assistant to use it: [open LLM Gateway](${path}/settings).`;
  return { about: `${change.kind} ${change.to ?? ''} ${change.at}`, message };
}

/** With `bridge: notify` nothing is changed without a person. */
function offered(
  { mode, installed_version: installed, bundled_version: bundled, kept_away: keptAway }: BridgeState,
  path: string,
): Notice | null {
  if (mode !== 'notify' || keptAway || bundled === null || (installed !== null && !isOlder(installed, bundled))) return null;
  const what = installed === null ? 'Spend and health can be sensors here' : `Version ${bundled} of the integration is there`;
  return {
    about: `offered ${bundled}`,
    message: `${what}. Install the integration with one button: [open LLM Gateway](${path}/settings).`,
  };
}
