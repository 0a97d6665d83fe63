import {
  createConnection,
  createLongLivedTokenAuth,
  ERR_INVALID_AUTH,
  type Connection,
  type MessageBase,
} from 'home-assistant-js-websocket';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';

/** Where Home Assistant is, and who we are there. */
export interface CoreTarget {
  /** `http://supervisor/core` in an app, else the address of Home Assistant; no slash at its end. */
  readonly url: string;
  readonly token: string;
}

export type CoreState =
  /** Home Assistant was not named. */
  | 'off'
  | 'connecting'
  | 'online'
  /** It was there and is not. */
  | 'offline'
  /** It does not take our token. */
  | 'refused';

/** Home Assistant refused a command. `code` is its word: `unknown_command`, `not_found` ... */
export class CoreCommandError extends Error {
  override readonly name = 'CoreCommandError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

// The library takes the global one. Node's own would load a second HTTP client, several megabytes, beside what the panel's socket uses.
Object.assign(globalThis, { WebSocket });

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const REFUSED_WAIT_MS = 60_000;
const PING_EVERY_MS = 30_000;
const ANSWER_MS = 10_000;

/**
 * The one connection to Home Assistant Core. It is made in the background and comes back by itself; nobody waits for it, and what is sent
 * while it is away fails at once.
 */
export class CoreClient {
  readonly #target: CoreTarget | null;
  readonly #log: Logger;
  readonly #listeners = new Set<(state: CoreState) => void>();
  #state: CoreState;
  #connection: Connection | null = null;
  #retry: NodeJS.Timeout | null = null;
  #ping: NodeJS.Timeout | null = null;
  #waitMs = FIRST_WAIT_MS;
  #stopped = false;

  /** @param target null: there is no Home Assistant */
  constructor(target: CoreTarget | null, log: Logger) {
    this.#target = target;
    this.#log = log;
    this.#state = target ? 'connecting' : 'off';
  }

  get state(): CoreState {
    return this.#state;
  }

  /** Told of each change of the state. @returns how to stop that */
  onState(listener: (state: CoreState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#target) void this.#connect(this.#target);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#retry) clearTimeout(this.#retry);
    if (this.#ping) clearInterval(this.#ping);
    this.#connection?.close();
    this.#connection = null;
  }

  /** @throws {CoreCommandError} when Home Assistant refuses, with `offline` when it is away, `timeout` when it does not answer */
  async send<Result>(message: MessageBase): Promise<Result> {
    const connection = this.#need();
    return within(connection.sendMessagePromise<Result>(message).catch(refusal));
  }

  /**
   * Subscribes until the connection is lost; whoever subscribed does it again when it is back.
   *
   * @throws as {@link send}
   */
  async subscribe(message: MessageBase, listener: (told: unknown) => void): Promise<() => void> {
    const connection = this.#need();
    const end = await within(connection.subscribeMessage<unknown>(listener, message, { resubscribe: false }).catch(refusal));
    return () => void end().catch(() => undefined);
  }

  #need(): Connection {
    if (this.#state !== 'online' || !this.#connection) throw new CoreCommandError('offline', 'Home Assistant is not connected.');
    return this.#connection;
  }

  async #connect(target: CoreTarget): Promise<void> {
    if (this.#stopped) return;
    try {
      const connection = await createConnection({ auth: createLongLivedTokenAuth(target.url, target.token), setupRetry: 0 });
      if (this.#stopped) {
        connection.close();
        return;
      }
      this.#opened(connection, target);
    } catch (error) {
      this.#failed(target, error);
    }
  }

  #opened(connection: Connection, target: CoreTarget): void {
    this.#connection = connection;
    this.#waitMs = FIRST_WAIT_MS;
    connection.addEventListener('ready', () => {
      this.#become('online');
    });
    connection.addEventListener('disconnected', () => {
      this.#become('offline');
    });
    // The library ends its own tries when the token is refused.
    connection.addEventListener('reconnect-error', (_, error: unknown) => {
      this.#connection = null;
      this.#failed(target, error);
    });
    this.#ping ??= setInterval(() => void this.#probe(), PING_EVERY_MS);
    this.#ping.unref();
    this.#become('online');
  }

  /** A connection that does not answer is a dead one, whatever the system thinks of it. */
  async #probe(): Promise<void> {
    const connection = this.#connection;
    if (!connection || this.#state !== 'online') return;
    try {
      await within(connection.ping());
    } catch {
      if (this.#connection === connection && this.#state === 'online') connection.reconnect(true);
    }
  }

  #failed(target: CoreTarget, error: unknown): void {
    if (this.#stopped) return;
    const refused = error === ERR_INVALID_AUTH;
    if (refused && this.#state !== 'refused') this.#log.warn('Home Assistant does not take the token: its sensors stay without news');
    this.#become(refused ? 'refused' : this.#state === 'connecting' ? 'connecting' : 'offline');
    const waitMs = refused ? REFUSED_WAIT_MS : this.#waitMs;
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
    this.#retry = setTimeout(() => void this.#connect(target), waitMs);
    this.#retry.unref();
  }

  #become(state: CoreState): void {
    if (state === this.#state && state !== 'online') return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

/** What the library rejects with is a bare object, or a number for a lost connection. */
function refusal(error: unknown): never {
  if (typeof error === 'object' && error !== null && 'code' in error)
    throw new CoreCommandError(String(error.code), 'message' in error ? String(error.message) : '');
  throw new CoreCommandError('offline', 'The connection to Home Assistant was lost.');
}

/** An answer that does not come is as good as none. */
async function within<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new CoreCommandError('timeout', 'Home Assistant did not answer.'));
  }, ANSWER_MS);
  timer.unref();
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
