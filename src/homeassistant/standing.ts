import { z } from 'zod';
import type { PanelHome } from '../contract/panel/home-assistant.ts';
import type { BridgeLink } from './bridge/bridge-link.ts';
import type { CoreClient } from './core-client.ts';
import type { Delivery } from './delivery.ts';
import { isOlder } from './prepare/version-order.ts';

export interface StandingParts {
  readonly core: CoreClient;
  readonly link: () => BridgeLink;
  readonly delivery: Delivery;
}

const DOMAIN = 'llm_gateway';
const Flows = z.array(z.looseObject({ handler: z.string() }));

/** How the gateway stands with Home Assistant (home-assistant 15.1), from what Core says and what the app's start found. */
export class Standing {
  readonly #parts: StandingParts;

  constructor(parts: StandingParts) {
    this.#parts = parts;
  }

  async now(): Promise<PanelHome['state']> {
    const { core, link } = this.#parts;
    if (core.state === 'off' || core.state === 'refused') return core.state;
    const { state } = link();
    switch (state) {
      case 'no_core':
        return 'waiting';
      case 'not_loaded':
        return this.#notLoaded();
      case 'not_configured':
        return (await this.#flowWaits()) ? 'discovered' : 'not_configured';
      case 'disabled':
        return 'entry_problem';
      case 'incompatible':
      case 'connected':
        return (await this.#newerWaits()) ? 'pending_restart' : state;
    }
  }

  /** Home Assistant does not know the integration: it is not there, or not loaded yet. */
  async #notLoaded(): Promise<'absent' | 'foreign' | 'no_access' | 'pending_restart'> {
    const found = await this.#parts.delivery.found();
    switch (found?.state) {
      case 'installed':
        return 'pending_restart';
      case 'foreign':
      case 'no_access':
        return found.state;
      case 'absent':
      case undefined:
        return 'absent';
    }
  }

  /** What runs is older than what was put in place. */
  async #newerWaits(): Promise<boolean> {
    const { delivery, link } = this.#parts;
    const { facts } = link();
    const onDisk = (await delivery.found())?.installed_version ?? facts?.diskVersion ?? null;
    return facts !== null && onDisk !== null && isOlder(facts.bridgeVersion, onDisk);
  }

  async #flowWaits(): Promise<boolean> {
    try {
      const flows = Flows.parse(await this.#parts.core.send({ type: 'config_entries/flow/progress' }));
      return flows.some(({ handler }) => handler === DOMAIN);
    } catch {
      return false;
    }
  }
}
