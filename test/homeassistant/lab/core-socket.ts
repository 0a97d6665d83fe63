import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

/** Core answered a command with a refusal. */
export class CoreRefusedError extends Error {
  override readonly name = 'CoreRefusedError';
  readonly code: string;

  constructor(command: string, code: string, message: string) {
    super(`${command}: ${message} (${code})`);
    this.code = code;
  }
}

const Message = z.looseObject({
  id: z.number().optional(),
  type: z.string(),
  success: z.boolean().optional(),
  result: z.unknown().optional(),
  event: z.unknown().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
type Message = z.infer<typeof Message>;

interface Waiting {
  readonly command: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const ANSWER_MS = 20_000;

/** Core's WebSocket API: the log-in, commands with their results, subscriptions with their events. */
export class CoreSocket {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #subscribers = new Map<number, (event: unknown) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /**
   * @param url `ws://…/api/websocket`, or `ws+unix:///path:/api/websocket` for the socket that Core opens to Supervisor
   * @param token null where Core does not ask for one
   */
  static async connect(url: string, token: string | null): Promise<CoreSocket> {
    const socket = new WebSocket(url, { handshakeTimeout: 5_000, maxPayload: 64 * 1024 * 1024 });
    const core = new CoreSocket(socket);
    const authenticated = core.#authenticate(token);
    socket.on('close', () => core.#failAll(new Error('Core closed the connection')));
    try {
      await Promise.all([once(socket, 'open', { signal: AbortSignal.timeout(5_000) }), authenticated]);
    } catch (error) {
      socket.on('error', () => {});
      socket.terminate();
      throw error;
    }
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => core.#take(data));
    return core;
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** @throws {CoreRefusedError} when the answer is a refusal */
  async command(type: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#send(++this.#last, type, fields);
  }

  /** Sends bytes to a handler that Core named; none end them. */
  sendBytes(handler: number, bytes: Buffer): void {
    this.#socket.send(Buffer.concat([Buffer.from([handler]), bytes]));
  }

  /** @returns a function that ends the subscription */
  async subscribe(type: string, fields: Readonly<Record<string, unknown>>, take: (event: unknown) => void): Promise<() => Promise<void>> {
    const id = ++this.#last;
    this.#subscribers.set(id, take);
    try {
      await this.#send(id, type, fields);
    } catch (error) {
      this.#subscribers.delete(id);
      throw error;
    }
    return async () => {
      this.#subscribers.delete(id);
      if (this.open) await this.command('unsubscribe_events', { subscription: id });
    };
  }

  close(): void {
    this.#socket.terminate();
  }

  async #authenticate(token: string | null): Promise<void> {
    const first = await this.#next();
    if (first.type === 'auth_ok') return;
    if (token === null) throw new Error('Core asks for a token');
    this.#socket.send(JSON.stringify({ type: 'auth', access_token: token }));
    const second = await this.#next();
    if (second.type !== 'auth_ok') throw new CoreRefusedError('auth', second.type, String(second['message']));
  }

  async #next(): Promise<Message> {
    const [data] = (await once(this.#socket, 'message', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    return Message.parse(JSON.parse(data.toString()));
  }

  #send(id: number, command: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#settle(id)?.reject(new Error(`Core did not answer ${command} in ${ANSWER_MS} ms`)), ANSWER_MS);
      this.#waiting.set(id, {
        command,
        resolve: (result) => (clearTimeout(late), resolve(result)),
        reject: (error) => (clearTimeout(late), reject(error)),
      });
      this.#socket.send(JSON.stringify({ id, type: command, ...fields }));
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #take(data: Buffer): void {
    const { id = 0, type, success, result, event, error } = Message.parse(JSON.parse(data.toString()));
    if (type === 'event') return this.#subscribers.get(id)?.(event);
    const waiting = this.#settle(id);
    if (!waiting) return;
    if (type === 'pong' || success) waiting.resolve(result);
    else waiting.reject(new CoreRefusedError(waiting.command, error?.code ?? 'unknown', error?.message ?? 'refused'));
  }

  #failAll(error: Error): void {
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(error);
  }
}
