import { underSupervisor } from '../../config/app-variables.ts';
import { PermissionError } from '../../core/errors.ts';
import { PanelSocket } from '../../web/panel-socket.ts';
import { Dispatcher } from '../dispatcher.ts';
import { Door } from '../door.ts';
import { HttpServer } from '../http-server.ts';
import { corsSettingsOf, statusSettingsOf } from '../settings.ts';
import { VERSION } from '../version.ts';
import type { Ground } from './ground.ts';
import type { IdentityParts } from './identity.ts';
import type { SurfaceParts } from './surfaces.ts';
import type { UpkeepParts } from './upkeep.ts';

/** The public listener: every route, for who has a credential or the panel's cookie, in the networks that are allowed. */
export function composeListener(
  { clock, config, hub, live, log, options, tls = null }: Ground,
  { authenticator, people }: IdentityParts,
  { books }: UpkeepParts,
  { configured, overload, routes }: SurfaceParts,
) {
  const socket = new PanelSocket({
    hub,
    enter: ({ headers }) => {
      books.need();
      const caller = authenticator.authenticateAny(headers, false);
      if (caller.role === 'key') throw new PermissionError('This key belongs to nobody: the panel needs a person, or the master key.');
      return { caller, still: () => authenticator.now(caller, headers) };
    },
    nameOf: ({ userId }) => people.nameOf(userId ?? ''),
    ownOrigin: true,
    version: VERSION,
  });
  const dispatcher = new Dispatcher({
    clock,
    log,
    callerOf: authenticator.callerOf,
    routes,
    configured: configured.find,
    rootPath: config.environment.serverRootPath,
    statuses: () => statusSettingsOf(live.config),
    cors: () => corsSettingsOf(live.config),
    version: VERSION,
    overloaded: overload.refuses,
    sockets: new Map([['/ui/ws', (request, stream, head) => socket.upgrade(request, stream, head)]]),
  });
  const door = new Door(options.allowedNetworks, underSupervisor(process.env));
  const server = new HttpServer({
    host: options.host,
    port: options.port,
    tls,
    upgrades: dispatcher.upgrades,
    upgrade: (request, stream, head) => {
      if (!door.refusesSocket(request, stream)) dispatcher.upgrade(request, stream, head);
    },
    handle: (request, response) => {
      if (!door.refuses(request, response)) dispatcher.handle(request, response);
    },
  });
  return { socket, dispatcher, server };
}
