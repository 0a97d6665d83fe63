import { Task, TaskStatus } from '@lit/task';
import type { ReactiveControllerHost } from 'lit';
import { ApiError } from './api/client.ts';

interface Source<Value, Args extends readonly unknown[]> {
  /** What the data depends on; loaded again when one of them changes. */
  readonly args: () => Args;
  readonly load: (args: Args, signal: AbortSignal) => Promise<Value>;
}

/**
 * What a page or a card shows, from the first load to the last error. A reload keeps the old value until the new one is there, and a
 * reload that fails keeps it too and says so.
 */
export class PageData<Value, Args extends readonly unknown[] = readonly unknown[]> {
  readonly #host: ReactiveControllerHost;
  readonly #task: Task<Args, Value>;
  #value: Value | undefined;
  #error: ApiError | null = null;

  constructor(host: ReactiveControllerHost, { args, load }: Source<Value, Args>) {
    this.#host = host;
    this.#task = new Task<Args, Value>(host, {
      args,
      task: (given, { signal }) => load(given, signal),
      onComplete: (value) => {
        this.#value = value;
        this.#error = null;
      },
      onError: (error) => {
        this.#error = error instanceof ApiError ? error : new ApiError(String(error));
      },
    });
  }

  get value(): Value | undefined {
    return this.#value;
  }

  /** Of the last load, if it failed. */
  get error(): ApiError | null {
    return this.#error;
  }

  get loading(): boolean {
    return this.#task.status === TaskStatus.PENDING;
  }

  /** Loads again with the same arguments. */
  reload(): void {
    void this.#task.run();
  }

  /** Puts a change in at once, before the server's own answer (a switch, a live row). */
  set(change: (value: Value) => Value): void {
    if (this.#value === undefined) return;
    this.#value = change(this.#value);
    this.#host.requestUpdate();
  }
}
