import type { IncomingMessage } from 'node:http';
import { readBodyAs } from '../contract/body.ts';
import { LogInBody, SessionAnswer } from '../contract/log-in.ts';
import { AuthError, BadRequestError, InvalidRequestError, PermissionError, RequestTooLargeError } from '../core/errors.ts';
import type { Caller } from '../core/caller.ts';
import type { Route, RouteCall } from '../core/route.ts';
import type { LogIn } from '../identity/log-in.ts';
import { sessionCookie, sessionIdOf } from '../identity/session-cookie.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { LogInGuard } from './log-in-guard.ts';
import { LOG_IN_PAGE, LOG_IN_PAGE_POLICY } from './log-in-page.ts';

export interface LogInRouteParts {
  readonly logIn: LogIn;
  readonly guard: LogInGuard;
  readonly sessions: Sessions;
  readonly lifetimeMs: () => number;
  /** `SERVER_ROOT_PATH`; `''` for none. */
  readonly rootPath: string;
  readonly version: string;
  /** Throws until people and sessions are loaded. */
  readonly ready: () => void;
}

/** Logging in and out of the panel (control-plane 15.1, ruling K8). */
export function logInRoutes(parts: LogInRouteParts): Route[] {
  const routes = new LogInRoutes(parts);
  const route = (
    method: Route['method'],
    paths: readonly string[],
    summary: string,
    handle: Route['handle'],
    shapes: Route['shapes'] = {},
  ): Route => ({ method, paths, summary, handle, shapes, rights: 'public', group: 'public_routes', surface: 'control' });
  return [
    route('POST', ['/v2/login'], 'Logs in to the panel: the answer sets the session’s cookie.', (call) => routes.json(call), {
      body: LogInBody,
    }),
    route('POST', ['/login'], 'The same for a form, which is sent on to the panel.', (call) => routes.form(call)),
    route('GET', ['/fallback/login', '/sso/key/generate'], 'A plain form to log in with, without script.', (call) => {
      answerPage(call, LOG_IN_PAGE);
    }),
    route('POST', ['/logout'], 'Ends the session of the cookie.', (call) => routes.logOut(call)),
    {
      ...route('GET', ['/v2/session'], 'Says who is logged in, and until when.', (call) => {
        routes.session(call);
      }, { answer: SessionAnswer }),
      rights: 'info',
      group: 'info_routes',
    },
  ]; // prettier-ignore
}

const MOST_BYTES = 16_384;

class LogInRoutes {
  readonly #parts: LogInRouteParts;

  constructor(parts: LogInRouteParts) {
    this.#parts = parts;
  }

  async json(call: RouteCall): Promise<void> {
    const body = readBodyAs(LogInBody, jsonOf(await bodyOf(call.request)));
    const id = await this.#enter(call, body.username, body.password);
    answer(call, 200, { redirect_url: `${this.#parts.rootPath}/ui/?login=success`, token: id }, this.#cookie(call, id));
  }

  async form(call: RouteCall): Promise<void> {
    const form = new URLSearchParams(await bodyOf(call.request));
    const [name, password] = [form.get('username') ?? '', form.get('password') ?? ''];
    if (name === '' || password === '') throw new BadRequestError('Send a username and a password.', name === '' ? 'username' : 'password');
    const id = await this.#enter(call, name, password);
    call.response.writeHead(303, {
      ...call.headers,
      location: `${this.#parts.rootPath}/ui/?login=success`,
      'set-cookie': this.#cookie(call, id),
      'cache-control': 'no-store',
    });
    call.response.end();
  }

  async logOut(call: RouteCall): Promise<void> {
    fromOurPages(call.request);
    const id = sessionIdOf(call.request.headers);
    const open = id === null ? null : this.#parts.sessions.find(id);
    if (open) await this.#parts.sessions.close(open.session.hash);
    answer(call, 200, { message: 'Logged out', status: 'success' }, this.#cookie(call, null));
  }

  session(call: RouteCall): void {
    const caller = call.caller as Caller;
    const id = sessionIdOf(call.request.headers);
    const open = id === null ? null : this.#parts.sessions.find(id);
    const own = open !== null && open.person.userId === caller.userId ? open : null;
    if (caller.role === 'key') throw new PermissionError('This key belongs to nobody: the panel needs a person, or the master key.');
    answer(call, 200, {
      user_id: caller.userId ?? '',
      user_email: own?.person.fields.email ?? null,
      user_role: caller.role,
      login_method: own?.session.method ?? 'key',
      expires: own ? new Date(own.session.expiresAt).toISOString() : null,
      version: this.#parts.version,
      read_only: caller.role === 'proxy_admin_viewer' || caller.role === 'internal_user_viewer',
    } satisfies SessionAnswer);
  }

  /** @returns the id of a new session */
  async #enter({ request }: RouteCall, name: string, password: string): Promise<string> {
    const { guard, logIn, sessions, lifetimeMs, ready } = this.#parts;
    fromOurPages(request);
    ready();
    const address = request.socket.remoteAddress ?? '';
    guard.check(address);
    const person = await logIn.attempt(name, password);
    if (!person) {
      guard.failed(address);
      throw new AuthError('The name or the password is wrong.', 'auth_error', 'invalid_credentials');
    }
    guard.succeeded(address);
    return (await sessions.open(person.userId, 'username_password', lifetimeMs())).id;
  }

  #cookie({ request }: RouteCall, id: string | null): string {
    const { rootPath, lifetimeMs } = this.#parts;
    return sessionCookie(id, rootPath, overTls(request), lifetimeMs());
  }
}

/** Nobody is logged in or out by a page of somebody else. Programs send no such header. */
function fromOurPages({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new PermissionError('This log-in came from another page. Open the panel itself and log in there.');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new RequestTooLargeError(MOST_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InvalidRequestError('The body must be JSON with username and password.', 'request_body');
  }
}

function answer({ response, headers }: RouteCall, status: number, body: unknown, cookie?: string): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    'cache-control': 'no-store',
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
  });
  response.end(bytes);
}

function answerPage({ response, request, headers }: RouteCall, page: string): void {
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(Buffer.byteLength(page)),
    'content-security-policy': LOG_IN_PAGE_POLICY,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(request.method === 'HEAD' ? undefined : page);
}

/** Here, or at the proxy in front. */
function overTls({ headers, socket }: IncomingMessage): boolean {
  return headers['x-forwarded-proto'] === 'https' || ('encrypted' in socket && socket.encrypted === true);
}
