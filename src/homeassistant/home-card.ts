import type { z } from 'zod';
import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { PanelHome, PanelHomeAction } from '../contract/panel/home-assistant.ts';
import { BadRequestError, ConflictError } from '../core/errors.ts';
import type { Route } from '../core/route.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import { isManaged } from '../identity/managed-key.ts';
import type { BridgeLink } from './bridge/bridge-link.ts';
import type { CoreClient } from './core-client.ts';
import type { Delivery } from './delivery.ts';
import type { Discovery } from './discovery.ts';
import type { BridgeAction, BridgeState } from './prepare/bridge-state.ts';
import type { Standing } from './standing.ts';
import { SupervisorError, type Supervisor } from './supervisor/supervisor.ts';

export interface HomeCardParts {
  readonly core: CoreClient;
  readonly link: () => BridgeLink;
  readonly ring: KeyRing;
  /** Null: this is no app. */
  readonly app: { readonly supervisor: Supervisor; readonly discovery: Discovery } | null;
  readonly delivery: Delivery;
  readonly standing: Standing;
  /** The public listener speaks TLS. */
  readonly ssl: boolean;
  /** Tells Home Assistant of the gateway once more. */
  readonly announce: () => Promise<void>;
}

/** `/panel/home-assistant`: how the gateway stands with Home Assistant, and the one thing to do about it. */
export class HomeCard {
  readonly #parts: HomeCardParts;

  constructor(parts: HomeCardParts) {
    this.#parts = parts;
  }

  routes(): Route[] {
    const common = { paths: ['/panel/home-assistant'], group: 'management_routes', surface: 'control' } as const;
    return [
      {
        ...common,
        method: 'GET',
        rights: 'read',
        summary: 'How the gateway stands with Home Assistant: connection, app, integration.',
        shapes: { answer: PanelHome },
        handle: async (call) => {
          answerJson(call, await this.show());
        },
      },
      {
        ...common,
        method: 'POST',
        rights: 'admin',
        summary: 'Does one thing for the connection with Home Assistant.',
        shapes: { body: PanelHomeAction, answer: PanelHome },
        handle: async (call) => {
          await this.act(readBodyAs(PanelHomeAction, await readJsonBody(call)).action);
          answerJson(call, await this.show());
        },
      },
    ];
  }

  async show(): Promise<PanelHome> {
    const { app, delivery, link, ring, ssl, standing } = this.#parts;
    const found = app && (await delivery.found());
    const { facts, acceptedAt } = link();
    const info = app?.discovery.info ?? null;
    const key = [...ring.all()].find(({ fields }) => isManaged(fields) && fields.successor === null);
    return {
      state: await standing.now(),
      app: info && {
        slug: info.slug,
        version: info.version,
        version_latest: info.version_latest ?? null,
        port: info.network?.['4000/tcp'] ?? null,
        in_sidebar: info.ingress_panel === true,
        watched: info.watchdog === true,
        encrypted: ssl,
      },
      integration: facts && { version: facts.bridgeVersion, on_disk: facts.diskVersion },
      files: found && filesOf(found),
      told_at: acceptedAt === null ? null : new Date(acceptedAt).toISOString(),
      key: key?.keyHash ?? null,
    };
  }

  /** @throws {BadRequestError | ConflictError} when it is not possible here */
  async act(action: z.infer<typeof PanelHomeAction>['action']): Promise<void> {
    const { announce, core } = this.#parts;
    try {
      switch (action) {
        case 'announce':
          await announce();
          return;
        case 'restart_home_assistant':
          await core.send({ type: 'call_service', domain: 'homeassistant', service: 'restart' });
          return;
        case 'show_in_sidebar':
          await this.#set({ ingress_panel: true });
          return;
        case 'watch':
          await this.#set({ watchdog: true });
          return;
        case 'install':
        case 'replace':
        case 'remove':
        case 'reread_certificates':
          await this.#startAgain(action);
      }
    } catch (error) {
      if (error instanceof SupervisorError) throw new ConflictError(`The Supervisor refused: ${error.message}`, 'action');
      if (error instanceof BadRequestError || error instanceof ConflictError) throw error;
      throw new ConflictError('Home Assistant did not take this. Its log may tell why.', 'action');
    }
  }

  /** Only the start of the app may write into Home Assistant's folder: it is left a note, and the app is started again. */
  async #startAgain(action: BridgeAction): Promise<void> {
    const { supervisor } = this.#app();
    const { delivery } = this.#parts;
    const found = await delivery.found();
    if ((action === 'replace' || action === 'remove') && !mayChange(found))
      throw new ConflictError('The integration is not the app’s to change. Change it where it was installed.', 'action');
    await delivery.ask(action);
    await supervisor.restart();
  }

  async #set(options: Readonly<Record<string, unknown>>): Promise<void> {
    const { supervisor, discovery } = this.#app();
    await supervisor.setOptions(options);
    await discovery.look();
  }

  #app(): NonNullable<HomeCardParts['app']> {
    const { app } = this.#parts;
    if (!app) throw new BadRequestError('The gateway does not run as an app of Home Assistant.', 'action');
    return app;
  }
}

function mayChange(found: BridgeState | null): boolean {
  return found?.state === 'installed' || found?.replaceable === true;
}

function filesOf({ owner, replaceable, installed_version, bundled_version, kept_away, trouble }: BridgeState): PanelHome['files'] {
  return { owner, replaceable, installed_version, bundled_version, kept_away, trouble };
}
