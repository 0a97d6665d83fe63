import type { Logger } from 'pino';

/** Work that is done again and again; what it does belongs to the folder that owns the data. */
export interface Job {
  /** For the log: what failed. */
  readonly name: string;
  readonly everyMs: number;
  /** How long after the start it runs for the first time; `everyMs` when absent. */
  readonly firstMs?: number;
  readonly run: (signal: AbortSignal) => Promise<void> | void;
}

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
    for (const job of this.#jobs) this.#later(job, job.firstMs ?? job.everyMs);
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
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const run = this.#run(job);
      this.#running.add(run);
      void run.finally(() => {
        this.#running.delete(run);
        this.#later(job, job.everyMs);
      });
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  async #run({ name, run }: Job): Promise<void> {
    try {
      await run(this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted)
        this.#log.warn(`${name} failed and is tried again later: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
