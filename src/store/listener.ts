import { escapeIdentifier, type Client } from 'pg';

import { isAbort, type Wait } from './wait.ts';

export interface ListenerOptions {
  /** Makes a client that is not connected yet. */
  readonly makeClient: () => Client;
  /** The connection broke, or could not be made. `resume()` is called when the database is there again. */
  readonly onLost: () => void;
  readonly wait: Wait;
}

export interface Subscriber {
  onMessage(payload: string): void;
  /** Notifications may have been missed. */
  onGap(): void;
}

const RETRY_MS = 1000;

/** LISTEN over one connection of its own, made when the first channel is asked for. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #channels = new Map<string, Set<Subscriber>>();
  /** Channels that the present connection listens to. */
  readonly #heard = new Set<string>();
  readonly #stopping = new AbortController();
  #client: Client | null = null;
  #work: Promise<void> = Promise.resolve();
  #up = false;
  #lostBefore = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** @returns how to stop; the connection goes on listening, to nobody's harm */
  listen(channel: string, subscriber: Subscriber): () => void {
    const subscribers = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, subscribers.add(subscriber));
    this.#catchUp();
    return () => subscribers.delete(subscriber);
  }

  /** The database is there. */
  resume(): void {
    this.#up = true;
    this.#catchUp();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#up = false;
    await this.#work;
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  /** Connects and listens as far as that is not done; one step at a time. */
  #catchUp(): void {
    if (!this.#up || this.#channels.size === 0) return;
    this.#work = this.#work.then(async () => {
      try {
        if (this.#up) await this.#listenToAll();
      } catch {
        // The pool may work while this connection cannot be made (none is free): no haste then.
        await this.#options.wait(RETRY_MS, this.#stopping.signal).catch((error: unknown) => {
          if (!isAbort(error)) throw error;
        });
        this.#lose();
      }
    });
  }

  async #listenToAll(): Promise<void> {
    const client = (this.#client ??= await this.#connect());
    for (const channel of this.#channels.keys()) {
      if (this.#heard.has(channel)) continue;
      await client.query(`listen ${escapeIdentifier(channel)}`);
      this.#heard.add(channel);
    }
    if (!this.#lostBefore) return;
    this.#lostBefore = false;
    for (const subscribers of this.#channels.values()) for (const subscriber of subscribers) subscriber.onGap();
  }

  async #connect(): Promise<Client> {
    const client = this.#options.makeClient();
    const broken = (): void => {
      if (this.#client === client) this.#lose();
    };
    client.on('error', broken);
    client.on('end', broken);
    client.on('notification', ({ channel, payload = '' }) => {
      for (const subscriber of this.#channels.get(channel) ?? []) subscriber.onMessage(payload);
    });
    await client.connect();
    return client;
  }

  #lose(): void {
    const client = this.#client;
    this.#client = null;
    this.#heard.clear();
    this.#lostBefore = true;
    this.#up = false;
    client?.end().catch(() => {});
    if (!this.#stopping.signal.aborted) this.#options.onLost();
  }
}
