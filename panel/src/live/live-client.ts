/** What the server tells without being asked. */
export type Topic = 'state' | 'spend' | 'calls' | 'providers';

export interface LiveEvent {
  readonly topic: Topic;
  readonly data: unknown;
}

/** `live`: events come; `polling`: there is no connection, and who listens asks again every 15 s. */
export type LiveState = 'off' | 'connecting' | 'live' | 'polling';

export interface Listener {
  readonly topics: readonly Topic[];
  onEvent(event: LiveEvent): void;
  /** Ask again: there is no connection, or there was none and events may have been missed. */
  onPoll(): void;
  onState(state: LiveState): void;
}

const RETRY_SECONDS = [1, 2, 5, 10, 30];
const READY_WITHIN_MS = 5_000;
const PING_EACH_MS = 25_000;
const POLL_EACH_MS = 15_000;
/** A call is told when it ends, and can be read when it is written, a second later at most. */
const WRITTEN_WITHIN_MS = 1_500;

type Message = { type: 'ready' } | { type: 'event'; topic: Topic; data: unknown } | { type: string };

/** Address of the panel's socket: beside the page, with the scheme of sockets. */
function socketUrl(): URL {
  const url = new URL('ws', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

/**
 * One socket for all pages. An open socket proves nothing behind the proxies of Home Assistant, so it counts from the server's first
 * message. Without one it tries again ever more slowly, and listeners poll meanwhile.
 */
export class LiveClient {
  readonly #listeners = new Set<Listener>();
  #state: LiveState = 'off';
  #socket: WebSocket | null = null;
  #tries = 0;
  #retryTimer = 0;
  #readyTimer = 0;
  #pingTimer = 0;
  #pollTimer = 0;
  #catchUpTimer = 0;

  get state(): LiveState {
    return this.#state;
  }

  start(): void {
    if (this.#state !== 'off') return;
    this.#enter('connecting');
    this.#connect();
  }

  stop(): void {
    this.#enter('off');
    this.#forget();
    clearTimeout(this.#retryTimer);
    clearInterval(this.#pollTimer);
    this.#pollTimer = 0;
    this.#tries = 0;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#subscribe();
    // A call that ended just before was not told, and what the listener reads now may not have it yet.
    const again = listener.topics.includes('calls') ? window.setTimeout(() => listener.onPoll(), WRITTEN_WITHIN_MS) : 0;
    return () => {
      clearTimeout(again);
      this.#listeners.delete(listener);
      this.#subscribe();
    };
  }

  #connect(): void {
    const socket = new WebSocket(socketUrl());
    this.#socket = socket;
    this.#readyTimer = window.setTimeout(() => this.#lost(), READY_WITHIN_MS);
    socket.addEventListener('message', ({ data }) => this.#take(String(data)));
    socket.addEventListener('close', () => this.#lost());
    socket.addEventListener('error', () => this.#lost());
  }

  #take(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.type === 'ready') this.#ready();
    if (message.type === 'event' && 'topic' in message) {
      for (const listener of this.#listeners) if (listener.topics.includes(message.topic)) listener.onEvent(message);
    }
  }

  #ready(): void {
    const missedSome = this.#state === 'polling';
    clearTimeout(this.#readyTimer);
    clearInterval(this.#pollTimer);
    this.#pollTimer = 0;
    this.#tries = 0;
    this.#pingTimer = window.setInterval(() => this.#say({ type: 'ping' }), PING_EACH_MS);
    this.#subscribe();
    this.#enter('live');
    if (!missedSome) return;
    this.#poll();
    this.#catchUpTimer = window.setTimeout(() => this.#poll(), WRITTEN_WITHIN_MS);
  }

  #poll(): void {
    for (const listener of this.#listeners) listener.onPoll();
  }

  #lost(): void {
    if (this.#state === 'off' || this.#socket === null) return;
    this.#forget();
    this.#enter('polling');
    const wait = RETRY_SECONDS[Math.min(this.#tries++, RETRY_SECONDS.length - 1)] ?? 30;
    this.#retryTimer = window.setTimeout(() => this.#connect(), wait * 1000);
    this.#pollTimer ||= window.setInterval(() => this.#poll(), POLL_EACH_MS);
  }

  #forget(): void {
    clearTimeout(this.#readyTimer);
    clearInterval(this.#pingTimer);
    clearTimeout(this.#catchUpTimer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #enter(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener.onState(state);
  }

  #subscribe(): void {
    const topics = [...new Set([...this.#listeners].flatMap((listener) => listener.topics))];
    this.#say({ type: 'subscribe', topics });
  }

  #say(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

/** The panel's one connection; the shell starts it after log-in and stops it at log-out. */
export const live = new LiveClient();
