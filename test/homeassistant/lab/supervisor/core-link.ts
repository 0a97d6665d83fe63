import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import { z } from 'zod';

import { CoreSocket } from '../core-socket.ts';

const User = z.looseObject({ id: z.string(), username: z.string().nullable(), name: z.string().nullable() });
/** Somebody that Core knows; of Core's user list. */
export type CoreUser = Readonly<z.infer<typeof User>>;

/** How the fake Supervisor reaches Core. */
export interface CoreLink {
  /** @throws {Error} when Core does not answer */
  users(): Promise<readonly CoreUser[]>;
  /** A message to one of Core's addresses for Supervisor. */
  tell(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void>;
  /** Sends Core an event that its pages may subscribe to. */
  event(data: Readonly<Record<string, unknown>>): Promise<void>;
  /** A WebSocket that is logged in as Supervisor's user. @throws {Error} when Core does not answer */
  connect(): Promise<WebSocket>;
  /** A request to Core's REST API with Supervisor's rights. @throws {Error} when Core does not answer */
  request(method: string, path: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<IncomingMessage>;
}

/** A Core that is not there: nobody answers, but who its people are is known. */
export class AbsentCore implements CoreLink {
  /** Tests change it: who is not in it has no name at their next session. */
  people: readonly CoreUser[] = [];
  /** True: Core cannot be asked for its people either. */
  silent = false;

  async users(): Promise<readonly CoreUser[]> {
    if (this.silent) throw new Error('Core does not answer');
    return this.people;
  }

  async tell(): Promise<void> {}

  async event(): Promise<void> {}

  async connect(): Promise<WebSocket> {
    throw new Error('Core does not answer');
  }

  async request(): Promise<IncomingMessage> {
    throw new Error('Core does not answer');
  }
}

/** A Core that opens a socket in the file system for Supervisor and asks it for no token. */
export class CoreOnSocket implements CoreLink {
  /** Absolute path, at most 107 bytes. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async users(): Promise<readonly CoreUser[]> {
    return z.array(User).parse(await this.#command('config/auth/list'));
  }

  async event(data: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#command('supervisor/event', { data });
  }

  async tell(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
    const headers = body ? { 'content-type': 'application/json' } : {};
    const answer = await this.request(method, path, headers, Buffer.from(body ? JSON.stringify(body) : ''));
    answer.resume();
    if (answer.statusCode !== 200) throw new Error(`Core answered ${method} ${path} with ${answer.statusCode}`);
  }

  async connect(): Promise<WebSocket> {
    const socket = new WebSocket(this.#url, { maxPayload: 64 * 1024 * 1024, handshakeTimeout: 5_000 });
    socket.on('error', () => socket.terminate());
    const [data] = (await once(socket, 'message', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    const { type } = z.object({ type: z.string() }).parse(JSON.parse(data.toString()));
    if (type === 'auth_ok') return socket;
    socket.terminate();
    throw new Error(`Core said ${type} on its socket for Supervisor`);
  }

  request(method: string, path: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.path, method, path, headers: { host: 'core', ...headers }, agent: false });
      call.once('response', resolve).once('error', reject).end(body);
    });
  }

  get #url(): string {
    return `ws+unix://${this.path}:/api/websocket`;
  }

  async #command(type: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const socket = await CoreSocket.connect(this.#url, null);
    try {
      return await socket.command(type, fields);
    } finally {
      socket.close();
    }
  }
}
