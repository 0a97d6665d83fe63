import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readBodyAs } from '../contract/body.ts';
import { answerJson, readJsonBody } from '../contract/http-json.ts';
import { PanelHome, PanelHomeAction } from '../contract/panel/home-assistant.ts';
import { BadRequestError, ConflictError } from '../core/errors.ts';
import type { Route } from '../core/route.ts';
import type { KeyRing } from '../identity/key-ring.ts';
import { isManaged } from '../identity/managed-key.ts';
import type { BridgeLink, LinkState } from './bridge/bridge-link.ts';
import type { CoreClient } from './core-client.ts';
import type { Discovery } from './discovery.ts';
import { SupervisorError, type Supervisor } from './supervisor/supervisor.ts';

export interface HomeCardParts {
  readonly core: CoreClient;
  readonly link: () => BridgeLink;
  readonly ring: KeyRing;
  /** Null: this is no app. */
  readonly app: { readonly supervisor: Supervisor; readonly discovery: Discovery } | null;
  /** `bridge` in the data folder, where the app's start leaves what it found and takes what it is asked. */
  readonly folder: string;
  /** Tells Home Assistant of the gateway once more. */
  readonly announce: () => Promise<void>;
}

/** What the app's start found in Home Assistant's folder of integrations. */
const Found = z.object({ state: z.enum(['absent', 'foreign', 'installed', 'no_access']).catch('no_access') });

const DOMAIN = 'llm_gateway';
const Flows = z.array(z.looseObject({ handler: z.string() }));

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
    const { app, link, ring } = this.#parts;
    const { facts, acceptedAt } = link();
    const info = app?.discovery.info ?? null;
    const key = [...ring.all()].find(({ fields }) => isManaged(fields) && fields.successor === null);
    return {
      state: await this.#state(link().state),
      app: info && {
        slug: info.slug,
        version: info.version,
        version_latest: info.version_latest ?? null,
        port: info.network?.['4000/tcp'] ?? null,
        in_sidebar: info.ingress_panel === true,
        watched: info.watchdog === true,
      },
      integration: facts && { version: facts.bridgeVersion, on_disk: facts.diskVersion },
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
        case 'install':
          await this.#install();
          return;
        case 'show_in_sidebar':
          await this.#set({ ingress_panel: true });
          return;
        case 'watch':
          await this.#set({ watchdog: true });
      }
    } catch (error) {
      if (error instanceof SupervisorError) throw new ConflictError(`The Supervisor refused: ${error.message}`, 'action');
      if (error instanceof BadRequestError) throw error;
      throw new ConflictError('Home Assistant did not take this. Its log may tell why.', 'action');
    }
  }

  async #state(link: LinkState): Promise<PanelHome['state']> {
    const { core } = this.#parts;
    if (core.state === 'off' || core.state === 'refused') return core.state;
    switch (link) {
      case 'no_core':
        return 'waiting';
      case 'not_loaded':
        return this.#files();
      case 'not_configured':
        return (await this.#flowWaits()) ? 'discovered' : 'not_configured';
      case 'disabled':
        return 'entry_problem';
      case 'incompatible':
      case 'connected':
        return link;
    }
  }

  /** Home Assistant does not know the integration: is it not there, or not loaded yet? */
  async #files(): Promise<'absent' | 'foreign' | 'pending_restart'> {
    const text = await readFile(join(this.#parts.folder, 'state.json'), 'utf8').catch(() => '{}');
    const { state } = Found.parse(JSON.parse(text));
    if (state === 'foreign') return 'foreign';
    return state === 'installed' ? 'pending_restart' : 'absent';
  }

  async #flowWaits(): Promise<boolean> {
    try {
      const flows = Flows.parse(await this.#parts.core.send({ type: 'config_entries/flow/progress' }));
      return flows.some(({ handler }) => handler === DOMAIN);
    } catch {
      return false;
    }
  }

  /** Only the start of the app may write into Home Assistant's folder: it is left a note, and the app is started again. */
  async #install(): Promise<void> {
    const { supervisor } = this.#app();
    const file = join(this.#parts.folder, 'request.json');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.tmp`, '{"action":"install"}\n', { mode: 0o600 });
    await rename(`${file}.tmp`, file);
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
