import { Worker } from 'node:worker_threads';
import type { CountQuestion, CountReply } from './count-worker.ts';
import { textTokens } from './estimate.ts';
import { tokenFamily } from './families.ts';

/** Texts of one call to be counted together. */
export interface CountJob {
  /** The provider's name of the model: chooses the vocabulary. */
  readonly model: string;
  readonly texts: readonly string[];
  /** Tokens beside the texts: message overhead, media. */
  readonly extra?: number;
}

/** The part of a worker thread that the counter uses. */
export interface CountThread {
  postMessage(question: CountQuestion): void;
  on(event: 'message', listener: (reply: CountReply) => void): unknown;
  on(event: 'error' | 'exit', listener: () => void): unknown;
  terminate(): Promise<unknown>;
  ref(): void;
  unref(): void;
}

interface TokenCounterParts {
  /** The worker's entry: `./count-worker.ts` beside this file, or the file that the build made of it. */
  readonly workerUrl: URL;
  /** The thread ends after so long without work; its tables are some 77 MB. */
  readonly idleMs?: number;
  /** A count that takes longer is given up: text made to be slow must not stand in the way of others. */
  readonly jobMs?: number;
  /** Characters that may wait to be counted; beyond, bytes are used. */
  readonly maxWaiting?: number;
  readonly thread?: (url: URL) => CountThread;
}

interface Waiting {
  readonly question: Omit<CountQuestion, 'id'>;
  readonly characters: number;
  /** Told null when there is no reply. */
  readonly resolve: (reply: CountReply | null) => void;
}

/** Characters that a token is taken for. */
const CHARACTERS_A_TOKEN = 4;

/**
 * Counts tokens in a thread of its own, for answers whose provider reported no usage (data-plane 16.6). Never on the way
 * of a call. A count always comes: when the thread fails, is too slow, or too much is waiting, it is the estimate over
 * bytes. Either way the caller marks the row as estimated.
 */
export class TokenCounter {
  readonly #url: URL;
  readonly #idleMs: number;
  readonly #jobMs: number;
  readonly #maxWaiting: number;
  readonly #newThread: (url: URL) => CountThread;
  readonly #waiting: Waiting[] = [];
  #waitingCharacters = 0;
  #running: Waiting | null = null;
  #thread: CountThread | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextId = 0;
  #stopped = false;

  constructor({ workerUrl, idleMs = 60_000, jobMs = 10_000, maxWaiting = 16_000_000, thread = newThread }: TokenCounterParts) {
    this.#url = workerUrl;
    this.#idleMs = idleMs;
    this.#jobMs = jobMs;
    this.#maxWaiting = maxWaiting;
    this.#newThread = thread;
  }

  /** Tokens of the jobs together. Never rejects. */
  async count(jobs: readonly CountJob[]): Promise<number> {
    const counts = await Promise.all(jobs.map((job) => this.#countOne(job)));
    return counts.reduce((sum, tokens) => sum + tokens, 0);
  }

  /** Ends the thread; what still waits is estimated, and so is all that comes later. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const thread = this.#dropThread();
    if (this.#running !== null) this.#finish(this.#running, null);
    for (const waiting of this.#waiting.splice(0)) waiting.resolve(null);
    this.#waitingCharacters = 0;
    await thread?.terminate();
  }

  /** What the token lists say, in a model's own vocabulary; null when they cannot be read. Never rejects. */
  async texts(model: string, lists: readonly (readonly number[])[]): Promise<readonly string[] | null> {
    const size = lists.reduce((sum, list) => sum + list.length, 0) * CHARACTERS_A_TOKEN;
    const reply = await this.#asked({ encoding: tokenFamily(model).encoding, texts: [], lists }, size);
    return reply?.read ?? null;
  }

  async #countOne(job: CountJob): Promise<number> {
    const { model, texts } = job;
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    const reply = characters === 0 ? null : await this.#asked({ encoding: tokenFamily(model).encoding, texts }, characters);
    return reply === null ? estimated(job) : counted(job, reply.tokens);
  }

  /** Null: there is no thread any more, it failed or was too slow, or too much is waiting. */
  #asked(question: Waiting['question'], characters: number): Promise<CountReply | null> {
    if (this.#stopped || this.#waitingCharacters + characters > this.#maxWaiting) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waitingCharacters += characters;
      this.#waiting.push({ question, characters, resolve });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running !== null) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return this.#rest();
    this.#running = waiting;
    const id = ++this.#nextId;
    try {
      this.#thread ??= this.#open();
      // A count that someone waits for keeps the process alive; an idle thread does not.
      this.#thread.ref();
      this.#after(this.#jobMs, () => this.#failed(this.#thread));
      this.#thread.postMessage({ id, ...waiting.question });
    } catch {
      this.#failed(this.#thread);
    }
  }

  #open(): CountThread {
    const thread = this.#newThread(this.#url);
    thread.on('message', (reply) => {
      if (thread === this.#thread && reply.id === this.#nextId && this.#running !== null) this.#finish(this.#running, reply);
    });
    thread.on('error', () => this.#failed(thread));
    thread.on('exit', () => this.#failed(thread));
    return thread;
  }

  /** The thread is no more, or is given up: its job is estimated, the next one gets a new thread. */
  #failed(thread: CountThread | null): void {
    if (thread !== this.#thread) return;
    void this.#dropThread()?.terminate();
    if (this.#running !== null) this.#finish(this.#running, null);
  }

  #finish(waiting: Waiting, reply: CountReply | null): void {
    this.#running = null;
    this.#waitingCharacters -= waiting.characters;
    this.#after(null);
    waiting.resolve(reply);
    if (!this.#stopped) this.#next();
  }

  /** Nothing to do: the thread is kept for a while. */
  #rest(): void {
    this.#thread?.unref();
    if (this.#thread !== null) this.#after(this.#idleMs, () => void this.#dropThread()?.terminate());
  }

  #dropThread(): CountThread | null {
    const thread = this.#thread;
    this.#thread = null;
    this.#after(null);
    return thread;
  }

  /** One timer for both waits: there is either a job or idleness. */
  #after(ms: number | null, act: () => void = () => {}): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = ms === null ? null : setTimeout(act, ms);
    this.#timer?.unref();
  }
}

function newThread(url: URL): CountThread {
  return new Worker(url, { name: 'token-counter', resourceLimits: { maxOldGenerationSizeMb: 512 } });
}

function counted({ model, extra = 0 }: CountJob, tokens: number): number {
  return Math.ceil(tokens * tokenFamily(model).ratio) + extra;
}

function estimated({ texts, extra = 0 }: CountJob): number {
  return texts.reduce((sum, text) => sum + textTokens(Buffer.byteLength(text)), 0) + extra;
}
