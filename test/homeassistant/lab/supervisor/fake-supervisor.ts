import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { listenLocally, stopServer } from '../servers.ts';
import { ApiError } from './api-error.ts';
import { routeOf } from './api-routes.ts';
import { type AppDescription, type AppState, InstalledApp } from './app.ts';
import type { CoreLink } from './core-link.ts';
import { CoreProxy } from './core-proxy.ts';
import { Discovery } from './discovery.ts';
import { Faults } from './faults.ts';
import { Ingress } from './ingress.ts';
import { asksForSocket } from './pass-on-sockets.ts';
import { wholeBody } from './pass-on.ts';
import { IngressSessions } from './sessions.ts';
import { splitTarget } from './url-quoting.ts';

/** A call of Supervisor's own API, as it was received. */
export interface ApiCall {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** `core`, the slug of an app, or null for a caller without a valid token. */
  readonly caller: string | null;
  /** As text. */
  readonly body: string;
  /** Null while it is not answered. */
  status: number | null;
}

export interface FakeSupervisorOptions {
  readonly core: CoreLink;
  /** Version that Core is said to have. */
  readonly coreVersion?: string;
  readonly now?: () => number;
}

/** What Supervisor is for Core, for apps and for browsers that look at the panels of apps; on a free port of loopback. */
export class FakeSupervisor {
  /** What Core finds in SUPERVISOR_TOKEN. */
  readonly coreToken = randomBytes(56).toString('hex');
  readonly core: CoreLink;
  readonly coreVersion: string;
  readonly sessions: IngressSessions;
  readonly discovery: Discovery;
  readonly faults = new Faults();
  readonly calls: ApiCall[] = [];
  /** What restarting Core means; tests with a real Core set it. */
  onCoreRestart: () => Promise<void> = async () => {};
  /** The port that Core told. */
  corePort = 8123;
  readonly #apps = new Map<string, InstalledApp>();
  readonly #server: Server;
  readonly #ingress: Ingress;
  readonly #proxy: CoreProxy;
  #url = '';

  constructor({ core, coreVersion = '2026.11.0', now }: FakeSupervisorOptions) {
    this.core = core;
    this.coreVersion = coreVersion;
    this.sessions = new IngressSessions(now);
    this.discovery = new Discovery(core);
    this.#ingress = new Ingress({ sessions: this.sessions, appOf: (token) => this.#appWhere((app) => app.ingressToken === token) });
    this.#proxy = new CoreProxy({ core, version: coreVersion, appOf: (token) => this.#appWhere((app) => app.token === token) });
    this.#server = createServer((request, response) => void this.#request(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** `http://127.0.0.1:PORT`: what is `http://supervisor` in an app. */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  async start(): Promise<void> {
    this.#url = await listenLocally(this.#server);
  }

  async stop(): Promise<void> {
    this.#proxy.cut();
    await stopServer(this.#server);
  }

  apps(): InstalledApp[] {
    return [...this.#apps.values()];
  }

  /** @throws {ApiError} 404 */
  app(slug: string): InstalledApp {
    const app = this.#apps.get(slug);
    if (!app) throw new ApiError(404, `App ${slug} does not exist`);
    return app;
  }

  install(description: AppDescription): InstalledApp {
    const app = new InstalledApp(description);
    this.#apps.set(app.slug, app);
    return app;
  }

  /** Changes an app's state and tells Core. */
  async setState(app: InstalledApp, state: AppState): Promise<void> {
    app.state = state;
    await this.core.event({ event: 'addon', slug: app.slug, state }).catch(() => {});
  }

  /** Puts an app's entry into the sidebar, or takes it out. */
  async showPanel(app: InstalledApp, shown: boolean): Promise<void> {
    app.settings.ingress_panel = shown;
    await this.core.tell(shown ? 'POST' : 'DELETE', `/api/hassio_push/panel/${app.slug}`).catch(() => {});
  }

  /** A session as Core asks for it when somebody opens a panel. @returns the value of the cookie `ingress_session` */
  async openSession(userId: string): Promise<string> {
    const users = await this.core.users().catch(() => []);
    return this.sessions.create(users.find(({ id }) => id === userId) ?? null);
  }

  /** Cuts the connections of apps to Core, as Core's end does. */
  cutCoreConnections(): void {
    this.#proxy.cut();
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path } = splitTarget(request.url ?? '/');
    if (/^\/ingress\/[-_A-Za-z0-9]+\//.test(path) && !/^\/ingress\/(?:session|validate_session|panels)\//.test(path))
      return this.#ingress.request(request, response);
    if (path.startsWith('/core/api/')) return this.#proxy.request(request, response, (request.url ?? '').slice('/core'.length));
    return this.#api(request, response, path);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { path } = splitTarget(request.url ?? '/');
    if (!asksForSocket(request)) return void socket.destroy();
    if (path.startsWith('/ingress/')) return this.#ingress.upgrade(request, socket, head);
    if (/^\/core\/(?:api\/)?websocket$/.test(path)) return void this.#proxy.upgrade(request, socket, head);
    socket.destroy();
  }

  async #api(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const method = request.method ?? 'GET';
    const caller = this.#callerOf(request);
    const text = ((await wholeBody(request)) ?? Buffer.alloc(0)).toString();
    const call: ApiCall = { method, path, caller: caller === 'core' ? caller : (caller?.slug ?? null), body: text, status: null };
    this.calls.push(call);
    try {
      const body = parsed(text);
      await this.faults.met(path);
      const data = await routeOf(method, path, caller)({ supervisor: this, caller, body });
      call.status = 200;
      envelope(response, 200, { result: 'ok', data: data ?? {} });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      call.status = error.status;
      envelope(response, error.status, { result: 'error', message: error.message });
    }
  }

  #callerOf({ headers }: IncomingMessage): 'core' | InstalledApp | null {
    const own = headers['x-supervisor-token'];
    const token = typeof own === 'string' ? own : (/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '');
    return token === this.coreToken ? 'core' : this.#appWhere((app) => app.token === token);
  }

  #appWhere(test: (app: InstalledApp) => boolean): InstalledApp | null {
    return this.apps().find(test) ?? null;
  }
}

function parsed(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'Invalid json');
  }
}

function envelope(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
