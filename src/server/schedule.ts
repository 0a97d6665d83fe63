import type { Logger } from 'pino';

/** Work that is done again and again; what it does belongs to the folder that owns the data. */
export interface Job {
  /** For the log: what failed. */
  readonly name: string;
  /** Asked each time when it is a function: a setting may change. */
  readonly everyMs: number | (() => number);
  /** How long after the start it runs for the first time; `everyMs` when absent. */
  readonly firstMs?: number;
  /** May say that it wants to run sooner than usual, in milliseconds. */
  readonly run: (signal: AbortSignal) => Promise<number | void> | number | void;
}

/** Longest wait a timer of the runtime can hold, less some. */
const LONGEST_MS = 20 * 86_400_000;

/** Decides when jobs run. A job never runs beside itself: the time to its next run begins when it ends. */
export class Schedule {
  readonly #jobs: readonly Job[];
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();

  constructor(jobs: readonly Job[], log: Logger) {
    this.#jobs = jobs;
    this.#log = log;
  }

  start(): void {
    for (const job of this.#jobs) this.#later(job, job.firstMs ?? usualOf(job));
  }

  /** Nothing begins any more; jobs that run are told, and waited for. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#running);
  }

  #later(job: Job, ms: number): void {
    if (this.#stopping.signal.aborted) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        const run = this.#run(job);
        this.#running.add(run);
        void run.finally(() => this.#running.delete(run));
      },
      Math.min(ms, LONGEST_MS),
    );
    timer.unref();
    this.#timers.add(timer);
  }

  async #run(job: Job): Promise<void> {
    let sooner: number | void = undefined;
    try {
      sooner = await job.run(this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted)
        this.#log.warn(`${job.name} failed and is tried again later: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#later(job, sooner ?? usualOf(job));
  }
}

function usualOf({ everyMs }: Job): number {
  return typeof everyMs === 'number' ? everyMs : everyMs();
}
