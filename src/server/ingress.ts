import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Variables } from '../config/expand.ts';
import type { SessionAnswer } from '../contract/log-in.ts';
import { SessionAnswer as SessionShape } from '../contract/log-in.ts';
import { answerJson } from '../contract/http-json.ts';
import type { Caller } from '../core/caller.ts';
import type { Clock } from '../core/clock.ts';
import { ConfigError, NotFoundError } from '../core/errors.ts';
import type { Route } from '../core/route.ts';
import type { Home } from '../homeassistant/home.ts';
import { HomeUsers } from '../homeassistant/ingress/home-users.ts';
import { IngressDoor } from '../homeassistant/ingress/ingress-door.ts';
import { IngressListener } from '../homeassistant/ingress/ingress-listener.ts';
import type { People } from '../identity/people.ts';
import type { Users } from '../identity/users.ts';
import type { PanelFiles } from '../web/panel-files.ts';
import type { PanelHub } from '../web/panel-hub.ts';
import { PanelSocket } from '../web/panel-socket.ts';
import { Dispatcher } from './dispatcher.ts';
import { HttpServer } from './http-server.ts';
import { statusSettingsOf } from './settings.ts';
import { VERSION } from './version.ts';

export interface IngressMaterial {
  readonly clock: Clock;
  readonly config: Config;
  readonly home: Home;
  readonly hub: PanelHub;
  readonly live: { readonly config: Config };
  readonly log: Logger;
  readonly panelFiles: PanelFiles;
  readonly people: People;
  /** All routes of the gateway. */
  readonly routes: readonly Route[];
  readonly users: Users;
  readonly variables: Variables;
}

/** The side that Home Assistant's ingress reaches. */
export interface Ingress {
  readonly server: HttpServer;
  readonly socket: PanelSocket;
  /** Looks whether those who have the panel open may still see it. */
  readonly refresh: () => void;
}

const PORT = 8099;
const SUPERVISOR = '172.30.32.2';
/** Below this stand the routes of the panel; its pages have everything else. */
const API = '/api';

/** @returns null outside Home Assistant: then nothing listens */
export function composeIngress(material: IngressMaterial): Ingress | null {
  const { clock, home, hub, live, log, people, users, variables } = material;
  if (home.supervised === null) return null;
  const homeUsers = new HomeUsers(clock, home.core);
  const door = new IngressDoor({
    users: homeUsers,
    people,
    persons: users,
    proxies: proxiesOf(variables),
    memberAccess: () => live.config.environment.memberAccess,
  });
  const listener: IngressListener = new IngressListener({ door, log, inside: () => inside });
  const socket = new PanelSocket({
    hub,
    enter: (request) => {
      const guest = listener.guestOf(request);
      return { caller: guest.caller, still: () => door.still(guest) };
    },
    nameOf: ({ userId }) => people.nameOf(userId ?? ''),
    ownOrigin: false,
    version: VERSION,
  });
  const dispatcherOf = (routes: readonly Route[], rootPath: string, sockets: ConstructorParameters<typeof Dispatcher>[0]['sockets']) =>
    new Dispatcher({
      clock,
      log,
      callerOf: (_, request) => listener.callerOf(request),
      routes,
      rootPath,
      statuses: () => statusSettingsOf(live.config),
      cors: () => ({ origins: [] }),
      version: VERSION,
      overloaded: () => false,
      sockets,
    });
  const api = dispatcherOf([...material.routes.filter(isForPanel), sessionRoute(material)], API, new Map());
  const pages = dispatcherOf([pagesRoute(material, listener)], '', new Map([['/ws', (request, stream, head) => socket.upgrade(request, stream, head)]])); // prettier-ignore
  const inside = {
    handle: (...[request, response]: Parameters<Dispatcher['handle']>): void => {
      (isApi(request.url ?? '/') ? api : pages).handle(request, response);
    },
    upgrade: pages.upgrade,
  };
  const server = new HttpServer({
    host: '0.0.0.0',
    port: Number(variables['INGRESS_PORT'] ?? PORT),
    listeners: 1,
    handle: listener.handle,
    upgrades: pages.upgrades,
    upgrade: listener.upgrade,
  });
  const refresh = (): void => {
    if (hub.size > 0) void homeUsers.refresh();
  };
  return { server, socket, refresh };
}

function isApi(url: string): boolean {
  return url.startsWith(`${API}/`);
}

/** What the panel asks: nothing that costs money by itself, and nothing of the log-in (ruling K7). */
function isForPanel({ rights, paths }: Route): boolean {
  if (paths.includes('/v2/session') || rights === 'llm' || rights === 'home') return false;
  return rights !== 'public' || paths.every((path) => path.startsWith('/public/'));
}

/** @throws {ConfigError} for another proxy than the Supervisor, where there is one */
function proxiesOf({ INGRESS_PROXIES: others, SUPERVISOR_API: url }: Variables): ReadonlySet<string> {
  if (!others) return new Set([SUPERVISOR]);
  if (!url) throw new ConfigError('INGRESS_PROXIES is for tests: in Home Assistant only the Supervisor may ask.');
  return new Set(others.split(','));
}

/** The panel's page and files. Its addresses are relative to where Home Assistant shows it. */
function pagesRoute({ panelFiles }: IngressMaterial, listener: IngressListener): Route {
  return {
    method: 'GET',
    paths: ['/', '/*path'],
    rights: 'public',
    group: 'public_routes',
    surface: 'control',
    handle: async (call) => {
      const path = call.params['path'] ?? '';
      if (path === 'ws') throw new NotFoundError('Not Found');
      const { identity } = listener.guestOf(call.request);
      await panelFiles.serve(call, path, { base: `${identity.ingressPath}/`, api: 'api/' });
    },
  };
}

/** Who uses the panel: Home Assistant said it. */
function sessionRoute({ home }: IngressMaterial): Route {
  return {
    method: 'GET',
    paths: ['/v2/session'],
    rights: 'info',
    group: 'info_routes',
    surface: 'control',
    shapes: { answer: SessionShape },
    handle: (call) => {
      const { userId, role } = call.caller as Caller;
      answerJson(call, {
        user_id: userId ?? '',
        user_email: null,
        user_role: role as SessionAnswer['user_role'],
        login_method: 'ingress',
        expires: null,
        version: VERSION,
        gateway_port: home.supervised?.info?.network?.['4000/tcp'] ?? null,
        read_only: false,
      } satisfies SessionAnswer);
    },
  };
}
