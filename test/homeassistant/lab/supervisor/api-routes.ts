import { z } from 'zod';

import {
  coreInfo,
  HOST_INFO,
  JOBS,
  MOUNTS,
  NETWORK_INFO,
  OS_INFO,
  RESOLUTION,
  rootInfo,
  STATS,
  STORE,
  SUPERVISOR_INFO,
} from './answers.ts';
import { ApiError } from './api-error.ts';
import type { InstalledApp } from './app.ts';
import type { FakeSupervisor } from './fake-supervisor.ts';

type Caller = 'core' | InstalledApp | null;

interface Call {
  readonly supervisor: FakeSupervisor;
  readonly caller: Caller;
  readonly body: unknown;
}

type Answer = Readonly<Record<string, unknown>> | void;
type Handler = (call: Call) => Answer | Promise<Answer>;

/** Who may call: `core` alone, an app about itself, both, or anybody without a token. */
type Callers = 'core' | 'app' | 'both' | 'anybody';

interface ApiRoute {
  readonly method: string;
  /** `:name` stands for one segment. */
  readonly path: string;
  readonly callers: Callers;
  readonly handle: (call: Call, parameters: Readonly<Record<string, string>>) => Answer | Promise<Answer>;
}

const Settings = z.strictObject({
  ingress_panel: z.boolean().optional(),
  watchdog: z.boolean().optional(),
  auto_update: z.boolean().optional(),
  boot: z.enum(['auto', 'manual']).optional(),
  network: z.record(z.string(), z.number().nullable()).nullable().optional(),
  options: z.record(z.string(), z.unknown()).nullable().optional(),
  audio_input: z.string().nullable().optional(),
  audio_output: z.string().nullable().optional(),
});

const ROUTES: readonly ApiRoute[] = [
  { method: 'GET', path: '/supervisor/ping', callers: 'anybody', handle: () => {} },
  // "No update": another answer lets Core wait for ever before it is onboarded.
  { method: 'POST', path: '/supervisor/update', callers: 'core', handle: () => refuse(400, 'No supervisor update available') },
  { method: 'GET', path: '/info', callers: 'both', handle: ({ supervisor }) => rootInfo(supervisor.coreVersion) },
  { method: 'GET', path: '/core/info', callers: 'core', handle: ({ supervisor }) => coreInfo(supervisor.coreVersion, supervisor.corePort) },
  { method: 'GET', path: '/supervisor/info', callers: 'core', handle: () => SUPERVISOR_INFO },
  { method: 'GET', path: '/os/info', callers: 'core', handle: () => OS_INFO },
  { method: 'GET', path: '/host/info', callers: 'core', handle: () => HOST_INFO },
  { method: 'GET', path: '/store', callers: 'core', handle: () => STORE },
  { method: 'GET', path: '/network/info', callers: 'core', handle: () => NETWORK_INFO },
  { method: 'GET', path: '/mounts', callers: 'core', handle: () => MOUNTS },
  { method: 'GET', path: '/jobs/info', callers: 'core', handle: () => JOBS },
  { method: 'GET', path: '/resolution/info', callers: 'core', handle: () => RESOLUTION },
  { method: 'GET', path: '/core/stats', callers: 'core', handle: () => STATS },
  { method: 'GET', path: '/supervisor/stats', callers: 'core', handle: () => STATS },
  { method: 'GET', path: '/backups/info', callers: 'core', handle: () => ({ backups: [], days_until_stale: 30 }) },
  { method: 'GET', path: '/available_updates', callers: 'core', handle: () => ({ available_updates: [] }) },
  { method: 'POST', path: '/core/options', callers: 'core', handle: takeCoreOptions },
  { method: 'POST', path: '/supervisor/options', callers: 'core', handle: () => {} },
  { method: 'POST', path: '/core/restart', callers: 'core', handle: ({ supervisor }) => void supervisor.onCoreRestart() },
  { method: 'GET', path: '/ingress/panels', callers: 'core', handle: panels },
  { method: 'POST', path: '/ingress/session', callers: 'core', handle: openSession },
  { method: 'POST', path: '/ingress/validate_session', callers: 'core', handle: validateSession },
  { method: 'GET', path: '/addons', callers: 'core', handle: ({ supervisor }) => ({ addons: supervisor.apps().map((app) => app.row()) }) },
  { method: 'GET', path: '/addons/:slug/info', callers: 'both', handle: (call, { slug }) => appOf(call, slug).info() },
  { method: 'GET', path: '/addons/:slug/stats', callers: 'both', handle: (call, { slug }) => (appOf(call, slug), STATS) },
  { method: 'POST', path: '/addons/:slug/options', callers: 'both', handle: changeSettings },
  { method: 'POST', path: '/addons/:slug/start', callers: 'core', handle: start },
  { method: 'POST', path: '/addons/:slug/stop', callers: 'both', handle: stop },
  { method: 'POST', path: '/addons/:slug/restart', callers: 'both', handle: restart },
  { method: 'GET', path: '/discovery', callers: 'both', handle: ({ supervisor }) => ({ discovery: supervisor.discovery.all() }) },
  { method: 'POST', path: '/discovery', callers: 'app', handle: announce },
  {
    method: 'GET',
    path: '/discovery/:uuid',
    callers: 'both',
    handle: ({ supervisor }, { uuid = '' }) => ({ ...supervisor.discovery.one(uuid) }),
  },
  { method: 'DELETE', path: '/discovery/:uuid', callers: 'app', handle: withdraw },
];

/**
 * The handler of a call, when there is one and the caller may call it.
 *
 * @throws {ApiError} 401 without a valid token, 403 for the wrong caller, 404 for an unknown path, 405 for the wrong method
 */
export function routeOf(method: string, path: string, caller: Caller): Handler {
  const found = ROUTES.flatMap((route) => {
    const parameters = parametersOf(route.path, path);
    return parameters ? [{ route, parameters }] : [];
  });
  const open = found.some(({ route }) => route.callers === 'anybody');
  if (!open && caller === null) throw new ApiError(401, 'Unauthorized');
  const match = found.find(({ route }) => route.method === method);
  if (!match) throw found.length === 0 ? new ApiError(404, '404: Not Found') : new ApiError(405, '405: Method Not Allowed');
  const { route, parameters } = match;
  if (!maySend(caller, route.callers, parameters)) throw new ApiError(403, '403: Forbidden');
  return (call) => route.handle(call, parameters);
}

/** An app without rights to Supervisor's API reaches what is about itself. */
function maySend(caller: Caller, callers: Callers, { slug }: Readonly<Record<string, string>>): boolean {
  if (callers === 'anybody') return true;
  if (caller === 'core') return callers !== 'app';
  return callers !== 'core' && (slug === undefined || slug === 'self');
}

function parametersOf(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const parts = pattern.split('/');
  const given = path.split('/');
  if (parts.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = given[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return parameters;
}

function refuse(status: number, message: string): never {
  throw new ApiError(status, message);
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, error } = schema.safeParse(body);
  if (error) throw new ApiError(400, z.prettifyError(error));
  return data;
}

function appOf({ supervisor, caller }: Call, slug = ''): InstalledApp {
  if (slug !== 'self') return supervisor.app(slug);
  return caller !== null && caller !== 'core' ? caller : refuse(400, 'Only an app is itself');
}

function takeCoreOptions({ supervisor, body }: Call): void {
  supervisor.corePort = read(z.looseObject({ port: z.number().optional() }), body).port ?? supervisor.corePort;
}

function panels({ supervisor }: Call): Answer {
  return { panels: Object.fromEntries(supervisor.apps().map((app) => [app.slug, app.panel()])) };
}

async function openSession({ supervisor, body }: Call): Promise<Answer> {
  const { user_id } = read(z.strictObject({ user_id: z.string().optional() }), body);
  return { session: user_id === undefined ? supervisor.sessions.create(null) : await supervisor.openSession(user_id) };
}

function validateSession({ supervisor, body }: Call): void {
  const { session } = read(z.strictObject({ session: z.string() }), body);
  if (!supervisor.sessions.use(session)) refuse(401, '401: Unauthorized');
}

async function changeSettings(call: Call, { slug }: Readonly<Record<string, string>>): Promise<void> {
  const app = appOf(call, slug);
  const { ingress_panel, network, options, ...others } = read(Settings, call.body);
  const given = Object.entries({ ...others, network, options }).filter(([, value]) => value !== undefined && value !== null);
  Object.assign(app.settings, Object.fromEntries(given));
  if (ingress_panel !== undefined) await call.supervisor.showPanel(app, ingress_panel);
}

async function start(call: Call, { slug }: Readonly<Record<string, string>>): Promise<void> {
  const app = appOf(call, slug);
  await app.description.life?.start?.();
  await call.supervisor.setState(app, 'started');
}

async function stop(call: Call, { slug }: Readonly<Record<string, string>>): Promise<void> {
  const app = appOf(call, slug);
  await app.description.life?.stop?.();
  await call.supervisor.setState(app, 'stopped');
}

async function restart(call: Call, parameters: Readonly<Record<string, string>>): Promise<void> {
  await stop(call, parameters);
  await start(call, parameters);
}

async function announce({ supervisor, caller, body }: Call): Promise<Answer> {
  if (caller === null || caller === 'core') return refuse(403, '403: Forbidden');
  const { service, config } = read(z.strictObject({ service: z.string(), config: z.record(z.string(), z.unknown()) }), body);
  return { uuid: await supervisor.discovery.announce(caller, service, config) };
}

async function withdraw({ supervisor, caller }: Call, { uuid = '' }: Readonly<Record<string, string>>): Promise<void> {
  if (caller === null || caller === 'core') return refuse(403, '403: Forbidden');
  await supervisor.discovery.withdraw(caller, uuid);
}
